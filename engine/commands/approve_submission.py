"""通过: the office whose turn it is lets a version through."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.moves.finishing import finish
from engine.moves.outcome import Outcome
from engine.moves.versions import step_of
from engine.tasks import Task


def approve_submission(
    session: Session,
    submission_id: UUID,
    *,
    by: Actor,
    at: datetime,
    answers: dict[str, Any] | None = None,
    reason: str | None = None,
    key: str | None = None,
) -> Task:
    """通过: the office whose turn it is lets the version through."""
    task_id = step_of(session, submission_id, "review", by, key)
    return finish(session, task_id, Outcome("approved", answers=answers or {}, reason=reason), by=by, at=at, key=key)
