"""抽样: out of a frozen frame, by a seed from finance and one from a witness; anyone can repeat it (CH-11, GZ-24)."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from engine.audit.events.evaluations import SampleDrawn
from engine.directory import Actor
from engine.errors import InvalidInput
from engine.moves.delivering import Transactions
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked
from engine.moves.selections import (
    choose_once,
    deliver_selection,
    keep,
    ready_to_draw,
)
from engine.results.sampling import draw
from engine.texts import is_blank


class WitnessMissing(InvalidInput):
    """A draw needs somebody who watched it."""

    code = "sample.witness_missing"


def draw_sample(
    transactions: Transactions,
    fiscal_year: int,
    purpose: str,
    size: int,
    *,
    finance_seed: str,
    witness_seed: str,
    witness: str,
    by: Actor,
    at: datetime,
    seen_hash: bytes | None = None,
    organizer: str = "finance",
    reason: str | None = None,
    key: str | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Receipt:
    """Draw `size` cases, put frame, seeds and result on record, and tell every waiting case whether it was drawn.

    `seen_hash` is the hash both sides noted down; another frame meanwhile is refused. `reason` says why cases take
    part of which the table says nothing. Interrupted, `deliver_selection` finishes it.
    """

    def choose(session: Session) -> int:
        if is_blank(witness):
            raise WitnessMissing("抽样要有见证人，没有抽样。请写明见证人姓名和单位。")
        frame = ready_to_draw(
            session, fiscal_year, purpose, size, organizer=organizer, reason=reason, by=by, at=at, seen=seen_hash
        )
        drawn = draw(frame.members, finance_seed, witness_seed, size)
        more = {"organizer": organizer} if purpose == "key_evaluation" else {}
        chosen = [{"case": case, **more} for case in drawn]
        seeds = (finance_seed, witness_seed)
        told = {"witness": witness.strip(), "reason": reason}
        return keep(session, fiscal_year, purpose, frame, chosen, event=SampleDrawn, by=by, at=at, seeds=seeds, **told)

    content = {
        "fiscal_year": fiscal_year, "purpose": purpose, "size": size, "finance_seed": finance_seed,
        "witness_seed": witness_seed, "witness": witness, "organizer": organizer, "reason": reason,
        "seen_hash": seen_hash.hex() if seen_hash else None,
    }  # fmt: skip
    receipt = choose_once(transactions, Asked("draw_sample", by, at, key, content=content), choose)
    deliver_selection(transactions, receipt.gave["sample"], by=by, at=at, progress=progress)
    return receipt
