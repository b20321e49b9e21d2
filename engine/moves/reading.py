"""Finding what a command is about, in one statement, before anything is locked."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, func, select, text
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.deadlines.model import NOT_OVER, Deadline
from engine.tasks import Task, TaskNotFound

_NEXT_DUE = (
    select(func.min(Deadline.due_at))
    .where(Deadline.case_id == Case.id, text(f"deadlines.{NOT_OVER}"))
    .correlate(Case)
    .scalar_subquery()
)
_STANDING = select(Task, Case, _NEXT_DUE).join(Case, Case.id == Task.case_id).where(Task.id == bindparam("task_id"))


@dataclass(frozen=True, slots=True)
class Standing:
    """A task, its case, and when the case's next deadline is due."""

    task: Task
    case: Case
    next_due: datetime | None


def standing(session: Session, task_id: UUID) -> Standing:
    """Where a task stands now; refuses a task this jurisdiction does not have."""
    found = session.execute(_STANDING, {"task_id": task_id}, execution_options={"populate_existing": True}).first()
    if found is None:
        raise TaskNotFound("没有这件任务，或者它不属于本地区。请从待办列表重新打开。", task_id=str(task_id))
    return Standing(*found)
