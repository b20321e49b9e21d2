"""Only a case that is over is packed, once, by its own tenant; nothing packed is changed, nothing unpacked leaves."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from engine.commands.cancel import cancel
from engine.commands.save_draft import keep_draft, save_draft
from engine.moves.reading import standing
from engine.store import Database
from engine.store.archives import ARCHIVE, PACKED
from engine.store.base import Base
from engine.tasks import TaskNotOpen
from engine.words import CaseKind
from tests.integration.archives.conftest import Lived, rows_of, somebody_for
from tests.office import Office
from tests.trips import trips_to


@contextmanager
def refused(database: Database, tenant: str, state: str) -> Iterator[Any]:
    """A transaction PostgreSQL stops with this state."""
    with pytest.raises(DBAPIError) as caught, database.transaction(tenant) as session:
        yield session
    assert getattr(caught.value.orig, "sqlstate", None) == state


@pytest.mark.parametrize("tenant", ["conghua", "", "nowhere"])
def test_nobody_packs_a_case_of_another_tenant(archived: Lived, tenant: str) -> None:
    with refused(archived.database, tenant, "42501") as session:
        session.execute(ARCHIVE, {"archived": archived.case})


def test_a_case_at_work_is_not_packed(office: Office) -> None:
    case = office.open_case(CaseKind.PROJECT)

    with refused(office.database, "huaxi", "42501") as session:
        session.execute(ARCHIVE, {"archived": case})


def test_a_case_is_packed_once(archived: Lived) -> None:
    with pytest.raises(IntegrityError, match="pk_case_archives"):
        archived.pack()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM case_archives",
        "UPDATE case_archives SET journal = '{}'",
        "TRUNCATE case_archives",
        "INSERT INTO case_archives SELECT * FROM case_archives",
        "ALTER TABLE case_archives DISABLE TRIGGER append_only",
    ],
)
def test_the_program_only_reads_archives(archived: Lived, statement: str) -> None:
    with refused(archived.database, "huaxi", "42501") as session:
        session.execute(text(statement))


@pytest.mark.parametrize(
    "statement", ["DELETE FROM case_archives", "UPDATE case_archives SET head = NULL", "TRUNCATE case_archives"]
)
def test_even_the_owner_has_to_switch_the_triggers_off_first(archived: Lived, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), archived.database.upkeep() as session:
        session.execute(text(statement))


def test_an_entry_leaves_the_journal_only_when_the_very_same_is_packed(archived: Lived) -> None:
    columns = "id, jurisdiction, case_id, seq, type, payload, by, acting_for, at, hash, version, stage"
    again = f"INSERT INTO journal ({columns}) SELECT {columns} FROM all_journal WHERE case_id = :case"
    with archived.database.upkeep() as session:
        session.execute(text(again), {"case": archived.case})
        session.execute(text("DELETE FROM journal WHERE case_id = :case"), {"case": archived.case})

    altered = again.replace("version, stage FROM", "version, 'monitoring' FROM")
    with archived.database.upkeep() as session:
        session.execute(text(altered), {"case": archived.case})
        with pytest.raises(DBAPIError, match="append-only"):
            session.execute(text("DELETE FROM journal WHERE case_id = :case"), {"case": archived.case})
        session.rollback()


def test_archives_of_others_are_not_seen(archived: Lived) -> None:
    with archived.database.transaction("conghua") as session:
        told = rows_of(session, archived.case)

    assert told == {table: [] for table in PACKED}


def test_the_views_have_every_column_of_their_tables(archived: Lived) -> None:
    with archived.database.upkeep() as session:
        for name in PACKED:
            columns = ", ".join(column.name for column in Base.metadata.tables[name].columns)
            session.execute(text(f"SELECT {columns} FROM all_{name} LIMIT 0"))


def test_a_cancelled_case_is_packed_in_the_same_trip_with_what_was_taken_back_and_typed(office: Office) -> None:
    case = office.open_case(CaseKind.PROJECT)
    task = office.tasks(case)[0]
    with office.transactions() as session:
        save_draft(session, task.id, {"说明": "示例"}, by=somebody_for(office, task), at=office.now)

    with trips_to(office.database) as trips, office.transactions() as session:
        cancel(session, case, reason="示例：不再安排", by=office.bureau.office, at=office.now)

    assert [sum("archive_case" in statement for statement in trip) for trip in trips].count(1) == 1
    with office.database.upkeep() as session:
        left = rows_of(session, case, prefix="")
        told = rows_of(session, case)
    assert {len(rows) for rows in left.values()} == {0}
    assert len(told["drafts"]) == 1
    assert all(",closed," in row for row in told["tasks"])
    assert all(",dropped," in row or ",met," in row for row in told["deadlines"])


def test_who_saves_a_draft_while_the_case_is_packed_hears_that_the_task_is_over(office: Office) -> None:
    case = office.open_case(CaseKind.PROJECT)
    task = office.tasks(case)[0]
    with office.transactions() as saving:
        found = standing(saving, task.id)
        with office.transactions() as session:
            cancel(session, case, reason="示例：不再安排", by=office.bureau.office, at=office.now)

        with pytest.raises(TaskNotOpen):
            keep_draft(saving, found, {"说明": "示例"}, office.bureau.office, office.now, None)
        saving.rollback()
