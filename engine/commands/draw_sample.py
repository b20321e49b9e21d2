"""抽样: out of a frozen frame, by a seed from finance and one from a witness; anyone can repeat it (CH-11, GZ-24)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.commands.frames import Frame, frame_for, purpose_of
from engine.commands.launch_stage import Transactions
from engine.commands.repeating import done_before, remember
from engine.commands.selections import (
    deliver_selection,
    frozen,
    keep,
    must_be_organizer,
    must_explain_undefined,
    sample_by_id,
)
from engine.directory import Actor, Role
from engine.errors import InvalidInput
from engine.results.model import Sample
from engine.results.sampling import draw, frame_hash
from engine.reviews import ReasonMissing


class WitnessMissing(InvalidInput):
    """A draw needs somebody who watched it."""

    code = "sample.witness_missing"


@dataclass(frozen=True, slots=True)
class Recount:
    """A draw done again from what was stored: whether the frame has its hash, who comes out, and whether all agrees."""

    frame_holds: bool
    drawn_again: tuple[int, ...]
    holds: bool


def preview_frame(session: Session, fiscal_year: int, purpose: str, *, by: Actor, at: datetime) -> Frame:
    """The frame as it would be drawn from now; its hash is what both sides note down. Changes nothing."""
    by.must_hold(Role.PERFORMANCE_OFFICE)
    return frame_for(session, by.jurisdiction, fiscal_year, purpose_of(purpose), at=at)


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
) -> Sample:
    """Draw `size` cases, put frame, seeds and result on record, and tell every waiting case whether it was drawn.

    `seen_hash` is the hash both sides noted down; another frame meanwhile is refused. `reason` says why cases take
    part of which the table says nothing. Interrupted, `deliver_selection` finishes it.
    """

    def choose(session: Session) -> int:
        if not witness.strip():
            raise WitnessMissing("抽样要有见证人，没有抽样。请写明见证人姓名和单位。")
        must_be_organizer(organizer)
        frame = frozen(session, fiscal_year, purpose, by=by, at=at, seen=seen_hash)
        must_explain_undefined(frame, frame.undefined, reason)
        drawn = draw(frame.members, finance_seed, witness_seed, size)
        more = {"organizer": organizer} if purpose == "key_evaluation" else {}
        chosen = [{"case": case, **more} for case in drawn]
        seeds = (finance_seed, witness_seed)
        told = {"witness": witness.strip(), "reason": reason}
        return keep(
            session, fiscal_year, purpose, frame, chosen, event="sample.drawn", by=by, at=at, seeds=seeds, **told
        )

    sample_id = once(transactions, "draw_sample", choose, by=by, at=at, key=key)
    return deliver_selection(transactions, sample_id, by=by, at=at, progress=progress)


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
        return keep(session, fiscal_year, purpose, frame, (), event="sample.skipped", by=by, at=at, reason=reason)

    sample_id = once(transactions, "skip_draw", choose, by=by, at=at, key=key)
    return deliver_selection(transactions, sample_id, by=by, at=at)


def verify_sample(session: Session, sample_id: int) -> Recount:
    """复算: the draw again, from the stored frame and seeds; a choice without seeds has only its frame's hash."""
    sample = sample_by_id(session, sample_id)
    drawn = tuple(int(choice["case"]) for choice in sample.drawn)
    holds = frame_hash(sample.frame) == sample.frame_hash
    again = draw(sample.frame, sample.finance_seed, sample.witness_seed, sample.size) if sample.finance_seed else drawn
    return Recount(holds, again, holds and again == drawn)


def once(
    transactions: Transactions,
    command: str,
    choose: Callable[[Session], int],
    *,
    by: Actor,
    at: datetime,
    key: str | None,
) -> int:
    """The number of what `choose` put on record, in a transaction of its own; under a known key that of before."""
    with transactions() as session:
        by.must_hold(Role.PERFORMANCE_OFFICE)
        known: dict[str, Any] | None = done_before(session, by.jurisdiction, key, command, at, {})
        if known is not None:
            return int(known["sample"])
        sample_id = choose(session)
        remember(session, by.jurisdiction, key, {"sample": sample_id})
        return sample_id
