"""退回: a version goes back with a reason."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.moves.outcome import Outcome
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked
from engine.moves.versions import on_version


def return_submission(
    session: Session,
    submission_id: UUID,
    *,
    reason: str,
    remarks: list[dict[str, Any]] | None = None,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """退回: the version goes back with a reason; it stays as it was, the unit works on the next one."""
    outcome = Outcome("returned", reason=reason, remarks=remarks)
    asked = Asked("return_submission", by, at, key, expected, {"submission": submission_id, **outcome.told()})
    return on_version(session, asked, submission_id, "review", outcome)
