"""A case ends before its time."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, on_case
from engine.moves.standstill import change_state
from engine.words import CaseState


def cancel(
    session: Session,
    case_id: int,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """End a case before its time; open tasks are taken back, deadlines dropped, the papers stay."""
    asked = Asked("cancel", by, at, key, expected, {"case": case_id, "reason": reason})
    return on_case(
        session, asked, case_id, lambda case: change_state(session, case, asked, CaseState.CANCELLED, reason)
    )
