"""When a deadline takes effect: its time is over, and nothing holds its case."""

from datetime import datetime

from sqlalchemy import ColumnElement, SQLColumnExpression, select

from engine.cases import Case, Incident
from engine.deadlines.model import Deadline
from engine.store.base import table_of
from engine.words import CaseState, DeadlineState

_cases, _deadlines, _incidents = table_of(Case).c, table_of(Deadline).c, table_of(Incident).c


def takes_effect(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """What a row of `deadlines` must fulfil to take effect at `at`."""
    return (*held_by_nothing(), _deadlines.due_at <= at)


def held_by_nothing() -> tuple[ColumnElement[bool], ...]:
    """What a row of `deadlines` must fulfil to come to anything, sooner or later.

    Those of suspended cases wait until they are resumed, those of a case with an open fault until it is put right.
    """
    return (_deadlines.state == DeadlineState.PENDING, *of_a_case_that_goes_on())


def of_a_case_that_goes_on() -> tuple[ColumnElement[bool], ...]:
    """What a row of `deadlines` must fulfil, whatever its own state: its case is not suspended and has no fault."""
    state = select(_cases.state).where(_cases.id == _deadlines.case_id).scalar_subquery()
    return (
        state != CaseState.SUSPENDED,
        without_fault(_deadlines.case_id),
    )


def without_fault(case_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """What a row must fulfil whose case can go on: no fault of the case is open."""
    return ~select(_incidents.id).where(_incidents.case_id == case_id, _incidents.state == "open").exists()
