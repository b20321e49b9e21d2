"""Processes that are killed at a chosen moment of their work: before a statement, before the commit, after it."""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sqlalchemy import event

from engine.clock import shanghai
from engine.commands.draw_sample import draw_sample
from engine.commands.launch_stage import launch_stage
from engine.directory import Actor
from engine.moves import delivering
from engine.store import Database
from tests.integration.crowd import BPMN, PATIENCE_SECONDS, library, opened, processes
from web.wiring import open_database, transactions_of

Work = Callable[..., Any]
DRAW = {"finance_seed": "甲", "witness_seed": "乙", "witness": "示例见证人", "reason": "示例：本区未规定"}


def dies(target: Work, *given: Any) -> None:
    """Run the work in a process of its own, which must not survive it."""
    process = processes.Process(target=target, args=given)
    process.start()
    process.join(PATIENCE_SECONDS)
    assert process.exitcode == -signal.SIGKILL, f"ended with {process.exitcode}"


def writes_of(database: Database, work: Work, *given: Any) -> int:
    """How many statements of the work write something; it is rolled back."""
    counted: list[str] = []
    listener = _before_write(lambda: counted.append("one more"))
    event.listen(database.engine, "before_cursor_execute", listener)
    with suppress(_Undone), database.transaction("huaxi") as session:
        work(session, *given)
        session.flush()
        raise _Undone
    event.remove(database.engine, "before_cursor_execute", listener)
    return len(counted)


def dies_before_write(url: str, number: int, work: Work, *given: Any) -> None:
    """Be killed just before the `number`-th write of the work is sent; 0: when all is sent but the commit."""
    database = opened(url)
    sent: list[str] = []

    def count() -> None:
        sent.append("one more")
        if len(sent) == number:
            die()

    with database.transaction("huaxi") as session:
        event.listen(database.engine, "before_cursor_execute", _before_write(count))
        work(session, *given)
        session.flush()
        die()


def dies_after_commit(url: str, work: Work, *given: Any) -> None:
    """Be killed right after the commit, before anybody could be told."""
    database = opened(url)
    with database.transaction("huaxi") as session:
        work(session, *given)
    die()


def dies_between_chunks(url: str, chunks: int, by: Actor, at: Any, key: str) -> None:
    """Launch monitoring three cases at a time, and be killed after so many chunks."""
    database, done = opened(url), []
    delivering.CHUNK = 3

    def progress(moved: int, total: int) -> None:
        done.append(moved)
        if len(done) == chunks:
            die()

    launch_stage(transactions_of(database, "huaxi"), 2021, "monitoring", by=by, at=at, key=key, progress=progress)


def dies_inside_a_chunk(url: str, writes: int, by: Actor, at: Any, key: str) -> None:
    """Launch monitoring three cases at a time, and be killed before so many writes were sent."""
    database, sent = opened(url), []
    delivering.CHUNK = 3

    def count() -> None:
        sent.append("one more")
        if len(sent) == writes:
            die()

    event.listen(database.engine, "before_cursor_execute", _before_write(count))
    launch_stage(transactions_of(database, "huaxi"), 2021, "monitoring", by=by, at=at, key=key)


def dies_after_the_draw(url: str, by: Actor, at: Any) -> None:
    """Draw two cases, and be killed when the draw is on record and nobody was told."""
    database = opened(url)
    sys.modules["engine.commands.draw_sample"].deliver_selection = lambda *_, **__: die()
    draw_sample(transactions_of(database, "huaxi"), 2021, "spot_review", 2, **DRAW, by=by, at=at)


def start_up(url: str) -> None:
    """Open the database as a machine does that has just been switched on."""
    open_database(url, BPMN, shanghai(2021, 9, 1), library()).close()


def die() -> None:
    """The plug is pulled."""
    os.kill(os.getpid(), signal.SIGKILL)


class _Undone(Exception):
    pass


def _before_write(note: Callable[[], None]) -> Callable[..., None]:
    def listener(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().startswith(("INSERT", "UPDATE", "DELETE")):
            note()

    return listener
