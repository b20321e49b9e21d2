"""待办的步骤: what somebody has to do now in some cases, and whether it lies with the person who looks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.deadlines.model import NOT_OVER, OVER, Deadline
from engine.directory import Actor, Person
from engine.queries.scope import visible_to
from engine.stages import step_name
from engine.store.base import table_of
from engine.tasks import Task
from engine.words import DeadlineState, Role, TaskState

_cases, _tasks, _deadlines = table_of(Case).c, table_of(Task).c, table_of(Deadline).c


@dataclass(frozen=True, slots=True)
class OpenStep:
    """One open task: step and office in words, who took it, until when and by which deadline.

    `mine` says that it lies with an office of the person who looks, so that they may open its page.
    """

    task_id: UUID
    case_id: int
    process: str
    element: str
    item: str | None
    step: str
    role: str
    office: str
    holder: str | None
    due_on: date | None
    deadline_id: UUID | None
    mine: bool


def deadline_behind(case_id: Any, task_id: Any, due_on: Any) -> ColumnElement[UUID | None]:
    """The deadline the day of an open task comes from, as a column of a statement; None for a task without.

    Of a task without a day it is the one that waits for its own.

    Those that run and those that have fired are each found by an index of their own.
    """

    def of(state: DeadlineState, kept: str) -> Any:
        day = select(_deadlines.id).where(
            _deadlines.case_id == case_id, _deadlines.task_id == task_id, _deadlines.state == state,
            _deadlines.due_on.is_not_distinct_from(due_on), text(f"deadlines.{kept}"),
        )  # fmt: skip
        return day.limit(1).correlate(Task).scalar_subquery()

    return func.coalesce(of(DeadlineState.PENDING, NOT_OVER), of(DeadlineState.FIRED, OVER))


def open_steps(session: Session, actor: Actor, case_ids: Collection[int]) -> dict[int, tuple[OpenStep, ...]]:
    """What is open in those of these cases the actor may see, by case, the longest waiting first."""
    day = deadline_behind(_tasks.case_id, _tasks.id, _tasks.due_on)
    rows = session.execute(
        select(
            _tasks.id, _tasks.case_id, _tasks.process, _tasks.element, _tasks.item, _tasks.role, _tasks.unit_id,
            _tasks.due_on, Person.name.label("holder"), day.label("deadline_id"), _cases.diagrams_id,
        )
        .join(Case, _cases.id == _tasks.case_id)
        .outerjoin(Person, Person.id == _tasks.holder_id)
        .where(_tasks.case_id.in_(list(case_ids)), _tasks.state == TaskState.OPEN, visible_to(actor))
        .order_by(_tasks.opened_at, _tasks.process, _tasks.item, _tasks.element)
    )  # fmt: skip
    found: dict[int, list[OpenStep]] = {}
    for row in rows:
        step = OpenStep(
            task_id=row.id,
            case_id=row.case_id,
            process=row.process,
            element=row.element,
            item=row.item,
            step=step_name(session, row.diagrams_id, row.process, row.element),
            role=row.role,
            office=Role(row.role).label,
            holder=row.holder,
            due_on=row.due_on,
            deadline_id=row.deadline_id,
            mine=row.unit_id == actor.unit_id and Role(row.role) in actor.roles,
        )
        found.setdefault(row.case_id, []).append(step)
    return {case_id: tuple(steps) for case_id, steps in found.items()}
