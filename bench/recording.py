"""One life written down: what every step wrote, how many statements it took, what the process was told.

The floor writes the same rows again without the engine, the stock way gives the process the same answers.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from sqlalchemy import Delete, Insert, Update, event

from bench.command_life import CommandLife
from bench.ground import Ground
from bench.stock import Answer
from bench.way import Way
from engine import process
from engine.process import Diagrams, Step
from engine.store import Database
from engine.store.wire import Order

Write = tuple[Any, list[dict[str, Any]]]
"""A statement that changes rows and the rows it was given."""


@dataclass(slots=True)
class Heard:
    """What went over a connection; BEGIN, COMMIT and ROLLBACK are no statements, but a commit is a trip."""

    writes: list[Write] = field(default_factory=list)
    statements: int = 0
    trips: int = 0
    commits: int = 0


@dataclass(frozen=True, slots=True)
class Deed:
    """One step of a recorded life."""

    element_id: str
    kind: str
    command: str | None
    heard: Heard
    answer: Answer

    @property
    def rows(self) -> int:
        """How many rows it wrote or changed."""
        return sum(len(rows) for _, rows in self.heard.writes)


@dataclass(frozen=True, slots=True)
class Recording:
    """A whole life: the rows of its beginning, the answers the process began with, and every deed."""

    case_id: int
    begun: Sequence[Write]
    variables: Mapping[str, Any]
    deeds: Sequence[Deed]


def recorded(ground: Ground, way: Way, code: str) -> Recording:
    """Live one case to its end and write it down."""
    told: list[Answer] = []
    with _overheard(told):
        with heard_on(ground.database) as begun:
            life = CommandLife(ground, way, code)
        start = told.pop()
        deeds = []
        for errand in life.errands():
            with heard_on(ground.database) as heard:
                life.do(errand)
            deeds.append(Deed(errand.element_id, errand.kind, errand.command, heard, told.pop()))
    return Recording(life.case_id, begun.writes, start.data(), deeds)


@contextmanager
def heard_on(database: Database) -> Iterator[Heard]:
    """Listen to everything said to the database meanwhile."""
    heard = Heard()

    def statement(connection: Any, clause: Any, many: Any, one: Any, options: Any) -> None:
        _note(heard, clause, many or ([one] if one else [{}]))

    def trip(orders: Sequence[Order]) -> None:
        heard.trips += 1
        for order in orders:
            _note(heard, order.statement, order.each)
            heard.statements += bool(order.each)

    def sent(connection: Any, cursor: Any, text: str, parameters: Any, context: Any, many: bool) -> None:
        heard.statements += 1
        heard.trips += 1

    def commit(connection: Any) -> None:
        heard.commits += 1
        heard.trips += 1

    listeners: dict[str, Callable[..., None]] = {
        "before_execute": statement,
        "before_cursor_execute": sent,
        "commit": commit,
    }
    for name, listener in listeners.items():
        event.listen(database.engine, name, listener)
    database.wire.listeners.append(trip)
    try:
        yield heard
    finally:
        for name, listener in listeners.items():
            event.remove(database.engine, name, listener)
        database.wire.listeners.remove(trip)


def _note(heard: Heard, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows and isinstance(statement, Insert | Update | Delete):
        heard.writes.append((statement, [dict(row) for row in rows]))


@contextmanager
def _overheard(told: list[Answer]) -> Iterator[None]:
    """Note what the process is told, at its own door."""
    start, complete, deliver = process.start, process.complete, process.deliver

    def started(diagrams: Diagrams, process_id: str, variables: Mapping[str, Any], decide: Any) -> Step:
        step = start(diagrams, process_id, variables, decide)
        told.append(Answer("", None, None, variables, _decided(step)))
        return step

    def completed(diagrams: Diagrams, state: bytes, key: bytes, variables: Mapping[str, Any], decide: Any) -> Step:
        waiting = next(task for task in process.look(diagrams, state).opened_tasks if task.key == key)
        step = complete(diagrams, state, key, variables, decide)
        told.append(Answer(waiting.element_id, waiting.item, None, variables, _decided(step)))
        return step

    def delivered(diagrams: Diagrams, state: bytes, key: bytes, variables: Mapping[str, Any], decide: Any) -> Step:
        catch = next(catch for catch in process.look(diagrams, state).opened_catches if catch.key == key)
        step = deliver(diagrams, state, key, variables, decide)
        told.append(Answer(catch.element_id, None, catch.message, variables, _decided(step)))
        return step

    with patch.multiple(process, start=started, complete=completed, deliver=delivered):
        yield


def _decided(step: Step) -> dict[str, Any]:
    return {made.name: made.result for made in step.decisions}
