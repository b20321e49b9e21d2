"""试办 of what concerns many cases at once: a launch, a draw. Nothing here is written."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.errors import EngineError
from engine.moves.asking import Preview, trial
from engine.moves.delivering import Transactions
from engine.moves.frames import Frame
from engine.moves.permissions import must_be_permitted
from engine.moves.receipts import Receipt, written_in
from engine.moves.selections import ready_to_draw


def preview_of_many(session: Session, command: Callable[..., Receipt], *given: Any, **how: Any) -> Preview:
    """`preview` of a command that opens its own transactions, a chunk of cases in each (`launch_stage`).

    All of them are steps of this transaction and taken back with it; the receipt's `opened` are those of all cases.
    Of a draw ask `preview_draw`: nobody is to see beforehand whom the seeds would choose.
    """
    with trial(session):
        since = len(written_in(session))
        try:
            receipt = command(inside(session), *given, **how)
        except EngineError as refusal:
            return Preview(None, refusal)
        opened = tuple(opened for each in written_in(session)[since:] for opened in each.opened)
        return Preview(replace(receipt, opened=opened), None)


@dataclass(frozen=True, slots=True)
class Stratum:
    """The cases of a frame that are of one kind of object and have one chance: `weight` as decimal text, 0 for none."""

    object_kind: str
    weight: str
    source: str | None
    cases: int


@dataclass(frozen=True, slots=True)
class DrawPreview:
    """What a draw would choose from and how many, never whom; or the refusal it would meet.

    `undefined` counts the members of the frame of which the table says nothing (本区未规定).
    """

    frame_hash: bytes | None
    strata: tuple[Stratum, ...]
    frame: int
    candidates: int
    undefined: int
    size: int
    refusal: EngineError | None


def preview_draw(
    session: Session,
    fiscal_year: int,
    purpose: str,
    size: int,
    *,
    by: Actor,
    at: datetime,
    seen_hash: bytes | None = None,
    organizer: str = "finance",
    reason: str | None = None,
) -> DrawPreview:
    """The guards of `draw_sample` and its frame, without seeds: nothing is drawn that could be known beforehand."""
    with trial(session):
        try:
            must_be_permitted("draw_sample", by)
            frame = ready_to_draw(
                session, fiscal_year, purpose, size, organizer=organizer, reason=reason, by=by, at=at, seen=seen_hash
            )
        except EngineError as refusal:
            return DrawPreview(None, (), 0, 0, 0, size, refusal)
        many, candidates = len(frame.members), len(frame.candidates)
        return DrawPreview(frame.hash, _strata(frame), many, candidates, len(frame.undefined), size, None)


def _strata(frame: Frame) -> tuple[Stratum, ...]:
    kinds = Counter((member["object_kind"], member["weight"], member["source"]) for member in frame.members)
    return tuple(Stratum(*kind, many) for kind, many in sorted(kinds.items(), key=str))


def inside(session: Session) -> Transactions:
    """Steps of this transaction for a command that opens its own; taken back with it."""

    @contextmanager
    def opened() -> Iterator[Session]:
        with session.begin_nested():
            yield session

    return opened
