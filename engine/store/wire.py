"""Several statements in one round trip to the database, in the session's own transaction.

What does not wait for an answer goes together: the server works through it in order and answers all at once. The first
thing that goes wrong, in the order of the statements, is what the caller meets: a fault as SQLAlchemy would raise it,
or the refusal an order carries for rows it did not hit. Either way the transaction has to be given up.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import psycopg
from psycopg.abc import PQGen
from psycopg.abc import Transformer as Adapter
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.generators import fetch_many, send
from psycopg.pq import ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult
from psycopg.sql import SQL, Composed, Literal
from sqlalchemy import select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine.store.base import table_of
from engine.store.serving import serve
from engine.store.shelf import Shelf
from engine.store.statements import Compiled, Row
from engine.store.storable import refusal_of

TENANT = "jurisdiction"
"""The execution option that says whose transactions a connection runs."""

UPKEEP = "upkeep"
"""The execution option of the owner's connections, whose transactions say that they look at all tenants."""

ENTERING = "begins the transaction"
"""The execution option of the statement that does so."""

_BEGIN = text("BEGIN")
_ENTER = text("SELECT set_config('app.jurisdiction', :jurisdiction, true), (SELECT number FROM shelf)")
_ON_SHELF = select(table_of(Shelf).c.number)
_KEEP_UP = text("SELECT set_config('app.upkeep', 'on', true)")
_PREPARED, _ADAPTER, _SHELF = "prepared on the wire", "adapter of the wire", "number on the shelf"
_MOST_PREPARED = 300
"""Statements a connection keeps prepared: more than the program has, unless somebody writes them anew each time."""
_STALE = {"0A000", "26000", "42P05"}
"""What the server says of a prepared statement that it no longer has, or whose tables have changed under it."""


@dataclass(frozen=True, slots=True)
class Order:
    """One statement and the row, or the rows one after the other, it runs with.

    What `refusal` gives is raised when it does not touch exactly as many rows as it was given.
    """

    statement: Any
    rows: Row | Sequence[Row] | None = None
    refusal: Callable[[], Exception] | None = None

    @property
    def each(self) -> Sequence[Row]:
        """The rows, however they were given."""
        if self.rows is None:
            return ({},)
        return (self.rows,) if isinstance(self.rows, Mapping) else self.rows


class Answer(NamedTuple):
    """What an order brought: the rows it gave back (named tuples) and how many it touched."""

    rows: list[Any]
    touched: int


class Wire:
    """The way to one database; remembers how its statements are compiled.

    `listeners` hear the orders of every trip before it is sent.
    """

    def __init__(self) -> None:
        self.listeners: list[Callable[[Sequence[Order]], None]] = []
        self._compiled: WeakKeyDictionary[Any, dict[tuple[str, ...], Compiled]] = WeakKeyDictionary()

    def trip(self, connection: Connection, orders: Sequence[Order]) -> list[Answer]:
        """Carry out the orders, entering the transaction with them when it has not begun; an answer for each."""
        for listener in self.listeners:
            listener(orders)
        entry = _entry(connection)
        trip = _Trip(self, connection)
        for order in (*entry, *orders):
            trip.take(order)
        trip.go()
        answers = trip.answers()
        if entry:
            connection.info[_SHELF] = _told(answers[: len(entry)])
        return answers[len(entry) :]

    def compiled(self, statement: Any, names: tuple[str, ...], connection: Connection) -> Compiled:
        """The statement for rows with these names."""
        known = self._compiled.setdefault(statement, {})
        if names not in known:
            known[names] = Compiled(statement, names, connection.dialect)
        return known[names]


def _told(answers: Sequence[Answer]) -> int | None:
    """The number of the shelf out of what a transaction began with; an owner's is not told."""
    entered: Sequence[Any] = answers[1].rows[0] if len(answers) > 1 else ()
    return entered[1] if len(entered) > 1 else None


def in_one_trip(session: Session, *orders: Order) -> list[Answer]:
    """The answers to all orders, in one round trip; what the session has still to write goes before."""
    session.flush()
    wire = session.info["wire"]
    assert isinstance(wire, Wire)
    return wire.trip(Session.connection(session), orders)


def enter(connection: Connection) -> None:
    """Let the connection's transaction begin now, because something else than the wire is going to speak in it."""
    if not _entry(connection):
        return
    connection.info[_SHELF] = None
    options = connection.get_execution_options()
    beginning: Composed | SQL = SQL("BEGIN; SELECT set_config('app.upkeep', 'on', true)")
    if TENANT in options:
        beginning = SQL("BEGIN; SELECT set_config('app.jurisdiction', {}, true)").format(Literal(options[TENANT]))
    elif UPKEEP not in options:
        beginning = SQL("BEGIN")
    text = beginning.as_string(_driver(connection))
    connection.exec_driver_sql(text, execution_options={"no_parameters": True, ENTERING: True}).close()


def shelf_number(session: Session) -> int:
    """The number of the shelf as this transaction sees it: told as a tenant's transaction began, else asked now."""
    told: int | None = session.connection().info.get(_SHELF)
    return told if told is not None else session.scalars(_ON_SHELF).one()


def _entry(connection: Connection) -> tuple[Order, ...]:
    """What begins the connection's transaction: nothing when it has begun, or each statement is one of its own.

    A connection that served another tenant, or nobody yet, serves this one when it comes back.
    """
    driver = _driver(connection)
    options = connection.get_execution_options()
    if driver.pgconn.transaction_status != TransactionStatus.IDLE or options.get("isolation_level") == "AUTOCOMMIT":
        return ()
    if not driver.autocommit:
        driver.autocommit = True  # else the driver begins by itself, in a trip of its own
    if TENANT not in options:
        return (Order(_BEGIN), Order(_KEEP_UP)) if UPKEEP in options else (Order(_BEGIN),)
    _serve(connection, driver, options[TENANT])
    return Order(_BEGIN), Order(_ENTER, {"jurisdiction": options[TENANT]})


