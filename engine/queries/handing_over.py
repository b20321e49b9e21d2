"""转办: a task as somebody hands it over, the colleagues of its office it can go to, and since when somebody has it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session

from engine.accounts import stopped_among
from engine.audit import Entry
from engine.audit.events.tasks import TaskClaimed, TaskTransferred
from engine.clock import day_of
from engine.directory import Actor, Person
from engine.moves.reading import standing
from engine.queries.office_holders import Holder, office_holders
from engine.stages import step_name
from engine.store.base import table_of
from engine.tasks import Task, TaskNotFound
from engine.words import Role, TaskState

_journal, _tasks = table_of(Entry).c, table_of(Task).c


@dataclass(frozen=True, slots=True)
class ToHandOver:
    """The task, who has it now, until when, and who could have it: everybody of the office but that person."""

    task_id: UUID
    case_id: int
    code: str
    name: str
    step: str
    role: str
    holder: str | None
    due_on: date | None
    is_open: bool
    colleagues: tuple[Holder, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """When a task came into the hands it lies in, and who handed it over; None: whoever has it took it themselves."""

    at: datetime
    handed_by: str | None


def to_hand_over(session: Session, actor: Actor, task_id: UUID, *, at: datetime) -> ToHandOver:
    """A task of the actor's unit; refuses one of another unit. Whether they may is the command's to say."""
    found = standing(session, task_id)
    task, case = found.task, found.case
    if case.jurisdiction != actor.jurisdiction:
        raise TaskNotFound("没有这件任务，或者它不属于本地区。请从待办列表重新打开。", task_id=str(task_id))
    task.must_lie_in_unit_of(actor)
    office = (task.unit_id, Role(task.role))
    people = office_holders(session, [office], day_of(at))[office]
    gone = stopped_among(session, [each.person_id for each in people])
    holder = session.scalar(select(Person.name).where(Person.id == task.holder_id)) if found.held else None
    return ToHandOver(
        task_id=task.id,
        case_id=case.id,
        code=case.code,
        name=case.name,
        step=step_name(session, case.diagrams_id, task.process, task.element),
        role=task.role,
        holder=holder,
        due_on=task.due_on,
        is_open=task.state == TaskState.OPEN,
        colleagues=tuple(
            each
            for each in people
            if each.person_id != task.holder_id
            and each.person_id not in gone
            and (found.held or each.person_id not in actor.persons)
        ),
    )


def in_hand_since(session: Session, actor: Actor, task_id: UUID) -> Taken | None:
    """How the open task came into the hands it lies in; None for one of another unit or office, or in the pool."""
    row = session.execute(
        select(_journal.at, _journal.type, Person.name)
        .select_from(Task)
        .join(Entry, _journal.case_id == _tasks.case_id)
        .outerjoin(Person, Person.id == _journal.by)
        .where(
            _journal.jurisdiction == _tasks.jurisdiction,
            _journal.case_id == _tasks.case_id,
            _journal.type.in_([TaskClaimed.name, TaskTransferred.name]),
            _journal.payload["task"].astext == func.replace(cast(_tasks.id, Text), "-", ""),
            _tasks.id == task_id,
            _tasks.jurisdiction == actor.jurisdiction,
            _tasks.unit_id == actor.unit_id,
            _tasks.role.in_(sorted(role.value for role in actor.roles)),
            _tasks.state == TaskState.OPEN,
            _tasks.holder_id.is_not(None),
        )
        .order_by(_journal.seq.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return Taken(row.at, row.name if row.type == TaskTransferred.name else None)
