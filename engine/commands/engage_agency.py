"""委托第三方 outside any step: for collective reviews, and when an agency drops out."""

from dataclasses import astuple
from datetime import datetime

from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor
from engine.moves.engagement import Engagement, engage
from engine.moves.move import Move
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, on_case


def engage_agency(
    session: Session,
    case_id: int,
    engagement: Engagement,
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Assign or replace the agency of a case outside any step, for collective reviews and when an agency drops out."""

    def work(case: Case) -> None:
        move = Move(session, case, by, at)
        engage(move, engagement, stage=case.stage or case.process, task_id=None)
        move.write()

    asked = Asked("engage_agency", by, at, key, expected, {"case": case_id, "engagement": astuple(engagement)})
    return on_case(session, asked, case_id, work)
