"""Whose transaction it is: entered before anything is said, left behind for nobody, free when nothing is said."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError, InvalidRequestError
from sqlalchemy.orm import Session

from engine.store import Database, Logins
from engine.store.storable import DatabaseAway, NotStorable
from engine.store.wire import Order, in_one_trip
from tests.trips import trips_to

WHO = "SELECT current_user::text, coalesce(tenant(), '')"


def over_the_wire(session: Session) -> tuple[str, str]:
    """Who the database says is speaking, asked over the wire."""
    return tuple(in_one_trip(session, Order(text(WHO)))[0].rows[0])  # type: ignore[return-value]


def by_sqlalchemy(session: Session) -> tuple[str, str]:
    """The same, asked by the session."""
    return tuple(session.execute(text(WHO)).one())  # type: ignore[return-value]


def by_the_connection(session: Session) -> tuple[str, str]:
    """The same, asked by the session's connection."""
    return tuple(session.connection().exec_driver_sql(WHO).one())  # type: ignore[return-value]


def by_the_driver(session: Session) -> tuple[str, str]:
    """The same, asked by the driver behind the session, as a job queue does that joins our transaction."""
    driver: Any = session.connection().connection.driver_connection
    return tuple(driver.execute(WHO).fetchone())  # type: ignore[return-value]


Ask = Callable[[Session], tuple[str, str]]
WAYS = [over_the_wire, by_sqlalchemy, by_the_connection, by_the_driver]
HUAXI, CONGHUA = ("jixiao_app", "huaxi"), ("jixiao_app", "conghua")


@pytest.fixture
def place(shared_database: Database) -> Iterator[Database]:
    """A database with one connection, so that everybody gets the one somebody else had before."""
    database = Database(shared_database.logins, pool_size=1)
    yield database
    database.close()


def owner(database: Database, ask: Ask) -> tuple[str, str]:
    with database.upkeep() as session:
        return ask(session)


@pytest.mark.parametrize("ask", WAYS)
def test_the_first_thing_said_is_said_as_the_tenant_however_it_is_said(place: Database, ask: Ask) -> None:
    with place.transaction("huaxi") as session:
        assert ask(session) == HUAXI


@pytest.mark.parametrize("then", WAYS)
@pytest.mark.parametrize("first", WAYS)
def test_who_gets_the_connection_next_is_nobody_but_himself(place: Database, first: Ask, then: Ask) -> None:
    with place.transaction("huaxi") as session:
        assert first(session) == HUAXI
    with place.transaction("conghua") as session:
        assert then(session) == CONGHUA

    name, tenant = owner(place, then)

    assert (name != "jixiao_app", tenant) == (True, "")


@pytest.mark.parametrize("then", WAYS)
@pytest.mark.parametrize("broken", ["raise", "fault", "over the wire", "cut"])
def test_nothing_is_left_behind_by_a_transaction_that_ended_badly(
    place: Database, shared_database: Database, broken: str, then: Ask
) -> None:
    with suppress(_Broken, DBAPIError, DatabaseAway), place.transaction("huaxi") as session:
        over_the_wire(session)
        _break(session, broken, shared_database)

    name, tenant = owner(place, then)
    assert (name != "jixiao_app", tenant) == (True, "")
    with place.transaction("conghua") as session:
        assert then(session) == CONGHUA


class _Broken(Exception):
    pass


def _break(session: Session, how: str, other: Database) -> None:
    if how == "cut":
        cut(backend_of(session), other)
    if how in ("cut", "fault"):
        session.execute(text("SELECT 1/0"))
    if how == "over the wire":
        in_one_trip(session, Order(text("SELECT 1/0")))
    raise _Broken


def backend_of(session: Session) -> int:
    """The number of the server's process that this session speaks to."""
    return int(session.scalar(text("SELECT pg_backend_pid()")) or 0)


def cut(number: int, other: Database) -> None:
    """The server ends that process; seen from here it has gone away."""
    with other.transaction("huaxi") as likewise:
        assert likewise.scalar(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})


@pytest.mark.parametrize("ask", WAYS)
@pytest.mark.parametrize("ended", ["rollback", "commit"])
def test_nothing_is_said_after_an_early_end(place: Database, ended: str, ask: Ask) -> None:
    with place.transaction("huaxi") as session:
        ask(session)
        getattr(session, ended)()

        with pytest.raises(InvalidRequestError):
            ask(session)


