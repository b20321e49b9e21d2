"""Processes that are killed at a chosen moment of their work: before a statement, before the commit, after it.

Statements that share a trip are all in the process or all sent: being killed before one of them is being killed before
the trip.
"""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import event

from engine.clock import shanghai
from engine.commands.fire_due import fire_due
from engine.commands.launch_stage import launch_stage
from engine.directory import Actor
from engine.moves import delivering
from engine.store import Database, Logins
from engine.store.wire import Order
from tests.integration.crowd import BPMN, PATIENCE_SECONDS, library, opened, processes
from tests.trips import trips_to
from web.wiring import open_database, transactions_of

Work = Callable[..., Any]
DRAW = {"finance_seed": "甲", "witness_seed": "乙", "witness": "示例见证人", "reason": "示例：本区未规定"}


def dies(target: Work, *given: Any, **how: Any) -> None:
    """Run the work in a process of its own, which must not survive it."""
    process = processes.Process(target=target, args=given, kwargs=how)
    process.start()
    process.join(PATIENCE_SECONDS)
    assert process.exitcode == -signal.SIGKILL, f"ended with {process.exitcode}"


def writes_of(database: Database, work: Work, *given: Any) -> int:
    """How many statements of the work write something; it is rolled back."""
    with suppress(_Undone), trips_to(database) as trips, database.transaction("huaxi") as session:
        work(session, *given)
        session.flush()
        raise _Undone
    return sum(map(_is_write, (statement for trip in trips for statement in trip)))


def dies_before_write(logins: Logins, number: int, work: Work, *given: Any) -> None:
    """Be killed just before the `number`-th write of the work is sent; 0: when all is sent but the commit."""
    database = opened(logins)
    sent: list[str] = []

    def count() -> None:
        sent.append("one more")
        if len(sent) == number:
            die()

    with database.transaction("huaxi") as session:
        _before_write(database, count)
        work(session, *given)
        session.flush()
        die()


def dies_after_commit(logins: Logins, work: Work, *given: Any) -> None:
    """Be killed right after the commit, before anybody could be told."""
    database = opened(logins)
    with database.transaction("huaxi") as session:
        work(session, *given)
    die()


def dies_between_chunks(logins: Logins, chunks: int, by: Actor, at: Any, key: str) -> None:
    """Launch monitoring three cases at a time, and be killed after so many chunks."""
    database, done = opened(logins), []
    delivering.CHUNK = 3

    def progress(moved: int, total: int) -> None:
        done.append(moved)
        if len(done) == chunks:
            die()

    launch_stage(transactions_of(database, "huaxi"), 2021, "monitoring", by=by, at=at, key=key, progress=progress)


def dies_inside_a_chunk(logins: Logins, writes: int, by: Actor, at: Any, key: str) -> None:
    """Launch monitoring three cases at a time, and be killed before so many writes were sent."""
    database, sent = opened(logins), []
    delivering.CHUNK = 3

    def count() -> None:
        sent.append("one more")
        if len(sent) == writes:
            die()

    _before_write(database, count)
    launch_stage(transactions_of(database, "huaxi"), 2021, "monitoring", by=by, at=at, key=key)


def dies_between_sweeps(logins: Logins, chunks: int, at: Any) -> None:
    """Let what is due take effect three cases at a time, and be killed after so many chunks."""
    database, done = opened(logins), []

    def progress(looked_at: int, total: int) -> None:
        done.append(looked_at)
        if len(done) == chunks:
            die()

    fire_due(transactions_of(database, "huaxi"), at=at, chunk=3, progress=progress)


def dies_inside_a_sweep(logins: Logins, writes: int, at: Any) -> None:
    """Let what is due take effect three cases at a time, and be killed before so many writes were sent."""
    database, sent = opened(logins), []

    def count() -> None:
        sent.append("one more")
        if len(sent) == writes:
            die()

    _before_write(database, count)
    fire_due(transactions_of(database, "huaxi"), at=at, chunk=3)


def dies_after_the_choice(logins: Logins, choose: Work, *given: Any, **how: Any) -> None:
    """Draw or plan, and be killed when the choice is on record and nobody was told."""
    database = opened(logins)
    sys.modules[choose.__module__].deliver_selection = lambda *_, **__: die()  # type: ignore[attr-defined]
    choose(transactions_of(database, "huaxi"), *given, **how)


def start_up(logins: Logins) -> None:
    """Open the database as a machine does that has just been switched on."""
    open_database(logins, BPMN, shanghai(2021, 9, 1), library()).close()


def die() -> None:
    """The plug is pulled."""
    os.kill(os.getpid(), signal.SIGKILL)


class _Undone(Exception):
    pass


def _before_write(database: Database, note: Callable[[], None]) -> None:
    """From now on note every write before it is sent; those that go together, all of them before the first goes."""

    def alone(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if _is_write(statement):
            note()

    def together(orders: Sequence[Order]) -> None:
        for order in orders:
            if order.each and _is_write(str(order.statement)):
                note()

    event.listen(database.engine, "before_cursor_execute", alone)
    database.wire.listeners.append(together)


def _is_write(statement: str) -> bool:
    return statement.lstrip().startswith(("INSERT", "UPDATE", "DELETE", "WITH closed_tasks"))
