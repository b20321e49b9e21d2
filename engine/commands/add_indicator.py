"""新增指标: an entry for the library, common from finance, specific from everybody else who keeps some."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.audit.events.indicators import IndicatorAdded
from engine.directory import Actor
from engine.indicators import Indicator
from engine.indicators.rules import scope_kept_by
from engine.moves.indicators import IndicatorExists, entry_of, must_be_sound, row_of
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.moves.writing import record_outside_cases


def add_indicator(
    session: Session, cells: Mapping[str, str], *, by: Actor, at: datetime, key: str | None = None
) -> Receipt:
    """Put an entry into the library, kept by the unit of whoever adds it; `cells` are column → text (`COLUMNS`).

    The 绩效股 adds 共性, clerks, heads and departments 个性 of their unit. `gave` says the indicator. Refuses an entry
    that does not say what it has to, and a code that is taken.
    """
    entry = entry_of(cells)

    def work() -> dict[str, int]:
        must_be_sound(entry)
        scope = scope_kept_by(by)
        indicator = Indicator(**row_of(entry, scope, by.unit_id, by, at))
        try:
            with session.begin_nested():
                session.add(indicator)
        except IntegrityError as reason:
            raise IndicatorExists(
                f"编码“{entry.code}”已在库中，没有新增。请在指标库中查看，或换一个编码。", indicator_code=entry.code
            ) from reason
        told = IndicatorAdded(
            indicator=indicator.id, indicator_code=entry.code, indicator_name=entry.name, scope=scope.value,
            owner=by.unit_id,
        )  # fmt: skip
        record_outside_cases(session, by.jurisdiction, [told], by=by, at=at)
        return {"indicator": indicator.id}

    return once(session, Asked("add_indicator", by, at, key, content=dict(cells)), work)
