"""本年不选: nobody is chosen, for a stated reason."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.audit.events.evaluations import SampleSkipped
from engine.directory import Actor
from engine.moves.delivering import Transactions
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked
from engine.moves.selections import (
    choose_once,
    deliver_selection,
    frozen,
    keep,
)
from engine.reviews import ReasonMissing
from engine.texts import is_blank


def skip_draw(
    transactions: Transactions,
    fiscal_year: int,
    purpose: str,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    key: str | None = None,
    most: int | None = None,
) -> Receipt:
    """本年不选: nobody is chosen, for a stated reason; every waiting case goes on.

    After `most` cases it stops telling; `finish_selection` goes on.
    """

    def choose(session: Session) -> int:
        if is_blank(reason):
            raise ReasonMissing("本年不抽要写明理由，没有办理。请补充。")
        frame = frozen(session, fiscal_year, purpose, by=by, at=at, seen=None)
        return keep(session, fiscal_year, purpose, frame, (), event=SampleSkipped, by=by, at=at, reason=reason)

    content = {"fiscal_year": fiscal_year, "purpose": purpose, "reason": reason}
    receipt = choose_once(transactions, Asked("skip_draw", by, at, key, content=content), choose)
    deliver_selection(transactions, receipt.gave["sample"], by=by, at=at, most=most)
    return receipt
