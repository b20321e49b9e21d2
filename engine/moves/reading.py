"""Finding what a command is about, in one statement, before anything is locked."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, func, select, text
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.deadlines.model import NOT_OVER, Deadline
from engine.directory import Actor, Appointment
from engine.tasks import Task, TaskNotFound

_NEXT_DUE = (
    select(func.min(Deadline.due_at))
    .where(Deadline.case_id == Case.id, text(f"deadlines.{NOT_OVER}"))
    .correlate(Case)
    .scalar_subquery()
)
_HOLDER_IN_OFFICE = (
    select(Appointment.id)
    .where(Appointment.person_id == Task.holder_id, Appointment.unit_id == Task.unit_id, Appointment.role == Task.role)
    .correlate(Task)
    .exists()
)
_STANDING = (
    select(Task, Case, _NEXT_DUE, _HOLDER_IN_OFFICE)
    .join(Case, Case.id == Task.case_id)
    .where(Task.id == bindparam("task_id"))
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A task, its case, when the case's next deadline is due, and whether who holds the task still has the office."""

    task: Task
    case: Case
    next_due: datetime | None
    holder_in_office: bool

    @property
    def held(self) -> bool:
        """Whether the task lies in somebody's hands; the hold ends with the office."""
        return self.task.holder_id is not None and self.holder_in_office

    def must_be_for(self, by: Actor) -> None:
        """Refuse an actor of another unit or office, and one who finds the task in a colleague's hands."""
        self.task.must_be_for(by, held=self.held)


def standing(session: Session, task_id: UUID) -> Standing:
    """Where a task stands now; refuses a task this jurisdiction does not have."""
    found = session.execute(_STANDING, {"task_id": task_id}, execution_options={"populate_existing": True}).first()
    if found is None:
        raise TaskNotFound("没有这件任务，或者它不属于本地区。请从待办列表重新打开。", task_id=str(task_id))
    return Standing(*found)
