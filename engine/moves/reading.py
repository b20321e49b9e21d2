"""Finding what a command is about, in one trip, before anything is locked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import bindparam, func, select, text
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import manager_of_class

from engine.cases import Case
from engine.deadlines.model import NOT_OVER, Deadline
from engine.directory import Actor, Appointment
from engine.store import Base
from engine.store.archives import archived_case, table_of_all
from engine.store.base import table_of
from engine.store.wire import Answer, Order, in_one_trip
from engine.tasks import Task, TaskNotFound

_E = TypeVar("_E", bound=Base)

_tasks, _cases, _deadlines, _appointments = table_of(Task), table_of(Case), table_of(Deadline), table_of(Appointment)
_NEXT_DUE = (
    select(func.min(_deadlines.c.due_at))
    .where(_deadlines.c.case_id == _cases.c.id, text(f"deadlines.{NOT_OVER}"))
    .correlate(_cases)
    .scalar_subquery()
)
_HOLDER_IN_OFFICE = (
    select(_appointments.c.id)
    .where(
        _appointments.c.person_id == _tasks.c.holder_id,
        _appointments.c.unit_id == _tasks.c.unit_id,
        _appointments.c.role == _tasks.c.role,
    )
    .correlate(_tasks)
    .exists()
)
_told = table_of_all(Task)
_CELLS: dict[type[Base], tuple[str, ...]] = {kept: tuple(table_of(kept).columns.keys()) for kept in (Task, Case)}
_OF_CASE = tuple(column.label(f"case_{column.key}") for column in _cases.columns)
_STANDING = (
    select(
        *(column.label(f"task_{column.key}") for column in _tasks.columns),
        *_OF_CASE,
        _NEXT_DUE.label("next_due"),
        _HOLDER_IN_OFFICE.label("holder_in_office"),
    )
    .join(_cases, _cases.c.id == _tasks.c.case_id)
    .where(_tasks.c.id == bindparam("task_id"))
)
_STOOD = (
    select(*(_told.c[column.key].label(f"task_{column.key}") for column in _tasks.columns), *_OF_CASE)
    .join(_cases, _cases.c.id == _told.c.case_id)
    .where(_told.c.case_id == bindparam("of_case"), _told.c.id == bindparam("task_id"))
)
"""The same of a task that is packed with its case: nothing is due any more, nobody holds it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A task, its case, when the case's next deadline is due, and whether somebody holds the task who has the office.

    Task and case are facts as they were read, of no session: a change of them is a statement. `answers` are those of
    the orders that were carried out along with the reading.
    """

    task: Task
    case: Case
    next_due: datetime | None
    held: bool
    answers: Sequence[Answer] = ()

    def must_be_for(self, by: Actor) -> None:
        """Refuse an actor of another unit or office, and one who finds the task in a colleague's hands."""
        self.task.must_be_for(by, held=self.held)


def standing(session: Session, task_id: UUID, *before: Order) -> Standing:
    """Where a task stands now, once the orders `before` it are carried out, in the same trip.

    Refuses a task this jurisdiction does not have.
    """
    *answers, found = in_one_trip(session, *before, Order(_STANDING, {"task_id": task_id}))
    *row, next_due, held = found.rows[0] if found.rows else _stood(session, task_id)
    of_task = len(_CELLS[Task])
    task, case = _as_read(Task, row[:of_task]), _as_read(Case, row[of_task:])
    return Standing(task, case, next_due, held, answers)


def _stood(session: Session, task_id: UUID) -> Sequence[Any]:
    """The row of a task whose case is over, for the command that will refuse it; refuses one there is not."""
    case_id = archived_case(session, task_id)
    rows = (
        [] if case_id is None else in_one_trip(session, Order(_STOOD, {"of_case": case_id, "task_id": task_id}))[0].rows
    )
    if not rows:
        raise TaskNotFound("没有这件任务，或者它不属于本地区。请从待办列表重新打开。", task_id=str(task_id))
    return *rows[0], None, False


def _as_read(entity: type[_E], values: Sequence[Any]) -> _E:
    """The entity with a whole row of its table, without a session that would keep it."""
    found: _E = manager_of_class(entity).new_instance()
    found.__dict__.update(zip(_CELLS[entity], values, strict=True))
    return found
