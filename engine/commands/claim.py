"""签收: a person takes a task out of the office's pool."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from engine.audit.events.tasks import TaskClaimed
from engine.directory import Actor
from engine.moves.holding import hold, note
from engine.moves.reading import standing
from engine.tasks import Task


def claim(session: Session, task_id: UUID, *, by: Actor, at: datetime) -> Task:
    """签收: take a task out of the office's pool. Of two people at once one gets it; doing it again changes nothing."""
    found = standing(session, task_id)
    found.task.must_be_open()
    found.case.must_be_active()
    found.task.must_be_for(by)
    if found.task.holder_id == by.person_id:
        return found.task
    note(session, found.case, by, at, TaskClaimed(task=task_id, step=found.task.step))
    hold(session, found.task, found.task.holder_id, by.person_id)
    return found.task
