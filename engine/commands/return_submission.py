"""退回: a version goes back with a reason."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.moves.finishing import finish
from engine.moves.outcome import Outcome
from engine.moves.versions import step_of
from engine.tasks import Task


def return_submission(
    session: Session,
    submission_id: UUID,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    remarks: list[dict[str, Any]] | None = None,
    key: str | None = None,
) -> Task:
    """退回: the version goes back with a reason; it stays as it was, the unit works on the next one."""
    task_id = step_of(session, submission_id, "review", by, key)
    return finish(session, task_id, Outcome("returned", reason=reason, remarks=remarks), by=by, at=at, key=key)
