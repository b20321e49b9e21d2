"""暂停中: tasks that lie still with their cases: since when, by whom and why; never overdue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, select, true
from sqlalchemy.orm import Session

from engine.audit import Entry
from engine.audit.events.cases import CaseSuspended
from engine.directory import Actor, Person
from engine.queries import cursor
from engine.queries.desks import ORDER, Shape, WorkFilters, bound, of_suspended_case, on_desks, shape_of
from engine.queries.scope import Seat
from engine.queries.worklist import EVERYTHING, WorkItem, item_of, line_columns, with_cases
from engine.store.base import table_of

NAME = "suspended_work"
_journal = table_of(Entry).c


@dataclass(frozen=True, slots=True)
class SuspendedItem:
    """A task as in the work list, and how its case came to stand still."""

    item: WorkItem
    since: datetime | None
    by: str | None
    reason: str | None


def suspended_work(
    session: Session,
    actor: Actor,
    *,
    seats: Sequence[Seat] = (),
    filters: WorkFilters = EVERYTHING,
    limit: int = 50,
    after: str | None = None,
) -> cursor.Page[SuspendedItem]:
    """The open tasks of suspended cases on the actor's desks, in the order of the work list."""
    place = cursor.read(after, NAME, filters)
    limit = cursor.within(limit)
    told = bound(actor, seats, filters, date.min, place) | {"most": limit + 1}
    rows = session.execute(_lines(shape_of(filters, paged=place is not None)), told).all()
    shown, leads_on = cursor.page(NAME, filters, rows, limit, lambda row: (row.due_rank, row.money_rank, row.id))
    return cursor.Page(tuple(_item(session, row) for row in shown), leads_on)


@cache
def _lines(shape: Shape) -> Select[Any]:
    found = with_cases(on_desks(shape, line_columns(), of_suspended_case())).subquery("found")
    halt = (
        select(_journal.at, _journal.by, _journal.payload["reason"].astext.label("reason"))
        .where(
            _journal.jurisdiction == found.c.jurisdiction,
            _journal.case_id == found.c.case_id,
            _journal.type == CaseSuspended.name,
        )
        .order_by(_journal.seq.desc())
        .limit(1)
        .lateral("halt")
    )
    who = Person.__table__.alias("who")
    return (
        select(*found.c, halt.c.at, halt.c.reason, who.c.name.label("halted_by"))
        .select_from(found.outerjoin(halt, true()).outerjoin(who, who.c.id == halt.c.by))
        .order_by(*(found.c[column.name] for column in ORDER))
    )


def _item(session: Session, row: Any) -> SuspendedItem:
    return SuspendedItem(item_of(session, row, date.min), row.at, row.halted_by, row.reason)
