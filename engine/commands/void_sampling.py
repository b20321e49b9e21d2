"""作废: a draw that was prepared is given up before anything was drawn, so that it can begin anew."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.audit.events.evaluations import SamplingVoided
from engine.directory import Actor
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.moves.sampling import open_sampling_of
from engine.moves.writing import record_outside_cases
from engine.reviews import ReasonMissing
from engine.texts import is_blank
from engine.words import SamplingState


def void_sampling(
    session: Session, sampling_id: int, *, reason: str, by: Actor, at: datetime, key: str | None = None
) -> Receipt:
    """Give up a draw nothing was drawn by yet, for a reason that stays on record; its seeds are never shown."""

    def work() -> dict[str, int]:
        sampling = open_sampling_of(session, sampling_id)
        if is_blank(reason):
            raise ReasonMissing("作废要写明理由，没有作废。请补充。")
        sampling.state, sampling.void_reason = SamplingState.VOID, reason
        sampling.voided_by, sampling.voided_at = by.person_id, at
        session.flush()
        told = SamplingVoided(number=sampling_id, reason=reason)
        record_outside_cases(session, by.jurisdiction, [told], by=by, at=at)
        return {"sampling": sampling_id}

    content = {"sampling": sampling_id, "reason": reason}
    return once(session, Asked("void_sampling", by, at, key, content=content), work)
