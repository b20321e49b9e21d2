"""催办 as people see it: how often they were reminded of a task, last by whom and in which words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.clock import day_of
from engine.directory import Actor, Person, Unit
from engine.queries.scope import visible_to
from engine.stages import step_name
from engine.store.base import table_of
from engine.tasks import Reminder, Task
from engine.words import Role, TaskState

_reminders, _tasks, _cases = table_of(Reminder).c, table_of(Task).c, table_of(Case).c


@dataclass(frozen=True, slots=True)
class Reminded:
    """How often a task was reminded of, and the last time; `to_head`: the head of the unit was told as well."""

    task_id: UUID
    case_id: int
    number: int
    last_at: datetime
    last_by: str
    text: str
    to_head: bool

    def is_of(self, today: date) -> bool:
        """Whether the last was today, so that there is no other before tomorrow."""
        return day_of(self.last_at) == today


@dataclass(frozen=True, slots=True)
class ToRemind:
    """One open task somebody may be reminded of: whose, held by whom (None: in the pool), until when."""

    task_id: UUID
    case_id: int
    name: str
    code: str
    unit_id: int
    unit: str
    role: str
    step: str
    holder: str | None
    due_on: date | None


def tasks_to_remind(session: Session, actor: Actor, task_ids: Collection[UUID]) -> tuple[ToRemind, ...]:
    """Those of the tasks that are open and lie in the actor's unit or in cases the actor may see, most pressing first.

    Whether each may be reminded of now is asked of the command itself (`preview`).
    """
    unit = table_of(Unit).c
    mine = or_(_tasks.unit_id == actor.unit_id, visible_to(actor))
    rows = session.execute(
        select(
            _tasks.id, _tasks.case_id, _cases.name, _cases.code, _tasks.unit_id, unit.name.label("unit"), _tasks.role,
            _tasks.process, _tasks.element, _cases.diagrams_id, Person.name.label("holder"), _tasks.due_on,
        )
        .join(Case, _cases.id == _tasks.case_id)
        .join(Unit, unit.id == _tasks.unit_id)
        .outerjoin(Person, Person.id == _tasks.holder_id)
        .where(
            _tasks.jurisdiction == actor.jurisdiction,
            _tasks.id.in_(list(task_ids)),
            _tasks.state == TaskState.OPEN,
            mine,
        )
        .order_by(_tasks.due_rank, _tasks.money_rank, _tasks.id)
    )  # fmt: skip
    return tuple(
        ToRemind(
            row.id, row.case_id, row.name, row.code, row.unit_id, row.unit, row.role,
            step_name(session, row.diagrams_id, row.process, row.element), row.holder, row.due_on,
        )
        for row in rows
    )  # fmt: skip


def reminders_of(session: Session, actor: Actor, task_ids: Collection[UUID]) -> Mapping[UUID, Reminded]:
    """The last reminder of each of these tasks that lie in the actor's unit or in cases the actor may see."""
    if not task_ids:
        return {}
    return _last(session, actor, _reminders.task_id.in_(list(task_ids)))


def told_to_heads(session: Session, actor: Actor) -> tuple[Reminded, ...]:
    """The open tasks of the unit the actor heads that were reminded of so often that the head was told."""
    if Role.UNIT_HEAD not in actor.roles:
        return ()
    still_open = select(_tasks.id).where(_tasks.unit_id == actor.unit_id, _tasks.state == TaskState.OPEN)
    meant = (_reminders.unit_id == actor.unit_id, _reminders.to_head, _reminders.task_id.in_(still_open))
    return tuple(_last(session, actor, *meant).values())


def _last(session: Session, actor: Actor, *meant: ColumnElement[bool]) -> Mapping[UUID, Reminded]:
    mine = or_(
        _reminders.unit_id == actor.unit_id,
        select(_cases.id).where(_cases.id == _reminders.case_id, visible_to(actor)).exists(),
    )
    rows = session.execute(
        select(
            _reminders.task_id, _reminders.case_id, _reminders.number, _reminders.reminded_at, Person.name,
            _reminders.text, func.bool_or(_reminders.to_head).over(partition_by=_reminders.task_id),
        )
        .join(Person, Person.id == _reminders.reminded_by)
        .where(_reminders.jurisdiction == actor.jurisdiction, mine, *meant)
        .order_by(_reminders.task_id, _reminders.number)
    )  # fmt: skip
    return {row.task_id: Reminded(*row) for row in rows}
