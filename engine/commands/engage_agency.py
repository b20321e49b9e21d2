"""委托第三方 outside any step: for collective reviews, and when an agency drops out."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.cases import Case, case_by_id
from engine.directory import Actor, Role
from engine.moves.engagement import Engagement, engage
from engine.moves.move import Move
from engine.moves.repeating import done_before


def engage_agency(
    session: Session, case_id: int, engagement: Engagement, *, by: Actor, at: datetime, key: str | None = None
) -> Case:
    """Assign or replace the agency of a case outside any step, for collective reviews and when an agency drops out."""
    by.must_hold(Role.PERFORMANCE_OFFICE)
    case = case_by_id(session, case_id)
    if done_before(session, by.jurisdiction, key, "engage_agency", at, {"case_id": case_id}) is not None:
        return case
    case.must_be_active()
    move = Move(session, case, by, at)
    engage(move, engagement, stage=case.stage or case.process, task_id=None)
    move.write()
    return case
