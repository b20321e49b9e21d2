"""A case stands still for a while."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, on_case
from engine.moves.standstill import change_state
from engine.words import CaseState


def suspend(
    session: Session,
    case_id: int,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Let a case stand still; its tasks stay, its deadlines do not fire until it is resumed."""
    asked = Asked("suspend", by, at, key, expected, {"case": case_id, "reason": reason})
    return on_case(
        session, asked, case_id, lambda case: change_state(session, case, asked, CaseState.SUSPENDED, reason)
    )
