"""续办部署: a launch that was stopped before it had reached everybody goes on; whoever moved already is left alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from engine.directory import Actor
from engine.moves.delivering import Transactions
from engine.moves.launching import carry_launch, launch_by_id
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once


def continue_launch(
    transactions: Transactions,
    launch_id: int,
    *,
    by: Actor,
    at: datetime,
    most: int | None = None,
    key: str | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Receipt:
    """Open the stage for `most` of the cases still waiting for this launch; `gave` says how many moved, how many are
    left."""
    asked = Asked("continue_launch", by, at, key, content={"launch": launch_id})
    with transactions() as session:
        receipt = once(session, asked, lambda: {"launch": launch_by_id(session, launch_id).id})
    done = carry_launch(transactions, launch_id, by=by, at=at, most=most, progress=progress)
    return replace(receipt, gave={**receipt.gave, "moved": done.moved, "left": done.left})
