"""我的待办: what one person has to do now, the most pressing first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor
from engine.stages import diagrams_of
from engine.tasks import Task, TaskState
from engine.words import said_process

MAX_LIMIT = 200
_tasks, _cases = Task.__table__.c, Case.__table__.c


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One open task as a line of the list; `stage` and `step` are Chinese names, `held` means somebody took it."""

    task_id: UUID
    case_id: int
    code: str
    name: str
    object_kind: str
    amount_wan: Decimal
    stage: str
    step: str
    item: str | None
    round: int
    opened_at: datetime
    due_on: date | None
    overdue: bool
    held: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list and how long the whole list is."""

    items: tuple[WorkItem, ...]
    total: int
    overdue: int


def worklist(session: Session, actor: Actor, *, on: date, limit: int = 50, offset: int = 0) -> Page:
    """The open tasks of the actor's offices that nobody else holds: overdue first, then by due day, then by money.

    `on` is today. A task without a due day comes last.
    """
    limit = min(limit, MAX_LIMIT)
    total, overdue, last_due = session.execute(_summary(actor, on, offset + limit)).one()
    rows = session.execute(_lines(actor, last_due).limit(limit).offset(offset)).all() if total > offset else []
    return Page(tuple(_item(session, row, on) for row in rows), total, overdue)


def _summary(actor: Actor, on: date, until: int) -> Select[int, int, date | None]:
    """How many there are, how many are late, and the due day of the last line of the page."""
    mine = select(_tasks.due_on).where(*_mine(actor)).cte("mine")
    by_day = select(mine.c.due_on).order_by(mine.c.due_on.asc().nulls_last())
    last_due = by_day.offset(until - 1).limit(1).scalar_subquery()
    return select(func.count(), func.count().filter(mine.c.due_on < on), last_due).select_from(mine)


def _lines(actor: Actor, last_due: date | None) -> Select[Any]:
    """The lines in order; those due after `last_due` are left out before their cases are looked up."""
    lines = (
        select(
            _tasks.id, _tasks.case_id, _tasks.process, _tasks.element, _tasks.item, _tasks.round, _tasks.opened_at,
            _tasks.due_on, _tasks.holder_id,
            _cases.code, _cases.name, _cases.object_kind, _cases.amount_wan, _cases.diagrams_id,
        )
        .join(Case, _cases.id == _tasks.case_id)
        .where(*_mine(actor))
        .order_by(_tasks.due_on.asc().nulls_last(), _cases.amount_wan.desc(), _tasks.id)
    )  # fmt: skip
    return lines if last_due is None else lines.where(_tasks.due_on <= last_due)


def _mine(actor: Actor) -> Sequence[Any]:
    people = [person for person in (actor.person_id, actor.acting_for) if person is not None]
    return (
        _tasks.state == TaskState.OPEN,
        _tasks.unit_id == actor.unit_id,
        _tasks.role.in_(sorted(actor.roles)),
        or_(_tasks.holder_id.is_(None), _tasks.holder_id.in_(people)),
    )


def _item(session: Session, row: Any, on: date) -> WorkItem:
    element = diagrams_of(session, row.diagrams_id).element(row.process, row.element)
    return WorkItem(
        task_id=row.id,
        case_id=row.case_id,
        code=row.code,
        name=row.name,
        object_kind=row.object_kind,
        amount_wan=row.amount_wan,
        stage=said_process(row.process),
        step=element.name,
        item=row.item,
        round=row.round,
        opened_at=row.opened_at,
        due_on=row.due_on,
        overdue=row.due_on is not None and row.due_on < on,
        held=row.holder_id is not None,
    )
