"""A suspended case goes on."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, on_case
from engine.moves.standstill import change_state
from engine.words import CaseState


def resume(
    session: Session,
    case_id: int,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Let a suspended case go on; its days are put off by the working days it stood still, where the table says so.

    What runs on and became due meanwhile takes effect at the next sweep, a stage launched meanwhile begins at once.
    """
    asked = Asked("resume", by, at, key, expected, {"case": case_id, "reason": reason})
    return on_case(session, asked, case_id, lambda case: change_state(session, case, asked, CaseState.ACTIVE, reason))
