"""报送: the head of the unit confirms the version its clerk filled."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.moves.outcome import Outcome
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked
from engine.moves.versions import on_version


def submit(
    session: Session,
    submission_id: UUID,
    *,
    by: Actor,
    at: datetime,
    reason: str | None = None,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """报送: the head of the unit confirms the version its clerk filled; `reason` says why after its day."""
    outcome = Outcome("submitted", reason=reason)
    asked = Asked("submit", by, at, key, expected, {"submission": submission_id, **outcome.told()})
    return on_version(session, asked, submission_id, "confirm", outcome)
