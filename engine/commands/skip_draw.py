"""本年不选: nobody is chosen, for a stated reason."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.audit.events.evaluations import SampleSkipped
from engine.directory import Actor
from engine.moves.delivering import Transactions
from engine.moves.selections import (
    deliver_selection,
    frozen,
    keep,
    once,
)
from engine.results.model import Sample
from engine.reviews import ReasonMissing


def skip_draw(
    transactions: Transactions,
    fiscal_year: int,
    purpose: str,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    key: str | None = None,
) -> Sample:
    """本年不选: nobody is chosen, for a stated reason; every waiting case goes on."""

    def choose(session: Session) -> int:
        if not reason.strip():
            raise ReasonMissing("本年不抽要写明理由，没有办理。请补充。")
        frame = frozen(session, fiscal_year, purpose, by=by, at=at, seen=None)
        return keep(session, fiscal_year, purpose, frame, (), event=SampleSkipped, by=by, at=at, reason=reason)

    sample_id = once(transactions, "skip_draw", choose, by=by, at=at, key=key)
    return deliver_selection(transactions, sample_id, by=by, at=at)
