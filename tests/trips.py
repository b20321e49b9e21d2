"""Counting how often the database is asked: trips over the wire, statements that go alone, commits."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from engine.store import Database
from engine.store.wire import Order


@contextmanager
def trips_to(database: Database) -> Iterator[list[list[str]]]:
    """The trips made meanwhile, each as the statements that went with it; a commit is a trip of its own."""
    trips: list[list[str]] = []

    def together(orders: Sequence[Order]) -> None:
        trips.append([_short(str(order.statement)) for order in orders if order.each])

    def alone(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        trips.append([_short(statement)])

    def commit(connection: Any) -> None:
        trips.append(["COMMIT"])

    database.wire.listeners.append(together)
    event.listen(database.engine, "before_cursor_execute", alone)
    event.listen(database.engine, "commit", commit)
    try:
        yield trips
    finally:
        database.wire.listeners.remove(together)
        event.remove(database.engine, "before_cursor_execute", alone)
        event.remove(database.engine, "commit", commit)


def _short(statement: str) -> str:
    return " ".join(statement.split())[:100]
