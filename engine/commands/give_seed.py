"""填种子: each of two people gives six digits the other does not see; neither can steer the draw (CH-11, GZ-24)."""

import re
from datetime import datetime

from sqlalchemy.orm import Session

from engine.audit.events.evaluations import SeedGiven
from engine.directory import Actor
from engine.errors import InvalidInput, NotAllowed, WrongState
from engine.moves.conflicts import last_outside_cases
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.moves.sampling import open_sampling_of
from engine.moves.writing import record_outside_cases
from engine.results.model import Sampling
from engine.results.sampling import SeedRefused
from engine.words import Role, SeedSide

DIGITS = re.compile(r"[0-9]{6}")


class SideUnknown(InvalidInput):
    """There are two sides only."""

    code = "sampling.side_unknown"


class SeedSealed(WrongState):
    """This side has given its seed; it cannot be changed any more."""

    code = "sampling.seed_sealed"


class OnePersonTwice(NotAllowed):
    """The same person would give both seeds."""

    code = "sampling.one_person_twice"


def give_seed(
    session: Session, sampling_id: int, side: str, seed: str, *, by: Actor, at: datetime, key: str | None = None
) -> Receipt:
    """Seal one side's six digits: 经办 is the performance office, 监督 anybody else who may; never one person both."""

    def work() -> dict[str, int]:
        if side not in SeedSide.labels():
            raise SideUnknown("种子只能由经办或监督一方填，没有记入。请重新选择。", side=side)
        if side == SeedSide.HANDLER:
            by.must_hold(Role.PERFORMANCE_OFFICE)
        sampling = open_sampling_of(session, sampling_id)
        _must_be_free(session, sampling, side, by)
        if not DIGITS.fullmatch(seed):
            raise SeedRefused("种子要填六位数字，没有记入。请重新填写。", whose=SeedSide.said(side))
        if seed in (sampling.handler_seed, sampling.supervisor_seed):
            raise SeedRefused("这个种子不能用，没有记入。请另想六位数字。", whose=SeedSide.said(side))
        setattr(sampling, f"{side}_seed", seed)
        setattr(sampling, f"{side}_id", by.person_id)
        setattr(sampling, f"{side}_at", at)
        session.flush()
        told = SeedGiven(number=sampling_id, side=side)
        record_outside_cases(session, by.jurisdiction, [told], by=by, at=at)
        return {"sampling": sampling_id}

    content = {"sampling": sampling_id, "side": side, "seed": seed}
    return once(session, Asked("give_seed", by, at, key, content=content), work)


def _must_be_free(session: Session, sampling: Sampling, side: str, by: Actor) -> None:
    """Refuse to change a seed, and to let one person give both."""
    mine, theirs = ("handler", "supervisor") if side == SeedSide.HANDLER else ("supervisor", "handler")
    if getattr(sampling, f"{mine}_seed") is not None:
        who = last_outside_cases(session, by.jurisdiction, SeedGiven, sampling=[sampling.id], side=[side])
        raise SeedSealed(
            f"{SeedSide.said(side)}一方的种子已经封存{who}，不能再改，没有记入。要重来请作废重抽。", side=side
        )
    if by.is_or_stands_for(getattr(sampling, f"{theirs}_id")):
        raise OnePersonTwice("另一方的种子是您填的，两个种子要由两个人填，没有记入。请另一位来填。", side=side)
