"""期限自查: days that have passed and came to nothing, although nothing holds them. There must be none."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.clock import day_of
from engine.deadlines.due import takes_effect
from engine.deadlines.model import Deadline
from engine.errors import WrongState
from engine.moves.incidents import Attempt
from engine.stages import diagrams_of
from engine.store.base import table_of
from engine.tasks import Task
from engine.words import CaseState, DeadlineState, TaskState

SLACK = timedelta(hours=1)
"""So late a sweep may be before it is asked what became of a day."""

_cases, _days, _tasks = table_of(Case).c, table_of(Deadline).c, table_of(Task).c


class DayLost(WrongState):
    """A day passed and nobody was told."""

    code = "deadline.day_lost"


@dataclass(frozen=True, slots=True)
class LostDay:
    """A day that came to nothing, and how it is put right: as `attempt`, once whatever is the matter is mended."""

    attempt: Attempt
    reason: DayLost


def lost_days(session: Session, at: datetime, case_id: int | None = None) -> list[LostDay]:
    """Those of the jurisdiction, or of one case: days that did not fire, and overdue work no day is kept for.

    A case somebody is at work on this moment is not asked about.
    """
    return [*_not_fired(session, at, case_id), *_kept_for_nobody(session, at, case_id)]


def _not_fired(session: Session, at: datetime, case_id: int | None) -> Iterator[LostDay]:
    waiting = select(_days.case_id).where(*takes_effect(at - SLACK))
    of_them = select(_cases.id).where(_cases.id.in_(waiting), *_of(case_id))
    free = session.scalars(of_them.with_for_update(skip_locked=True, key_share=True)).all()
    found = select(_days.id, _days.case_id, _days.name, _days.due_on).where(
        _days.case_id.in_(free), *takes_effect(at - SLACK)
    )
    for row in session.execute(found.order_by(_days.case_id, _days.due_at, _days.id)):
        attempt = Attempt("fire_deadline", {"deadline_id": str(row.id)}, case_id=row.case_id)
        yield LostDay(attempt, _lost(row.name, row.due_on, "期限没有触发。请重试；重试不成的，按写明的原因处理。"))


def _kept_for_nobody(session: Session, at: datetime, case_id: int | None) -> Iterator[LostDay]:
    kept = select(_days.id).where(
        _days.task_id == _tasks.id, _days.state.in_((DeadlineState.PENDING, DeadlineState.FIRED))
    )
    overdue = (
        select(_tasks.id, _tasks.case_id, _tasks.process, _tasks.element, _tasks.due_on, _cases.diagrams_id)
        .join(Case, _cases.id == _tasks.case_id)
        .where(
            _tasks.state == TaskState.OPEN, _tasks.due_on < day_of(at), _cases.state == CaseState.ACTIVE,
            ~kept.exists(), *_of(case_id),
        )
        .order_by(_tasks.case_id, _tasks.id)
    )  # fmt: skip
    for row in session.execute(overdue):
        name = diagrams_of(session, row.diagrams_id).element(row.process, row.element).name
        attempt = Attempt("check_days", {}, case_id=row.case_id, task_id=row.id)
        yield LostDay(
            attempt, _lost(name, row.due_on, "却没有期限在计时，没有记逾期。请催办、代办这一步，或移动到别的步骤。")
        )


def _lost(name: str, due_on: date | None, what: str) -> DayLost:
    return DayLost(f"“{name}”的截止日 {due_on} 已过，{what}")


def _of(case_id: int | None) -> tuple[ColumnElement[bool], ...]:
    return () if case_id is None else (_cases.id == case_id,)
