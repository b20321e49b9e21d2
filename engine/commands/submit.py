"""报送: the head of the unit confirms the version its clerk filled."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.moves.finishing import finish
from engine.moves.outcome import Outcome
from engine.moves.versions import step_of
from engine.tasks import Task


def submit(session: Session, submission_id: UUID, *, by: Actor, at: datetime, key: str | None = None) -> Task:
    """报送: the head of the unit confirms the version its clerk filled."""
    task_id = step_of(session, submission_id, "confirm", by, key)
    return finish(session, task_id, Outcome("submitted"), by=by, at=at, key=key)
