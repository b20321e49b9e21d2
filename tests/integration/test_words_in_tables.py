"""Words in columns: kept as text, given back as members, and nothing else gets in or out."""

from typing import Any

import pytest
from sqlalchemy import Text, select, text, update
from sqlalchemy.exc import StatementError

from engine.cases import Case
from engine.store import Base, Database
from engine.store.base import Word
from engine.tasks import Task
from engine.words import CaseKind, CaseState, Role, TaskState
from tests.factories import Bureau, case_of


@pytest.fixture
def case_id(database: Database, bureau: Bureau) -> int:
    with database.transaction("huaxi") as session:
        return case_of(session, bureau, "示例-1").id


def test_a_word_comes_back_as_the_member_and_lies_there_as_text(database: Database, case_id: int) -> None:
    with database.transaction("huaxi") as session:
        case = session.get_one(Case, case_id)
        raw = session.execute(text("SELECT state, object_kind FROM cases")).one()

        assert (case.state, case.object_kind) == (CaseState.ACTIVE, CaseKind.PROJECT)
        assert isinstance(case.state, CaseState)
        assert tuple(raw) == ("active", "project")


@pytest.mark.parametrize("asked", [TaskState.OPEN, TaskState.OPEN.value])
def test_rows_are_found_by_the_member_and_by_its_text(database: Database, case_id: int, asked: Any) -> None:
    table = Task.__table__.c
    with database.transaction("huaxi") as session:
        by_entity = session.scalars(select(Task.state).where(Task.case_id == case_id, Task.state == asked)).all()
        by_table = session.scalars(select(table.state).where(table.state.in_([asked, "closed"]))).all()

    assert by_entity
    assert set(by_entity) == set(by_table) == {TaskState.OPEN}


@pytest.mark.parametrize("told", [CaseState.SUSPENDED, "suspended"])
def test_a_row_is_changed_with_the_member_and_with_its_text(database: Database, case_id: int, told: Any) -> None:
    with database.transaction("huaxi") as session:
        session.execute(update(Case).where(Case.id == case_id).values(state=told))

        assert session.scalars(select(Case.state)).one() is CaseState.SUSPENDED


def test_what_is_no_word_is_not_written(database: Database, case_id: int) -> None:
    with database.transaction("huaxi") as session, pytest.raises(StatementError):
        session.execute(update(Case).where(Case.id == case_id).values(state="asleep"))


def test_what_is_no_word_is_not_read(database: Database, case_id: int) -> None:
    with database.transaction("huaxi") as session:
        session.execute(text("UPDATE tasks SET role = 'gardener'"))

        with pytest.raises(LookupError, match="gardener"):
            session.scalars(select(Task.role)).all()


def test_every_column_of_words_is_plain_text_in_the_database() -> None:
    columns = [
        column for table in Base.metadata.tables.values() for column in table.columns if isinstance(column.type, Word)
    ]

    assert len(columns) > 15
    assert all(isinstance(column.type.impl, Text) for column in columns)
    assert {column.type.vocabulary for column in columns} >= {CaseKind, CaseState, TaskState, Role}
