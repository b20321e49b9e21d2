"""通过: the office whose turn it is lets a version through."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.moves.outcome import Outcome
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked
from engine.moves.versions import on_version


def approve_submission(
    session: Session,
    submission_id: UUID,
    *,
    answers: dict[str, Any] | None = None,
    reason: str | None = None,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """通过: the office whose turn it is lets the version through."""
    outcome = Outcome("approved", answers=answers or {}, reason=reason)
    asked = Asked("approve_submission", by, at, key, expected, {"submission": submission_id, **outcome.told()})
    return on_version(session, asked, submission_id, "review", outcome)
