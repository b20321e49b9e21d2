"""Who was chosen, out of whom, and how every waiting case is told: what draws and plans have in common."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from engine.audit.events import Event
from engine.audit.events.evaluations import (
    CaseNotDrawn,
    CasePlanned,
    CaseSampled,
    EvaluationPlanned,
    SampleDrawn,
    SampleSkipped,
)
from engine.directory import Actor
from engine.errors import InvalidInput, NotFound, WrongState
from engine.moves.conflicts import last_outside_cases
from engine.moves.delivering import Transactions, deliver_to_waiting
from engine.moves.frames import Drawing, Frame, frame_for, purpose_of
from engine.moves.move import Move
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.moves.writing import record_outside_cases
from engine.results.model import Sample
from engine.results.sampling import ALWAYS, NEVER, must_be_drawable
from engine.reviews import ReasonMissing
from engine.texts import is_blank
from engine.words import Organizer, Selection

RECORDED: Mapping[type[Event], Selection] = {
    SampleDrawn: Selection.DRAWN, EvaluationPlanned: Selection.PLANNED, SampleSkipped: Selection.SKIPPED,
}  # fmt: skip
TOLD = {
    Selection.DRAWN: CaseSampled, Selection.PLANNED: CasePlanned, Selection.SKIPPED: CaseNotDrawn,
}  # fmt: skip
"""Which event puts a choice on record, and which tells a case what came of it."""

NO_MARKS: Mapping[int, Drawing] = {}

Choice = Mapping[str, Any]
"""One case chosen: `case` and, for an evaluation, `organizer`."""


class FrameChanged(WrongState):
    """The frame is no longer the one that was frozen."""

    code = "sample.frame_changed"


class SelectionUnfinished(WrongState):
    """An earlier draw or plan has not reached all its cases yet."""

    code = "sample.unfinished"


class NobodyWaits(WrongState):
    """There is nobody to choose from."""

    code = "sample.nobody_waits"


class SampleNotFound(NotFound):
    """No such draw in this jurisdiction."""

    code = "sample.not_found"


class MarkRefused(InvalidInput):
    """必抽 or 回避 that cannot stand."""

    code = "sample.mark_refused"


class OrganizerUnknown(InvalidInput):
    """An evaluation is led by finance or by the department (HC-14)."""

    code = "sample.organizer_unknown"


def frozen(
    session: Session,
    fiscal_year: int,
    purpose: str,
    *,
    by: Actor,
    at: datetime,
    seen: bytes | None,
    marks: Mapping[int, Drawing] = NO_MARKS,
) -> Frame:
    """The frame as it stands now, with `marks`; refused when it is not the one seen before, or another is under way."""
    lock = {"choice": f"selection {by.jurisdiction} {fiscal_year} {purpose}"}
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:choice))"), lock)
    frame = frame_for(session, by.jurisdiction, fiscal_year, purpose_of(purpose), at=at).with_marks(marks)
    if not frame.members:
        who = last_outside_cases(session, by.jurisdiction, *RECORDED, fiscal_year=[fiscal_year], purpose=[purpose])
        last = f"，上一次选取已办{who}" if who else ""
        raise NobodyWaits(
            f"{fiscal_year}年度现在没有案卷在等待选取{last}，没有办理。案卷到达这一阶段后再办。", purpose=purpose
        )
    waiting = {member["case"] for member in frame.members}
    for earlier in session.scalars(
        select(Sample).where(Sample.fiscal_year == fiscal_year, Sample.purpose == purpose).order_by(Sample.id)
    ):
        left = waiting & {member["case"] for member in earlier.frame}
        if left:
            who = last_outside_cases(session, by.jurisdiction, *RECORDED, sample=[earlier.id])
            raise SelectionUnfinished(
                f"第{earlier.id}号选取{who}还有{len(left)}份案卷没有送达，不能另行选取。请先续办第{earlier.id}号。",
                sample=earlier.id,
                left=len(left),
            )
    if seen is not None and frame.hash != seen:
        raise FrameChanged(
            "备选名单在冻结之后有变动，指纹不符，没有办理。请重新核对名单、记下新的指纹后再办。",
            seen=seen.hex(),
            now=frame.hash.hex(),
        )
    return frame


def ready_to_draw(
    session: Session,
    fiscal_year: int,
    purpose: str,
    size: int,
    *,
    organizer: str,
    reason: str | None,
    by: Actor,
    at: datetime,
    seen: bytes | None,
    marks: Mapping[int, Drawing] = NO_MARKS,
) -> Frame:
    """The frame a draw of `size` cases may be made from now; refuses all that stands in its way but the seeds."""
    must_be_organizer(organizer)
    frame = frozen(session, fiscal_year, purpose, by=by, at=at, seen=seen, marks=marks)
    must_explain_undefined(frame, frame.undefined, reason)
    must_be_drawable(len(frame.candidates), size)
    return frame


def settled(frame: Frame, marks: Mapping[int, Drawing], size: int) -> Frame:
    """The frame with 必抽 and 回避. Refuses a case not in it or ruled out, no reason, and more 必抽 than `size`."""
    weights = {member["case"]: member["weight"] for member in frame.members}
    for case, drawing in marks.items():
        if case not in weights:
            raise MarkRefused(f"{case}号案卷不在备选名单里，没有冻结。请核对必抽和回避。", case=case)
        if drawing.draw not in (ALWAYS, NEVER):
            raise MarkRefused(f"{case}号案卷只能设为必抽或回避，没有冻结。请核对。", case=case)
        if is_blank(drawing.reason):
            raise ReasonMissing("必抽、回避都要逐件写明原因，没有冻结。请补充。", case=case)
        if drawing.draw == ALWAYS and weights[case] == "0":
            raise MarkRefused(f"{case}号案卷按本区规定不参加，不能设为必抽，没有冻结。请删去。", case=case)
    marked = frame.with_marks(marks)
    must_be_drawable(len(marked.candidates), size)
    if len(marked.always) > size:
        raise MarkRefused(
            f"必抽{len(marked.always)}个，多于抽取数量{size}个，没有冻结。请增加数量或减少必抽。", size=size
        )
    return marked


def must_explain_undefined(frame: Frame, chosen: Sequence[int], reason: str | None) -> None:
    """Refuse to choose among cases of which the table says nothing unless somebody says why."""
    without_rule = set(frame.undefined) & set(chosen)
    if without_rule and is_blank(reason):
        raise ReasonMissing(
            f"有{len(without_rule)}份案卷本区未规定能否选取，没有办理。请写明选取的理由。", cases=sorted(without_rule)
        )


def must_be_organizer(organizer: str) -> None:
    """Refuse an organizer nobody knows."""
    if organizer not in Organizer.labels():
        raise OrganizerUnknown(
            f"组织方只能是{'或'.join(Organizer.labels().values())}，没有办理。请重新选择。", organizer=organizer
        )


def keep(
    session: Session,
    fiscal_year: int,
    purpose: str,
    frame: Frame,
    chosen: Sequence[Choice],
    *,
    event: type[SampleDrawn] | type[SampleSkipped] | type[EvaluationPlanned],
    by: Actor,
    at: datetime,
    seeds: tuple[str, str] = ("", ""),
    **facts: Any,
) -> int:
    """Put a choice on record, with its frame and in the journal; gives its number. A plan has no seeds."""
    sample = Sample(
        jurisdiction=by.jurisdiction, fiscal_year=fiscal_year, purpose=purpose, way=RECORDED[event],
        frame=[dict(member) for member in frame.members], frame_hash=frame.hash,
        finance_seed=seeds[0], witness_seed=seeds[1], size=len(chosen),
        drawn=[dict(choice) for choice in chosen], drawn_by=by.person_id, drawn_at=at,
    )  # fmt: skip
    session.add(sample)
    session.flush()
    told = {
        "number": sample.id,
        "purpose": purpose,
        "fiscal_year": fiscal_year,
        "frame": len(frame.members),
        "candidates": len(frame.candidates),
        "frame_hash": frame.hash.hex(),
        "chosen": tuple(choice["case"] for choice in chosen),
        **{name: value for name, value in facts.items() if value is not None},
    }
    record_outside_cases(session, by.jurisdiction, [event(**told)], by=by, at=at)
    return sample.id


def deliver_selection(
    transactions: Transactions,
    sample_id: int,
    *,
    by: Actor,
    at: datetime,
    most: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Sample:
    """Tell every case of the frame that still waits what came of it; after an interruption, simply ask again.

    With `most` it stops after so many.
    """
    with transactions() as session:
        sample = sample_by_id(session, sample_id)
    told = answers(sample)
    event = TOLD[sample.way]

    def note(move: Move) -> None:
        move.record(event(number=sample.id, purpose=sample.purpose, **told[move.case.id]))

    deliver_to_waiting(
        transactions,
        sample.fiscal_year,
        purpose_of(sample.purpose).message,
        lambda case: told[case.id],
        by=by,
        at=at,
        scope={"case_ids": told.keys()},
        most=most,
        progress=progress,
        note=note,
    )
    return sample


def answers(sample: Sample) -> dict[int, dict[str, Any]]:
    """What each case of the frame is told: `sampled`, or `selected` and who organises."""
    chosen = {choice["case"]: choice for choice in sample.drawn}
    word = "sampled" if sample.purpose == "spot_review" else "selected"
    return {
        case: {word: case in chosen} | {name: v for name, v in chosen.get(case, {}).items() if name != "case"}
        for case in (member["case"] for member in sample.frame)
    }


def sample_by_id(session: Session, sample_id: int) -> Sample:
    """The draw or plan of that number; refuses one this jurisdiction does not have."""
    sample = session.get(Sample, sample_id)
    if sample is None:
        raise SampleNotFound("没有这次选取，或者它不属于本地区。请核对编号。", sample=sample_id)
    return sample


def choose_once(transactions: Transactions, asked: Asked, choose: Callable[[Session], int]) -> Receipt:
    """The receipt of what `choose` put on record, in a transaction of its own; under a known key that of before."""
    with transactions() as session:
        return once(session, asked, lambda: {"sample": choose(session)})
