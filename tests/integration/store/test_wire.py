"""Several statements in one trip: the values are the same, the faults are the same, and the first fault is told."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Enum,
    LargeBinary,
    MetaData,
    Numeric,
    SmallInteger,
    Table,
    Text,
    Uuid,
    bindparam,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from engine.audit import Entry
from engine.deadlines.model import Deadline
from engine.reviews import Review
from engine.scores import Score
from engine.store import Base, Database, retrying
from engine.store.archives import table_of_all
from engine.store.base import table_of
from engine.store.database import ChangedMeanwhile
from engine.store.storable import DatabaseAway, NotStorable
from engine.store.wire import Order, in_one_trip
from engine.submissions import Submission
from engine.tasks import Draft, Task
from tests.office import Office
from tests.trips import trips_to


class Fruit(StrEnum):
    """Something a column may hold."""

    PEAR = "pear"
    PLUM = "plum"


things = Table(
    "things",
    MetaData(),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, unique=True),
    Column("small", SmallInteger),
    Column("amount", Numeric(20, 6)),
    Column("day", Date),
    Column("at", DateTime(timezone=True)),
    Column("yes", Boolean),
    Column("key", Uuid),
    Column("raw", LargeBinary),
    Column("content", JSONB(none_as_null=True)),
    Column("fruit", Enum(Fruit, native_enum=False, values_callable=lambda kind: [each.value for each in kind])),
    Column("state", Text, default="new"),
    Column("keys", ARRAY(Uuid)),
    Column("raws", ARRAY(LargeBinary)),
    CheckConstraint("small < 1000", name="small_is_small"),
)
PUT, RENAME = insert(things), update(things).where(things.c.id == bindparam("of")).values(name=bindparam("to"))
BY_ID = select(things).where(things.c.id == func.any(bindparam("ids", type_=ARRAY(BigInteger)))).order_by(things.c.id)
numbered_by_python = Table("later", MetaData(), Column("id", Text, default=lambda: "1"), Column("name", Text))
FULL: dict[str, Any] = {
    "id": 1,
    "name": "100 % %(of)s $1 ::text 'x' \\ 案",
    "small": -7,
    "amount": Decimal("99999999999999.999999"),
    "day": date(2021, 2, 3),
    "at": datetime(2021, 2, 3, 4, 5, 6, 7, UTC),
    "yes": False,
    "key": UUID(int=2**128 - 1),
    "raw": bytes(range(256)),
    "content": {"a": [1, None, "𠮷", {"b": 0.5}], "%": "%(id)s"},
    "fruit": Fruit.PLUM,
    "keys": [UUID(int=1), UUID(int=2)],
    "raws": [b"", b"\x00\\\"{},"],
}  # fmt: skip
EMPTY: dict[str, Any] = dict.fromkeys(FULL) | {"id": 2, "keys": [], "raws": []}


@pytest.fixture(scope="module")
def place(shared_database: Database) -> Database:
    """A database with a table of every type."""
    with shared_database.upkeep() as session:
        things.create(session.connection())
        session.execute(text("GRANT ALL ON things TO jixiao_app"))
    return shared_database


@pytest.fixture
def session(place: Database) -> Iterator[Session]:
    """A transaction that is given up afterwards."""
    with suppress(_GivenUp), place.transaction("huaxi") as session:
        yield session
        raise _GivenUp


class _GivenUp(Exception):
    pass


def put(*rows: dict[str, Any]) -> Order:
    """Rows of names and numbers."""
    return Order(PUT, rows)


# ── what comes and goes ──────────────────────────────────────────────────────────────────────────────────────────────


def test_values_arrive_as_they_were_sent(session: Session) -> None:
    _, answer = in_one_trip(session, Order(PUT, [FULL, EMPTY]), Order(BY_ID, {"ids": [1, 2]}))

    assert [row._asdict() for row in answer.rows] == [FULL | {"state": "new"}, EMPTY | {"state": "new"}]
    assert answer.rows[0].at.tzinfo is not None


def test_rows_of_every_table_are_what_sqlalchemy_reads(database: Database) -> None:
    office = Office.opened(database)
    office.finish(office.open_case(), sampled=True, selected=True)
    nobodys = {"definitions", "archive_keys", "servings"}
    tables = [table for table in Base.metadata.sorted_tables if table.name not in nobodys]
    tables += [table_of_all(entity) for entity in (Entry, Task, Deadline, Review, Submission, Score, Draft)]

    with database.transaction("huaxi") as session:
        answers = in_one_trip(session, *(Order(select(table)) for table in tables))
        known = [session.execute(select(table)).all() for table in tables]

    assert [sorted(map(tuple, answer.rows), key=repr) for answer in answers] == [
        sorted(map(tuple, rows), key=repr) for rows in known
    ]
    assert sum(len(rows) for rows in known) > 200


def test_answers_come_in_the_order_of_the_orders_with_what_each_touched(session: Session) -> None:
    put_, nobody, renamed, given, back = in_one_trip(
        session,
        put({"id": 1, "name": "甲"}, {"id": 2, "name": "乙"}, {"id": 3, "name": "丙"}),
        Order(RENAME, {"of": 9, "to": "谁"}),
        Order(RENAME, [{"of": 1, "to": "子"}, {"of": 9, "to": "谁"}, {"of": 3, "to": "丑"}]),
        put(),
        Order(select(things.c.name).order_by(things.c.id)),
    )

    assert (put_.touched, nobody.touched, renamed.touched, given.touched) == (3, 0, 2, 0)
    assert [row.name for row in back.rows] == ["子", "乙", "丑"]


def test_rows_given_back_by_a_write_come_with_the_answer(session: Session) -> None:
    once = upsert(things).on_conflict_do_nothing().returning(things.c.id, things.c.state)

    first, again = in_one_trip(session, Order(once, {"id": 1}), Order(once, {"id": 1}))

    assert [tuple(row) for row in first.rows] == [(1, "new")]
    assert again.rows == []


def test_what_the_session_has_still_to_write_goes_first(place: Database) -> None:
    chosen = select(func.count()).select_from(table_of(Entry)).where(Entry.type == "示例")

    with suppress(_GivenUp), place.transaction("huaxi") as session:
        session.add(
            Entry(jurisdiction="huaxi", case_id=0, seq=1, at=FULL["at"], type="示例", payload={}, hash=b"", by=None)
        )
        (answer,) = in_one_trip(session, Order(chosen))
        assert answer.rows[0][0] == 1
        raise _GivenUp


def test_many_orders_and_large_ones_do_not_block_each_other(session: Session) -> None:
    rows = [{"id": number, "content": {"text": "长" * 2000}} for number in range(1, 3001)]

    put_, back = in_one_trip(session, Order(PUT, rows), Order(select(things.c.content)))

    assert put_.touched == len(back.rows) == 3000


def test_statements_are_kept_on_the_connection_and_work_again(place: Database) -> None:
    database = Database(place.logins, pool_size=1)

    for _ in range(3):
        with database.transaction("huaxi") as session:
            in_one_trip(session, put({"id": 77, "name": "甲"}), Order(text("DELETE FROM things WHERE id = 77")))
            kept = session.scalar(text("SELECT count(*) FROM pg_prepared_statements"))

    assert kept
    database.close()


# ── what goes wrong ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_twin_is_told_as_an_integrity_error_with_its_constraint_and_statement(session: Session) -> None:
    with pytest.raises(IntegrityError) as caught:
        in_one_trip(
            session, put({"id": 1, "name": "甲"}), put({"id": 2, "name": "甲"}), Order(RENAME, {"of": 1, "to": "乙"})
        )

    assert caught.value.orig.sqlstate == "23505"
    assert caught.value.orig.diag.constraint_name == "things_name_key"
    assert "INSERT INTO things" in caught.value.statement


def test_of_several_faults_the_first_is_told(session: Session) -> None:
    with pytest.raises(IntegrityError) as caught:
        in_one_trip(session, put({"id": 1, "small": 1000}), Order(text("SELECT 1/0")), put({"id": 1}, {"id": 1}))

    assert caught.value.orig.diag.constraint_name == "small_is_small"


def test_an_order_that_hits_other_rows_than_meant_is_refused_before_any_later_fault(session: Session) -> None:
    in_one_trip(session, put({"id": 1, "name": "甲"}))

    with pytest.raises(ChangedMeanwhile, match="刚被别人更新"):
        in_one_trip(
            session,
            Order(RENAME, [{"of": 1, "to": "乙"}, {"of": 2, "to": "丙"}], lambda: ChangedMeanwhile("刚被别人更新")),
            put({"id": 1}),
        )


def test_a_refusal_stands_only_for_its_own_order(session: Session) -> None:
    _, renamed, nobody = in_one_trip(
        session,
        put({"id": 1}),
        Order(RENAME, {"of": 1, "to": "乙"}, lambda: ChangedMeanwhile("刚被别人更新")),
        Order(RENAME, {"of": 2, "to": "丙"}),
    )

    assert (renamed.touched, nobody.touched) == (1, 0)


def test_after_a_fault_nothing_of_the_trip_counts_and_a_savepoint_saves_what_was_before(session: Session) -> None:
    in_one_trip(session, put({"id": 1}))

    with pytest.raises(IntegrityError), session.begin_nested():
        in_one_trip(session, put({"id": 2}), put({"id": 1}), put({"id": 3}))

    (answer,) = in_one_trip(session, Order(select(things.c.id)))
    assert [row.id for row in answer.rows] == [1]


def test_in_a_transaction_that_failed_nothing_more_is_done(session: Session) -> None:
    with pytest.raises(IntegrityError):
        in_one_trip(session, put({"id": 1}), put({"id": 1}))

    with pytest.raises(DBAPIError) as caught:
        in_one_trip(session, put({"id": 2}))
    assert caught.value.orig.sqlstate == "25P02"


@pytest.mark.parametrize("state", ["40001", "40P01"])
def test_who_collides_with_another_is_tried_again(place: Database, state: str) -> None:
    tries: list[int] = []

    def work(session: Session) -> int:
        tries.append(1)
        collide = f"DO $$ BEGIN RAISE EXCEPTION 'collision' USING ERRCODE = '{state}'; END $$"
        in_one_trip(session, put({"id": 50}), Order(text(collide)) if len(tries) < 3 else put({"id": 51}))
        return in_one_trip(session, Order(text("DELETE FROM things WHERE id IN (50, 51)")))[0].touched

    assert retrying(place, "huaxi", work) == 2
    assert len(tries) == 3


def test_who_collides_too_often_is_told_so(place: Database) -> None:
    def work(session: Session) -> None:
        in_one_trip(session, Order(text("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$")))

    with pytest.raises(OperationalError) as caught:
        retrying(place, "huaxi", work)
    assert caught.value.orig.sqlstate == "40001"


UNSTORABLE: dict[str, dict[str, Any]] = {
    "NUL": {"name": "有\x00无"},
    "half a character": {"name": "有\ud83d无"},
    "NUL in JSON": {"content": {"a": "有\x00无"}},
    "half a character in JSON": {"content": {"a": "有\ud83d无"}},
    "half an escape in JSON": {"content": {"\ud83d": 1}},
    "not a number": {"content": {"a": float("nan")}},
    "endless": {"content": {"a": float("inf")}},
    "too large": {"amount": Decimal("1e20")},
    "too large an integer": {"small": 40_000},
    "larger than any": {"id": 2**70},
}


@pytest.mark.parametrize("cells", UNSTORABLE.values(), ids=UNSTORABLE)
def test_what_no_row_can_keep_is_refused_in_words(session: Session, cells: dict[str, Any]) -> None:
    with pytest.raises(NotStorable, match="没有保存"):
        in_one_trip(session, put({"id": 1}), put({"id": 2, **cells}), put({"id": 3}))


@pytest.mark.parametrize("name", ["NUL", "half a character", "not a number"])
def test_what_is_refused_before_it_is_sent_leaves_the_transaction_as_it_was(session: Session, name: str) -> None:
    with pytest.raises(NotStorable):
        in_one_trip(session, put({"id": 1}), put({"id": 2, **UNSTORABLE[name]}))

    (answer,) = in_one_trip(session, Order(select(things.c.id)))
    assert answer.rows == []


def test_a_row_of_another_tenant_is_refused_by_the_database(session: Session) -> None:
    stray = {"jurisdiction": "conghua", "name": "别处的单位", "kind": "unit"}

    with pytest.raises(ProgrammingError) as caught:
        in_one_trip(session, put({"id": 1}), Order(insert(Base.metadata.tables["units"]), stray))

    assert caught.value.orig.sqlstate == "42501"


def test_a_mistake_in_a_statement_is_told_as_sqlalchemy_tells_it(session: Session) -> None:
    with pytest.raises(ProgrammingError, match="nowhere"):
        in_one_trip(session, Order(text("SELECT 1")), Order(text("SELECT * FROM nowhere")))


@pytest.mark.parametrize(
    ("mistake", "order"),
    [
        (KeyError, put({"id": 1, "name": "甲"}, {"id": 2})),
        (TypeError, put({"id": 1, "at": datetime(2021, 2, 3)})),  # noqa: DTZ001  # no instant without a zone
        (TypeError, Order(insert(numbered_by_python), {"name": "甲"})),
    ],
    ids=["a value is missing", "an instant without a zone", "a default Python would have to compute"],
)  # fmt: skip
def test_what_the_wire_cannot_say_is_a_mistake_of_ours_and_is_not_sent(
    session: Session, mistake: type[Exception], order: Order
) -> None:
    with pytest.raises(mistake):
        in_one_trip(session, put({"id": 7}), order)

    assert in_one_trip(session, Order(select(things.c.id)))[0].rows == []


# ── a server that goes away ──────────────────────────────────────────────────────────────────────────────────────────

MYSELF = text("SELECT pg_terminate_backend(pg_backend_pid())")


@pytest.mark.parametrize("before", [(), (put({"id": 1}), put({"id": 2}))])
def test_a_connection_cut_during_a_trip_is_told_and_the_next_transaction_gets_another(
    place: Database, before: Sequence[Order]
) -> None:
    database = Database(place.logins, pool_size=1)

    with pytest.raises(DatabaseAway, match="没有确认保存"), database.upkeep() as session:
        in_one_trip(session, *before, Order(MYSELF), put({"id": 3}))

    with database.transaction("huaxi") as session:
        (answer,) = in_one_trip(session, Order(select(things.c.id)))
    assert answer.rows == []
    database.close()


def test_a_connection_cut_while_nobody_spoke_is_told_and_the_next_transaction_gets_another(place: Database) -> None:
    database = Database(place.logins, pool_size=1)
    with database.transaction("huaxi") as session:
        number = session.scalar(text("SELECT pg_backend_pid()"))
    with place.upkeep() as session:
        session.execute(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})

    with pytest.raises(DatabaseAway), database.transaction("huaxi") as session:
        in_one_trip(session, put({"id": 1}))

    with database.transaction("huaxi") as session:
        assert session.scalar(text("SELECT count(*) FROM things")) == 0
    database.close()


def test_a_trip_that_was_interrupted_is_not_read_by_the_next_one(
    place: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(place.logins, pool_size=1)
    with database.transaction("huaxi") as session:
        driver = session.connection().connection.driver_connection
    assert driver is not None
    with monkeypatch.context() as patched:
        patched.setattr(type(driver), "wait", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt), database.transaction("huaxi") as session:
            in_one_trip(session, put({"id": 1}))

    with database.transaction("huaxi") as session:
        (answer,) = in_one_trip(session, Order(text("SELECT 'mine'")))
    assert answer.rows == [("mine",)]
    database.close()


def test_statements_lost_on_the_server_are_prepared_anew_by_the_next_transaction(place: Database) -> None:
    database = Database(place.logins, pool_size=1)
    with database.transaction("huaxi") as session:
        in_one_trip(session, Order(BY_ID, {"ids": [1]}))
        session.execute(text("DEALLOCATE ALL"))

    with pytest.raises(DBAPIError), database.transaction("huaxi") as session:
        in_one_trip(session, Order(BY_ID, {"ids": [1]}))

    with database.transaction("huaxi") as session:
        assert in_one_trip(session, Order(BY_ID, {"ids": [1]}))[0].rows == []
    database.close()


# ── how often the database is asked ──────────────────────────────────────────────────────────────────────────────────


def test_entering_costs_no_trip_of_its_own(place: Database) -> None:
    with trips_to(place) as trips, place.transaction("huaxi") as session:
        in_one_trip(session, Order(text("SELECT 1")), Order(text("SELECT 2")))
        in_one_trip(session, Order(text("SELECT 3")))

    assert trips == [["SELECT 1", "SELECT 2"], ["SELECT 3"], ["COMMIT"]]
