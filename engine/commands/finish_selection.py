"""续办选取: a draw or plan that has not reached all its cases yet goes on telling them."""

from collections.abc import Callable
from datetime import datetime

from engine.directory import Actor
from engine.moves.delivering import Transactions
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.moves.selections import deliver_selection, sample_by_id


def finish_selection(
    transactions: Transactions,
    sample_id: int,
    *,
    by: Actor,
    at: datetime,
    most: int | None = None,
    key: str | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Receipt:
    """Tell `most` of the cases that still wait what came of that draw or plan; who was told is left alone."""
    asked = Asked("finish_selection", by, at, key, content={"sample": sample_id})
    with transactions() as session:
        receipt = once(session, asked, lambda: {"sample": sample_by_id(session, sample_id).id})
    deliver_selection(transactions, sample_id, by=by, at=at, most=most, progress=progress)
    return receipt
