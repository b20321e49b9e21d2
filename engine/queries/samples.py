"""Draws looked at: the frame as it stands, and a draw done again from what was stored (CH-11, GZ-24)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.moves.frames import Frame, frame_for, purpose_of
from engine.moves.permissions import must_be_permitted
from engine.moves.selections import sample_by_id
from engine.results.sampling import draw, frame_hash


@dataclass(frozen=True, slots=True)
class Recount:
    """A draw done again from what was stored: whether the frame has its hash, who comes out, and whether all agrees."""

    frame_holds: bool
    drawn_again: tuple[int, ...]
    holds: bool


def preview_frame(session: Session, fiscal_year: int, purpose: str, *, by: Actor, at: datetime) -> Frame:
    """The frame as it would be drawn from now; its hash is what both sides note down. Changes nothing."""
    must_be_permitted("preview_frame", by)
    return frame_for(session, by.jurisdiction, fiscal_year, purpose_of(purpose), at=at)


def verify_sample(session: Session, sample_id: int) -> Recount:
    """复算: the draw again, from the stored frame and seeds; a choice without seeds has only its frame's hash."""
    sample = sample_by_id(session, sample_id)
    drawn = tuple(int(choice["case"]) for choice in sample.drawn)
    holds = frame_hash(sample.frame) == sample.frame_hash
    again = draw(sample.frame, sample.finance_seed, sample.witness_seed, sample.size) if sample.finance_seed else drawn
    return Recount(holds, again, holds and again == drawn)
