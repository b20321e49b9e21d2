"""我已办: what somebody finished, or a substitute for them, in cases that are not over yet, the latest first.

What was done in a case that is over is packed with it, and told on the page of the case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, BigInteger, DateTime, Select, Uuid, bindparam, func, select, tuple_, union_all
from sqlalchemy.orm import Session, aliased

from engine.cases import Case
from engine.directory import Actor, Person, Unit
from engine.queries import cursor
from engine.queries.desks import cases, tasks
from engine.queries.scope import Seat, seats_of
from engine.queries.worklist import WorkItem, item_of, line_columns
from engine.words import OutcomeWord

NAME = "done_work"


@dataclass(frozen=True, slots=True)
class DoneItem:
    """A finished task as in the work list: when, by whom, for whom, and how it ended (word and label)."""

    item: WorkItem
    completed_at: datetime
    by: str
    acting_for: str | None
    outcome: str | None
    outcome_label: str | None


def done_work(
    session: Session, actor: Actor, *, seats: Sequence[Seat] = (), limit: int = 50, after: str | None = None
) -> cursor.Page[DoneItem]:
    """What the person at the keyboard finished, and what was finished for them, in the units they sit in now."""
    place = cursor.read(after, NAME, None)
    limit = cursor.within(limit)
    told: dict[str, Any] = {
        "jurisdiction": actor.jurisdiction,
        "person": actor.person_id,
        "units": sorted({seat.unit_id for seat in seats_of(actor, seats)}),
        "most": limit + 1,
    }
    if place is not None:
        told |= dict(zip(("done_before", "id_before"), place, strict=True))
    rows = session.execute(_lines(paged=place is not None), told).all()
    shown, leads_on = cursor.page(NAME, None, rows, limit, lambda row: (row.completed_at, row.id))
    return cursor.Page(tuple(_item(session, row) for row in shown), leads_on)


@cache
def _lines(*, paged: bool) -> Select[Any]:
    """The latest of what they did and of what was done for them, each along its index; only then the cases."""
    both = union_all(*(select(_part(who, paged).subquery()) for who in (tasks.completed_by, tasks.acting_for)))
    found = both.subquery("found")
    most = bindparam("most", type_=BigInteger())
    first = select(found).order_by(found.c.completed_at.desc(), found.c.id.desc()).limit(most).subquery("first")
    holder, doer, absent = aliased(Person), aliased(Person), aliased(Person)
    return (
        select(
            *first.c, cases.code, cases.name, cases.object_kind, cases.amount_wan, cases.diagrams_id,
            cases.jurisdiction, cases.unit_id, Unit.name.label("unit"), holder.name.label("holder"),
            doer.name.label("by"), absent.name.label("absent"),
        )
        .join(Case, cases.id == first.c.case_id)
        .join(Unit, Unit.id == cases.unit_id)
        .join(doer, doer.id == first.c.completed_by)
        .outerjoin(absent, absent.id == first.c.acting_for)
        .outerjoin(holder, holder.id == first.c.holder_id)
        .order_by(first.c.completed_at.desc(), first.c.id.desc())
    )  # fmt: skip


def _part(who: Any, paged: bool) -> Select[Any]:
    place = tuple_(bindparam("done_before", type_=DateTime(timezone=True)), bindparam("id_before", type_=Uuid()))
    return (
        select(*line_columns(), tasks.completed_at, tasks.completed_by, tasks.acting_for, tasks.outcome)
        .where(
            who == bindparam("person", type_=BigInteger()),
            tasks.jurisdiction == bindparam("jurisdiction"),
            tasks.unit_id == func.any(bindparam("units", type_=ARRAY(BigInteger()))),
            *([tuple_(tasks.completed_at, tasks.id) < place] if paged else []),
        )
        .order_by(tasks.completed_at.desc(), tasks.id.desc())
        .limit(bindparam("most", type_=BigInteger()))
    )


def _item(session: Session, row: Any) -> DoneItem:
    label = OutcomeWord.said(row.outcome) if row.outcome else None
    return DoneItem(item_of(session, row, date.min), row.completed_at, row.by, row.absent, row.outcome, label)
