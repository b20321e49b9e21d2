"""办结: a person finishes a step, and the case moves on."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.moves.finishing import finish
from engine.moves.outcome import Outcome
from engine.tasks import Task


def complete_task(
    session: Session, task_id: UUID, outcome: Outcome, *, by: Actor, at: datetime, key: str | None = None
) -> Task:
    """Close a task and move its case on; the same `key` again gives the same task and changes nothing.

    Refuses a task that is not open or not `by`'s, a form with findings, an outcome the diagram does not know.
    """
    return finish(session, task_id, outcome, by=by, at=at, key=key)