def _serve(connection: Connection, driver: psycopg.Connection[Any], tenant: str) -> None:
    try:
        if serve(connection, driver, tenant):
            connection.info.pop(_PREPARED, None)
    except (psycopg.Error, UnicodeEncodeError) as fault:
        raise _as_known(connection, fault, None, broken=driver.closed) from fault


def _driver(connection: Connection) -> psycopg.Connection[Any]:
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    return driver


def _adapter(connection: Connection, driver: psycopg.Connection[Any]) -> Adapter:
    """What makes values ready for this connection and reads them back; it gets quicker with the kinds it has met."""
    known: Adapter | None = connection.info.get(_ADAPTER)
    if known is None:
        known = connection.info[_ADAPTER] = Transformer(driver)
    return known


@dataclass(slots=True)
class _Said:
    """One row's turn of a statement and what the server said to it; `name` when it is prepared under it first."""

    compiled: Compiled
    values: Sequence[Any]
    formats: Sequence[Format]
    name: bytes | None = None
    result: PGresult | None = None


class _Trip:
    """One exchange with the server."""

    def __init__(self, wire: Wire, connection: Connection) -> None:
        self.wire, self.connection, self.driver = wire, connection, _driver(connection)
        self._ready = _adapter(connection, self.driver)
        self._taken: list[tuple[Order, list[_Said]]] = []
        self._names: dict[bytes, bytes] = connection.info.setdefault(_PREPARED, {})
        self._fault: psycopg.Error | None = None

    def take(self, order: Order) -> None:
        """Make an order's values ready; what no row can keep is refused before anything is sent."""
        rows, said = order.each, []
        if rows:
            compiled = self.wire.compiled(order.statement, tuple(rows[0]), self.connection)
            try:
                said = [_Said(compiled, *compiled.values(row, self._ready)) for row in rows]
            except Exception as fault:
                raise self._as_known(fault, compiled) from fault
        self._taken.append((order, said))

    def go(self) -> None:
        """Send everything and wait for all the answers there are."""
        pgconn, turns = self.driver.pgconn, [turn for _, said in self._taken for turn in said]
        try:
            pgconn.enter_pipeline_mode()
            self._say(pgconn, turns)
            pgconn.pipeline_sync()
            self.driver.wait(self._listen(pgconn, turns))
            pgconn.exit_pipeline_mode()
        except psycopg.Error as fault:
            self._fault = fault
        except BaseException:  # interrupted: who reads the next answer would read one of ours
            self.connection.invalidate()
            raise

    def answers(self) -> list[Answer]:
        """What came back, order by order; raises the first fault or refusal met."""
        answers = []
        for order, said in self._taken:
            rows: list[Any] = []
            touched = 0
            for turn in said:
                result = self._checked(turn)
                rows += turn.compiled.rows(result, self._ready, self.connection.dialect)
                touched += result.command_tuples or 0
            if order.refusal is not None and touched != len(said):
                raise order.refusal()
            answers.append(Answer(rows, touched))
        if self._fault is not None:
            raise self._as_known(self._fault, None) from self._fault
        return answers

    def _say(self, pgconn: PGconn, turns: Sequence[_Said]) -> None:
        names = dict(self._names)
        for turn in turns:
            text = turn.compiled.text
            if text not in names and len(names) < _MOST_PREPARED:
                names[text] = turn.name = b"wire_%d" % len(names)
                pgconn.send_prepare(turn.name, text)
            if text in names:
                pgconn.send_query_prepared(names[text], turn.values, param_formats=turn.formats)
            else:
                pgconn.send_query_params(text, turn.values, param_formats=turn.formats)

    def _listen(self, pgconn: PGconn, turns: Sequence[_Said]) -> PQGen[None]:
        yield from send(pgconn)
        for turn in turns:
            if turn.name is not None:
                (turn.result,) = yield from fetch_many(pgconn)
                if turn.result.status != ExecStatus.COMMAND_OK:
                    yield from fetch_many(pgconn)  # only says that it was not prepared
                    continue
                self._names[turn.compiled.text] = turn.name
            (turn.result,) = yield from fetch_many(pgconn)
        yield from fetch_many(pgconn)  # the end of the pipeline

    def _checked(self, turn: _Said) -> PGresult:
        """The result of a turn, if it came to one."""
        if turn.result is None:
            fault = self._fault or psycopg.OperationalError("the server gave no answer")
            raise self._as_known(fault, turn.compiled) from fault
        if turn.result.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
            return turn.result
        fault = error_from_result(turn.result, encoding=self.driver.info.encoding)
        raise self._as_known(fault, turn.compiled) from fault

    def _as_known(self, fault: Exception, compiled: Compiled | None) -> Exception:
        broken = self._fault is not None or getattr(fault, "sqlstate", None) in _STALE
        return _as_known(self.connection, fault, compiled, broken=broken)


def _as_known(connection: Connection, fault: Exception, compiled: Compiled | None, *, broken: bool) -> Exception:
    """The fault as SQLAlchemy would raise it, or our refusal of what no row can keep."""
    if broken:
        connection.invalidate(fault)
        connection.engine.dispose()  # what lies in the pool is as old as this one
    if (refusal := refusal_of(fault)) is not None:
        return refusal
    if not isinstance(fault, psycopg.Error):
        return fault
    known = DBAPIError.instance(
        compiled.text.decode() if compiled else None, None, fault, psycopg.Error,
        connection_invalidated=broken, dialect=connection.dialect,
    )  # fmt: skip
    assert isinstance(known, DBAPIError)
    return known
