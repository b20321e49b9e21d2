"""冻结抽样框: who may be drawn and how many stands, before anybody thinks of a seed (CH-11, GZ-24)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.events.evaluations import SamplingOpened
from engine.directory import Actor
from engine.errors import WrongState
from engine.moves.conflicts import last_outside_cases
from engine.moves.frames import Drawing
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.moves.selections import MarkRefused, ready_to_draw, settled
from engine.moves.writing import record_outside_cases
from engine.results.model import Sampling
from engine.results.sampling import ALWAYS, NEVER
from engine.words import SamplingState

NOBODY: Mapping[int, str] = {}


class SamplingUnderWay(WrongState):
    """There is a draw for this year and purpose that was neither made nor given up."""

    code = "sampling.under_way"


def open_sampling(
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
    always: Mapping[int, str] = NOBODY,
    never: Mapping[int, str] = NOBODY,
    key: str | None = None,
) -> Receipt:
    """Freeze the frame and the size of a draw; `gave` has its number. Then each of two people gives a seed.

    `seen_hash` is the hash of the frame that was looked at; another one meanwhile is refused. `reason` says why cases
    take part of which the table says nothing. `always` and `never` (case → why) are who is in without being drawn and
    who is kept out; `size` counts the former; both stand in the frozen frame and in the record. One draw at a time for
    a year and a purpose.
    """

    marks = _marks(always, never)

    def work() -> dict[str, int]:
        frame = ready_to_draw(
            session, fiscal_year, purpose, size, organizer=organizer, reason=reason, by=by, at=at, seen=seen_hash
        )
        frame = settled(frame, marks, size)
        _must_be_the_only_one(session, by.jurisdiction, fiscal_year, purpose)
        sampling = Sampling(
            jurisdiction=by.jurisdiction, fiscal_year=fiscal_year, purpose=purpose, size=size, organizer=organizer,
            reason=reason, frame=[dict(member) for member in frame.members], frame_hash=frame.hash,
            opened_by=by.person_id, opened_at=at,
        )  # fmt: skip
        session.add(sampling)
        session.flush()
        told = SamplingOpened(
            number=sampling.id, purpose=purpose, fiscal_year=fiscal_year, frame=len(frame.members),
            candidates=len(frame.candidates), frame_hash=frame.hash.hex(), size=size, reason=reason,
            always=frame.always, never=frame.never,
        )  # fmt: skip
        record_outside_cases(session, by.jurisdiction, [told], by=by, at=at)
        return {"sampling": sampling.id}

    content: dict[str, Any] = {
        "fiscal_year": fiscal_year, "purpose": purpose, "size": size, "organizer": organizer, "reason": reason,
        "seen_hash": seen_hash.hex() if seen_hash else None,
    }  # fmt: skip
    if marks:
        content["marks"] = [[case, drawing.draw, drawing.reason] for case, drawing in sorted(marks.items())]
    return once(session, Asked("open_sampling", by, at, key, content=content), work)


def _marks(always: Mapping[int, str], never: Mapping[int, str]) -> dict[int, Drawing]:
    """What is settled of each case. Refuses one that is in both."""
    for case in always.keys() & never.keys():
        raise MarkRefused(f"{case}号案卷既是必抽又是回避，没有冻结。请只留一项。", case=case)
    return {case: Drawing(ALWAYS, why.strip()) for case, why in always.items()} | {
        case: Drawing(NEVER, why.strip()) for case, why in never.items()
    }


def _must_be_the_only_one(session: Session, jurisdiction: str, fiscal_year: int, purpose: str) -> None:
    other = session.scalar(
        select(Sampling.id).where(
            Sampling.fiscal_year == fiscal_year,
            Sampling.purpose == purpose,
            Sampling.state == SamplingState.OPEN,
        )
    )
    if other is not None:
        who = last_outside_cases(session, jurisdiction, SamplingOpened, sampling=[other])
        raise SamplingUnderWay(
            f"第{other}次抽样{who}还没有抽取，没有另行冻结。请先完成它，或写明理由作废后重抽。", sampling=other
        )
