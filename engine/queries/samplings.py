"""抽样 that two people prepare: what was frozen, who gave a seed, who still has to; no read tells a seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import false, func, select, true
from sqlalchemy.orm import Session, aliased

from engine.directory import Actor, Person
from engine.moves.sampling import SamplingNotFound
from engine.queries import cursor
from engine.queries.selections import MAY_SEE, PURPOSES
from engine.results.model import Sampling
from engine.results.sampling import NEVER
from engine.store.base import table_of
from engine.words import SamplingState

_samplings = table_of(Sampling).c


@dataclass(frozen=True, slots=True)
class Seed:
    """Who sealed a seed, and when."""

    by: str
    person_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class SamplingLine:
    """One draw in preparation, made or given up; `handler` and `supervisor` are None until they gave a seed."""

    id: int
    fiscal_year: int
    purpose: str
    purpose_name: str
    size: int
    organizer: str
    reason: str | None
    frame: int
    candidates: int
    frame_hash: str
    state: SamplingState
    opened_by: str
    opened_at: datetime
    handler: Seed | None
    supervisor: Seed | None
    sample_id: int | None
    voided_by: str | None
    voided_at: datetime | None
    void_reason: str | None


@dataclass(frozen=True, slots=True)
class SamplingCard:
    """One of them with the frame as it was frozen (case, code, name, amount_wan, weight, source …)."""

    line: SamplingLine
    members: tuple[Mapping[str, Any], ...]


def samplings(
    session: Session, actor: Actor, *, fiscal_year: int | None = None, limit: int = 50, after: str | None = None
) -> cursor.Page[SamplingLine]:
    """The draws by two people, the latest first; for finance, the auditors and the congress."""
    found = _found(actor)
    if fiscal_year is not None:
        found = found.where(_samplings.fiscal_year == fiscal_year)
    return cursor.turn(
        session, found, (_samplings.fiscal_year, _samplings.id), _line,
        name="samplings", filters=fiscal_year, limit=limit, after=after,
    )  # fmt: skip


def sampling_card(session: Session, actor: Actor, sampling_id: int) -> SamplingCard:
    """One draw with its frame; refuses one that is not there for this actor."""
    found = _found(actor).add_columns(_samplings.frame.label("members")).where(_samplings.id == sampling_id)
    row = session.execute(found).one_or_none()
    if row is None:
        raise SamplingNotFound("没有这次抽样，或者您无权查看。请核对编号。", sampling=sampling_id)
    return SamplingCard(_line(row), tuple(row.members))


def _found(actor: Actor) -> Any:
    opener, handler, supervisor, voider = (aliased(Person) for _ in range(4))
    members = func.jsonb_array_elements(_samplings.frame).table_valued("value", name="member")
    candidates = (
        select(func.count())
        .select_from(members)
        .where(
            members.c.value.op("->>")("weight") != "0",
            func.coalesce(members.c.value.op("->>")("draw"), "") != NEVER,
        )
        .scalar_subquery()
    )
    return (
        select(
            _samplings.fiscal_year, _samplings.id, _samplings.purpose, _samplings.size, _samplings.organizer,
            _samplings.reason, func.jsonb_array_length(_samplings.frame).label("many"), candidates.label("candidates"),
            func.encode(_samplings.frame_hash, "hex").label("hash"), _samplings.state,
            opener.name.label("opened_by"), _samplings.opened_at,
            handler.name.label("handler"), _samplings.handler_id, _samplings.handler_at,
            supervisor.name.label("supervisor"), _samplings.supervisor_id, _samplings.supervisor_at,
            _samplings.sample_id, voider.name.label("voided_by"), _samplings.voided_at, _samplings.void_reason,
        )
        .join(opener, opener.id == _samplings.opened_by)
        .outerjoin(handler, handler.id == _samplings.handler_id)
        .outerjoin(supervisor, supervisor.id == _samplings.supervisor_id)
        .outerjoin(voider, voider.id == _samplings.voided_by)
        .where(_samplings.jurisdiction == actor.jurisdiction, true() if actor.roles & MAY_SEE else false())
    )  # fmt: skip


def _line(row: Any) -> SamplingLine:
    return SamplingLine(
        id=row.id,
        fiscal_year=row.fiscal_year,
        purpose=row.purpose,
        purpose_name=PURPOSES.get(row.purpose, row.purpose),
        size=row.size,
        organizer=row.organizer,
        reason=row.reason,
        frame=row.many,
        candidates=row.candidates,
        frame_hash=row.hash,
        state=row.state,
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        handler=_seed(row.handler, row.handler_id, row.handler_at),
        supervisor=_seed(row.supervisor, row.supervisor_id, row.supervisor_at),
        sample_id=row.sample_id,
        voided_by=row.voided_by,
        voided_at=row.voided_at,
        void_reason=row.void_reason,
    )


def _seed(name: str | None, person_id: int | None, at: datetime | None) -> Seed | None:
    return Seed(name, person_id, at) if name is not None and person_id is not None and at is not None else None
