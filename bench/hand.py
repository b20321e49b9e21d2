"""The floor under a step and a start: what somebody would write by hand over psycopg, in as few statements as it takes.

A case, its task, its journal and the paper handed in, in tables of their own; nothing is read, nobody's right is asked,
no deadline is kept, the journal is no chain.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import make_url

from bench.timing import middle, milliseconds
from engine.store import Database

_TABLES = """
CREATE TABLE IF NOT EXISTS hand_cases (id bigint PRIMARY KEY, code text UNIQUE, stage text, version int);
CREATE TABLE IF NOT EXISTS hand_tasks
  (id uuid PRIMARY KEY, case_id bigint, step text, state text, outcome text,
   opened_at timestamptz, done_at timestamptz);
CREATE INDEX IF NOT EXISTS hand_tasks_case ON hand_tasks (case_id);
CREATE TABLE IF NOT EXISTS hand_papers (id uuid PRIMARY KEY, case_id bigint, content jsonb);
CREATE TABLE IF NOT EXISTS hand_journal
  (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, case_id bigint, at timestamptz DEFAULT now(), what jsonb);
CREATE SEQUENCE IF NOT EXISTS hand_numbers
"""
_START = (
    "INSERT INTO hand_cases (id, code, stage, version) VALUES (nextval('hand_numbers'), %s, %s, 1) RETURNING id",
    "INSERT INTO hand_tasks (id, case_id, step, state, opened_at) VALUES (%s, %s, %s, 'open', now())",
    "INSERT INTO hand_journal (case_id, what) VALUES (%s, %s)",
)
_MOVE = "UPDATE hand_cases SET stage = %s, version = version + 1 WHERE id = %s AND version = %s"
_DONE = "UPDATE hand_tasks SET state = 'done', outcome = %s, done_at = now() WHERE id = %s AND state = 'open'"
_PAPER = "INSERT INTO hand_papers (id, case_id, content) VALUES (%s, %s, %s)"


class Hand:
    """A connection of its own to the database of the bench, with the tables."""

    def __init__(self, database: Database) -> None:
        url = make_url(database.logins.as_owner()).set(drivername="postgresql")
        self.connection = psycopg.connect(url.render_as_string(hide_password=False))
        self.connection.execute(_TABLES)
        self.connection.commit()

    def start(self, code: str, step: str) -> "HandCase":
        """A new case and its first task."""
        cursor, task = self.connection.cursor(), uuid4()
        (number,) = cursor.execute(_START[0], (code, step)).fetchone() or (0,)
        cursor.execute(_START[1], (task, number, step))
        cursor.execute(_START[2], (number, Jsonb({"event": "case.started", "code": code})))
        self.connection.commit()
        return HandCase(self, int(number), task)

    def milliseconds_a_step(self, rounds: int = 100) -> float:
        """The yardstick of this moment: the median of a step that hands nothing in."""
        case = self.start(f"yardstick {uuid4()}", "a")
        return middle([milliseconds(lambda: case.step("approved", "b")) for _ in range(rounds)])

    def close(self) -> None:
        """Give the connection back."""
        self.connection.close()


@dataclass
class HandCase:
    """One case and its open task."""

    hand: Hand
    number: int
    task: UUID
    version: int = field(default=1)

    def step(self, word: str, then: str, content: Mapping[str, Any] | None = None) -> None:
        """Finish the open task, with what is handed in, and open the next."""
        cursor, task = self.hand.connection.cursor(), uuid4()
        cursor.execute(_MOVE, (then, self.number, self.version))
        assert cursor.rowcount == 1
        cursor.execute(_DONE, (word, self.task))
        if content is not None:
            cursor.execute(_PAPER, (uuid4(), self.number, Jsonb(content)))
        cursor.execute(_START[1], (task, self.number, then))
        cursor.execute(_START[2], (self.number, Jsonb({"event": "task.completed", "task": str(self.task), "to": then})))
        self.hand.connection.commit()
        self.task, self.version = task, self.version + 1
