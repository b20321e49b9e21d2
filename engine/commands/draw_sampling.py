"""抽取: out of the frozen frame by both seeds; anyone can repeat it, and every waiting case is told (CH-11, GZ-24)."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.moves.delivering import Transactions
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked
from engine.moves.sampling import draw_by_seeds, open_sampling_of
from engine.moves.selections import choose_once, deliver_selection
from engine.words import SamplingState


def draw_sampling(
    transactions: Transactions,
    sampling_id: int,
    *,
    by: Actor,
    at: datetime,
    most: int | None = None,
    key: str | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Receipt:
    """Draw, put frame, seeds and result on record (`gave["sample"]`), and tell every waiting case, `most` of them.

    Refuses while a seed is missing, and a frame that is no longer the one frozen. `finish_selection` goes on telling.
    """

    def choose(session: Session) -> int:
        sampling = open_sampling_of(session, sampling_id)
        number = draw_by_seeds(session, sampling, by=by, at=at)
        sampling.state, sampling.sample_id = SamplingState.DRAWN, number
        session.flush()
        return number

    asked = Asked("draw_sampling", by, at, key, content={"sampling": sampling_id})
    receipt = choose_once(transactions, asked, choose)
    deliver_selection(transactions, receipt.gave["sample"], by=by, at=at, most=most, progress=progress)
    return receipt
