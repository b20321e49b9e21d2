"""审议 of one case that is no step of its diagram (专报领导, 送达代表委员)."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.cases import case_by_id
from engine.directory import Actor, Role
from engine.moves.gate import kind_of
from engine.moves.move import Move
from engine.moves.repeating import done_before
from engine.moves.sittings import DeliberationRefused, Sitting, keep_sitting, refuse_bad_sitting


def record_deliberation_of_case(
    session: Session, case_id: int, sitting: Sitting, *, by: Actor, at: datetime, key: str | None = None
) -> None:
    """Note a sitting about one case that is no step of its diagram (专报领导, 送达代表委员)."""
    by.must_hold(Role.PERFORMANCE_OFFICE)
    refuse_bad_sitting(sitting, at)
    case = case_by_id(session, case_id)
    if done_before(session, by.jurisdiction, key, "record_deliberation_of_case", at, {"case_id": case_id}) is not None:
        return
    kind = kind_of(session, case)
    if kind is None:
        raise DeliberationRefused("本案卷还没有可报审议的评价结果，没有登记。请先完成评价或复核。", case_id=case_id)
    move = Move(session, case, by, at)
    keep_sitting(move, sitting, kind)
    move.write()
