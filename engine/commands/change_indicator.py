"""更改指标: an entry of the library reads differently from now on; what it said before is kept."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from engine.audit.events.indicators import IndicatorChanged
from engine.directory import Actor
from engine.errors import WrongState
from engine.indicators import COLUMNS, must_be_kept_by
from engine.moves.indicators import (
    changed,
    entry_of,
    indicator_by_id,
    must_be_as_read,
    must_be_sound,
    must_have_a_reason,
)
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.moves.writing import record_outside_cases


class NothingChanged(WrongState):
    """Every cell reads as it did."""

    code = "indicator.nothing_changed"


def change_indicator(
    session: Session,
    indicator_id: int,
    cells: Mapping[str, str],
    reason: str,
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
    key: str | None = None,
) -> Receipt:
    """Rewrite an entry (`cells`, column → text); its code stays, because forms carry it.

    Whoever keeps the entry does it, and says why. `version` is the one that was read. Forms filed before stay as they
    are; those that have the entry show where they differ from it now. `gave` says the indicator and its version.
    """

    def work() -> dict[str, int]:
        reason_told = must_have_a_reason(reason)
        indicator = indicator_by_id(session, indicator_id, to_change=True)
        must_be_kept_by(by, indicator)
        must_be_as_read(indicator, version)
        entry = replace(entry_of(cells), code=indicator.code)
        must_be_sound(entry)
        new = {name: getattr(entry, name) for name in COLUMNS if getattr(entry, name) != getattr(indicator, name)}
        if not new:
            raise NothingChanged("内容与库中完全相同，没有改动。请修改后再保存。", indicator=indicator_id)
        changed(session, indicator, new, reason_told, by, at)
        told = IndicatorChanged(
            indicator=indicator.id, indicator_code=indicator.code, edition=indicator.version, columns=tuple(new),
            reason=reason_told,
        )  # fmt: skip
        record_outside_cases(session, by.jurisdiction, [told], by=by, at=at)
        return {"indicator": indicator.id, "version": indicator.version}

    content = {"indicator": indicator_id, "reason": reason, **cells}
    return once(session, Asked("change_indicator", by, at, key, content=content), work)
