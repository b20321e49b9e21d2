"""抽样和年度评价计划: every choice of a year as it was recorded, and the draw done again from it (CH-11, GZ-24)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import false, func, select, true
from sqlalchemy.orm import Session

from engine.audit import Entry
from engine.cases import Case, cases_waiting_for
from engine.directory import Actor, Person
from engine.moves.frames import Frame, frame_for, purpose_of
from engine.moves.permissions import must_be_permitted
from engine.moves.selections import RECORDED, SampleNotFound
from engine.queries import cursor
from engine.queries.scope import WHOLE_TENANT
from engine.results.model import Sample
from engine.results.sampling import Slip, frame_hash, ranking
from engine.store.base import table_of
from engine.words import Role, Selection, Stage
from engine.words.worded import labels_of

_samples, _journal = table_of(Sample).c, table_of(Entry).c
PURPOSES = labels_of((Stage.SPOT_REVIEW, Stage.KEY_EVALUATION))
MAY_SEE = WHOLE_TENANT | {Role.OBSERVER, Role.AUDIT_ADMIN}


@dataclass(frozen=True, slots=True)
class SampleLine:
    """One draw or plan: how many were in the frame, how many were to be chosen, and in which way."""

    id: int
    fiscal_year: int
    purpose: str
    purpose_name: str
    frame: int
    size: int
    frame_hash: str
    way: Selection
    drawn_by: str
    drawn_at: datetime


@dataclass(frozen=True, slots=True)
class Recount:
    """A choice and the same done again: whether the frame has its hash and the same cases come out.

    `agreeing` of the `chosen` come out again; members are as they were frozen (case, code, name, amount_wan, weight …).
    `slips` are the numbers a draw ordered the cases by, `organizers` who leads the evaluation of a chosen one, `seeds`
    those of a draw, by which anyone repeats it; `witness` and `reason` are what the journal tells of it.
    """

    line: SampleLine
    members: tuple[Mapping[str, Any], ...]
    chosen: tuple[int, ...]
    frame_holds: bool
    again: tuple[int, ...]
    slips: Mapping[int, Slip]
    organizers: Mapping[int, str]
    witness: str | None
    reason: str | None
    seeds: tuple[str, str]

    @property
    def holds(self) -> bool:
        """Whether everything agrees."""
        return self.frame_holds and self.again == self.chosen

    @property
    def agreeing(self) -> int:
        """How many of the chosen come out again."""
        return len(set(self.again) & set(self.chosen))


def preview_frame(session: Session, fiscal_year: int, purpose: str, *, by: Actor, at: datetime) -> Frame:
    """The frame as it would be drawn from now; its hash is what both sides note down. Changes nothing."""
    must_be_permitted("preview_frame", by)
    return frame_for(session, by.jurisdiction, fiscal_year, purpose_of(purpose), at=at)


def samples(
    session: Session,
    actor: Actor,
    *,
    fiscal_year: int | None = None,
    purpose: str | None = None,
    limit: int = 50,
    after: str | None = None,
) -> cursor.Page[SampleLine]:
    """The draws and plans of the jurisdiction, the latest first; for finance, the auditors and the congress."""
    found = _found(actor)
    if purpose is not None:
        found = found.where(_samples.purpose == purpose)
    if fiscal_year is not None:
        found = found.where(_samples.fiscal_year == fiscal_year)
    return cursor.turn(
        session, found, (_samples.fiscal_year, _samples.id), _line,
        name="samples", filters=(fiscal_year, purpose), limit=limit, after=after,
    )  # fmt: skip


def recount(session: Session, actor: Actor, sample_id: int) -> Recount:
    """复算: one choice with its frame and what comes out when it is drawn again; a plan has only its frame's hash."""
    more = (_samples.frame, _samples.drawn, _samples.witness_seed, _samples.frame_hash.label("kept_hash"))
    row = session.execute(_found(actor).add_columns(*more).where(_samples.id == sample_id)).one_or_none()
    if row is None:
        raise SampleNotFound("没有这次选取，或者您无权查看。请核对编号。", sample=sample_id)
    chosen = tuple(int(choice["case"]) for choice in row.drawn)
    ranked = ranking(row.frame, row.finance_seed, row.witness_seed) if row.way is Selection.DRAWN else ()
    told = session.scalar(_told(actor.jurisdiction, row.way, sample_id)) or {}
    return Recount(
        line=_line(row),
        members=tuple(row.frame),
        chosen=chosen,
        frame_holds=frame_hash(row.frame) == row.kept_hash,
        again=tuple(slip.case for slip in ranked[: row.size]) if ranked else chosen,
        slips={slip.case: slip for slip in ranked},
        organizers={int(choice["case"]): choice["organizer"] for choice in row.drawn if "organizer" in choice},
        witness=told.get("witness"),
        reason=told.get("reason"),
        seeds=(row.finance_seed, row.witness_seed),
    )


def still_waiting(session: Session, actor: Actor, sample_id: int) -> int:
    """How many cases of a choice have not been told yet what came of it; 0 for who may not see it."""
    row = session.execute(_found(actor).add_columns(_samples.frame).where(_samples.id == sample_id)).one_or_none()
    if row is None:
        return 0
    meant = [int(member["case"]) for member in row.frame]
    waiting = cases_waiting_for(actor.jurisdiction, row.fiscal_year, purpose_of(row.purpose).message)
    left = waiting.where(Case.id.in_(meant)).order_by(None).with_only_columns(func.count())
    return session.scalar(left) or 0


def _told(jurisdiction: str, way: Selection, sample_id: int) -> Any:
    """What the jurisdiction's own chain says of a choice."""
    (event,) = (kind.name for kind, recorded in RECORDED.items() if recorded is way)
    return select(_journal.payload).where(
        _journal.jurisdiction == jurisdiction,
        _journal.case_id == 0,
        _journal.type == event,
        _journal.payload["sample"].as_integer() == sample_id,
    )


def _found(actor: Actor) -> Any:
    return (
        select(
            _samples.fiscal_year, _samples.id, _samples.purpose, func.jsonb_array_length(_samples.frame).label("many"),
            _samples.size, func.encode(_samples.frame_hash, "hex").label("hash"), _samples.way,
            _samples.finance_seed, Person.name.label("drawn_by"), _samples.drawn_at,
        )
        .join(Person, Person.id == _samples.drawn_by)
        .where(_samples.jurisdiction == actor.jurisdiction, true() if actor.roles & MAY_SEE else false())
    )  # fmt: skip


def _line(row: Any) -> SampleLine:
    return SampleLine(
        id=row.id,
        fiscal_year=row.fiscal_year,
        purpose=row.purpose,
        purpose_name=PURPOSES.get(row.purpose, row.purpose),
        frame=row.many,
        size=row.size,
        frame_hash=row.hash,
        way=row.way,
        drawn_by=row.drawn_by,
        drawn_at=row.drawn_at,
    )
