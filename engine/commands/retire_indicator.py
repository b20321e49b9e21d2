"""停用指标: an entry is not offered any more; forms that have it keep it."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.audit.events.indicators import IndicatorRetired
from engine.directory import Actor
from engine.errors import WrongState
from engine.indicators import must_be_kept_by
from engine.moves.indicators import changed, indicator_by_id, must_have_a_reason
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.moves.writing import record_outside_cases
from engine.words import IndicatorState


class AlreadyRetired(WrongState):
    """The entry is retired."""

    code = "indicator.already_retired"


def retire_indicator(
    session: Session, indicator_id: int, reason: str, *, by: Actor, at: datetime, key: str | None = None
) -> Receipt:
    """Take an entry out of what is offered; whoever keeps it does it, and says why. Refuses a retired one."""

    def work() -> dict[str, int]:
        told = must_have_a_reason(reason)
        indicator = indicator_by_id(session, indicator_id, to_change=True)
        must_be_kept_by(by, indicator)
        if indicator.state is IndicatorState.RETIRED:
            raise AlreadyRetired(f"“{indicator.name}”已经停用，不必再停用。请刷新查看。", indicator=indicator_id)
        changed(session, indicator, {"state": IndicatorState.RETIRED}, told, by, at)
        event = IndicatorRetired(indicator=indicator.id, indicator_code=indicator.code, reason=told)
        record_outside_cases(session, by.jurisdiction, [event], by=by, at=at)
        return {"indicator": indicator.id, "version": indicator.version}

    content = {"indicator": indicator_id, "reason": reason}
    return once(session, Asked("retire_indicator", by, at, key, content=content), work)
