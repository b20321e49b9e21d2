"""恢复指标: a retired entry of the library is offered again."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.audit.events.indicators import IndicatorRestored
from engine.directory import Actor
from engine.errors import WrongState
from engine.indicators import must_be_kept_by
from engine.moves.indicators import changed, indicator_by_id, must_have_a_reason
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.moves.writing import record_outside_cases
from engine.words import IndicatorState


class StillInUse(WrongState):
    """The entry is not retired."""

    code = "indicator.still_in_use"


def restore_indicator(
    session: Session, indicator_id: int, reason: str, *, by: Actor, at: datetime, key: str | None = None
) -> Receipt:
    """Offer a retired entry again; whoever keeps it does it, and says why. Refuses one that is in use."""

    def work() -> dict[str, int]:
        told = must_have_a_reason(reason)
        indicator = indicator_by_id(session, indicator_id, to_change=True)
        must_be_kept_by(by, indicator)
        if indicator.state is IndicatorState.IN_USE:
            raise StillInUse(f"“{indicator.name}”本来就在用，不必恢复。请刷新查看。", indicator=indicator_id)
        changed(session, indicator, {"state": IndicatorState.IN_USE}, told, by, at)
        event = IndicatorRestored(indicator=indicator.id, indicator_code=indicator.code, reason=told)
        record_outside_cases(session, by.jurisdiction, [event], by=by, at=at)
        return {"indicator": indicator.id, "version": indicator.version}

    content = {"indicator": indicator_id, "reason": reason}
    return once(session, Asked("restore_indicator", by, at, key, content=content), work)