@pytest.mark.parametrize("ask", WAYS)
def test_a_savepoint_is_taken_and_given_up_within_the_entered_transaction(place: Database, ask: Ask) -> None:
    with place.transaction("huaxi") as session:
        with suppress(DBAPIError), session.begin_nested():
            assert ask(session) == HUAXI
            session.execute(text("SELECT 1/0"))
        assert ask(session) == HUAXI
        with session.begin_nested():
            session.execute(text("SELECT set_config('app.other', 'x', true)"))
        assert ask(session) == HUAXI


def test_a_transaction_in_which_nothing_is_said_does_not_reach_the_database(place: Database) -> None:
    with trips_to(place) as trips, place.transaction("huaxi"):
        pass

    assert [trip for trip in trips if trip != ["COMMIT"]] == []
    assert place.engine.pool.checkedin() <= 1


def test_entering_is_one_trip_before_a_statement_that_goes_alone(place: Database) -> None:
    with trips_to(place) as trips, place.transaction("huaxi") as session:
        session.execute(text("SELECT 1"))
        session.execute(text("SELECT 2"))

    assert [trip[0].partition(" ")[0] for trip in trips] == ["BEGIN;", "SELECT", "SELECT", "COMMIT"]


@pytest.mark.parametrize("tenant", ["hua'xi", "hua\\xi", "%", "%(x)s", "$1", "; DROP TABLE cases; --", "花溪"])
@pytest.mark.parametrize("ask", WAYS)
def test_a_tenants_name_is_never_read_as_anything_else(place: Database, tenant: str, ask: Ask) -> None:
    with place.transaction(tenant) as session:
        assert ask(session) == ("jixiao_app", tenant)


@pytest.mark.parametrize("tenant", ["hua\x00xi", "hua\ud83dxi"])
@pytest.mark.parametrize("ask", WAYS)
def test_a_tenants_name_that_is_no_text_is_refused_in_words(place: Database, tenant: str, ask: Ask) -> None:
    with pytest.raises(NotStorable), place.transaction(tenant) as session:
        ask(session)


@pytest.mark.parametrize("ask", WAYS)
def test_a_connection_cut_before_the_transaction_began_is_told_and_replaced(
    place: Database, shared_database: Database, ask: Ask
) -> None:
    with place.transaction("huaxi") as session:
        number = backend_of(session)
    cut(number, shared_database)

    with pytest.raises(DatabaseAway), place.transaction("huaxi") as session:
        ask(session)

    with place.transaction("huaxi") as session:
        assert ask(session) == HUAXI


@pytest.mark.parametrize("ask", WAYS)
def test_a_server_that_is_not_there_is_told_in_words(ask: Ask) -> None:
    database = Database(Logins("postgresql+psycopg://nobody@127.0.0.1:1/nothing"))

    with pytest.raises(DatabaseAway, match="数据库暂时连不上"), database.transaction("huaxi") as session:
        ask(session)


def test_what_is_to_run_outside_any_transaction_does(place: Database) -> None:
    with place.owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM cases"))

    with place.transaction("huaxi") as session:
        assert over_the_wire(session) == HUAXI


def test_the_owner_writes_and_gives_up_as_a_whole(place: Database) -> None:
    with suppress(_Broken), place.upkeep() as session:
        session.execute(text("CREATE TABLE passing (a int)"))
        raise _Broken

    with place.upkeep() as session:
        assert session.scalar(text("SELECT to_regclass('passing')")) is None


@pytest.mark.parametrize(
    ("of_the_url", "settings"),
    [
        (None, ("off", "0")),
        ("-c statement_timeout=7000", ("off", "7s")),
        ("-c jit=on -c statement_timeout=7000", ("on", "7s")),
    ],
    ids=["none", "one", "the same"],
)
def test_no_statement_is_translated_into_machine_code_unless_the_url_says_so(
    place: Database, of_the_url: str | None, settings: tuple[str, str]
) -> None:
    url = make_url(place.logins.application)
    told = url.update_query_dict({"options": of_the_url}) if of_the_url else url
    logins = replace(place.logins, application=told.render_as_string(hide_password=False))
    database = Database(logins, pool_size=1)

    found = []
    for tenant in ("huaxi", "conghua", "huaxi"):  # a connection that serves another forgets what was set on it
        with database.transaction(tenant) as session:
            found.append((session.scalar(text("SHOW jit")), session.scalar(text("SHOW statement_timeout"))))
    database.close()

    assert found == [settings] * 3
