"""我的待办: what one person has to do now, the most pressing first; work of suspended cases lies apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Select, bindparam, func, select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor, Person, Unit
from engine.queries import cursor
from engine.queries.desks import (
    ORDER,
    Shape,
    WorkFilters,
    along_the_index,
    bound,
    cases,
    mends,
    of_moving_case,
    of_no_suspended_case,
    of_suspended_case,
    on_desks,
    shape_of,
    some_on_desks,
    tasks,
)
from engine.queries.scope import Seat
from engine.stages import step_name
from engine.words import said_process

COUNTED = 2_000
"""So far a list is counted; behind it, it says “more than”."""

NAME = "worklist"
EVERYTHING = WorkFilters()


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One open task as a line of the list.

    `stage` and `step` are Chinese names, with the ids `process` and `element` beside them; `unit` is whose case it is,
    `holder_id` who took the task (None: it lies in the pool).
    """

    task_id: UUID
    case_id: int
    code: str
    name: str
    object_kind: str
    amount_wan: Decimal
    unit_id: int
    unit: str
    process: str
    stage: str
    element: str
    step: str
    item: str | None
    role: str
    round: int
    sent_back: bool
    opened_at: datetime
    due_on: date | None
    overdue: bool
    holder_id: int | None
    holder: str | None

    @property
    def held(self) -> bool:
        """Whether somebody took it."""
        return self.holder_id is not None


@dataclass(frozen=True, slots=True)
class WorkPage:
    """A part of the list, and how long the whole list is: counted once, up to `COUNTED`, then carried along.

    `suspended` are the tasks that lie still with their cases; they are in none of the other numbers. `more…` says of
    each number that there are more than it tells.
    """

    items: tuple[WorkItem, ...]
    next: str | None
    total: int
    overdue: int
    suspended: int
    more: bool
    more_overdue: bool
    more_suspended: bool


def worklist(
    session: Session,
    actor: Actor,
    *,
    on: date,
    seats: Sequence[Seat] = (),
    filters: WorkFilters = EVERYTHING,
    limit: int = 50,
    after: str | None = None,
) -> WorkPage:
    """The open tasks of the actor's offices that nobody else holds: overdue first, then by due day, then by money.

    `on` is today, `seats` the units and offices when there are several, `after` the `next` of the page before. A task
    without a due day comes last.
    """
    place = cursor.read(after, NAME, filters)
    limit = cursor.within(limit)
    told = bound(actor, seats, filters, on, place)
    lines = _lines(shape_of(filters, paged=place is not None))
    with along_the_index(session):
        counts = tuple(place[len(ORDER) :]) if place else _counts(session, filters, told)
        rows = session.execute(lines, told | {"most": limit + 1}).all()
    shown, leads_on = cursor.page(
        NAME, filters, rows, limit, lambda row: (row.due_rank, row.money_rank, row.id, *counts)
    )
    items = tuple(item_of(session, row, on) for row in shown)
    numbers = (min(number, COUNTED) for number in counts)
    return WorkPage(items, leads_on, *numbers, *(number > COUNTED for number in counts))


def _counts(session: Session, filters: WorkFilters, told: dict[str, Any]) -> tuple[int, int, int]:
    """All, late and suspended; read along the index and no further than one behind `COUNTED` on every desk."""
    total, late, suspended = session.execute(_numbers(shape_of(filters)), told | {"most": COUNTED + 1}).one()
    return total, late, suspended


@cache
def _numbers(shape: Shape) -> Select[Any]:
    moving = on_desks(shape, [tasks.due_rank], of_no_suspended_case()).subquery("moving")
    still = some_on_desks(shape, of_suspended_case()).subquery("still")
    late = func.count().filter(moving.c.due_rank < bindparam("today"))
    return select(func.count(), late, select(func.count()).select_from(still).scalar_subquery()).select_from(moving)


@cache
def _lines(shape: Shape) -> Select[Any]:
    """The first rows of all desks, put together; only then their cases are looked up."""
    return with_cases(on_desks(shape, line_columns(), of_moving_case()))


def line_columns() -> list[Any]:
    """What a line wants to know of a task."""
    return [
        tasks.id, tasks.case_id, tasks.process, tasks.element, tasks.item, tasks.role, tasks.round, tasks.opened_at,
        tasks.due_on, tasks.due_rank, tasks.money_rank, tasks.doubt_rank, tasks.holder_id,
        mends().label("sent_back"),
    ]  # fmt: skip


def with_cases(mine: Select[Any], order: Sequence[Any] = ORDER) -> Select[Any]:
    """The first `most` of those tasks in order, with their cases, units and holders."""
    found = mine.subquery("found")
    by = (found.c[column.name] for column in order)
    first = select(found).order_by(*by).limit(bindparam("most", type_=BigInteger())).subquery("first")
    return (
        select(
            *first.c, cases.code, cases.name, cases.object_kind, cases.amount_wan, cases.diagrams_id,
            cases.jurisdiction, cases.unit_id, Unit.name.label("unit"), Person.name.label("holder"),
        )
        .join(Case, cases.id == first.c.case_id)
        .join(Unit, Unit.id == cases.unit_id)
        .outerjoin(Person, Person.id == first.c.holder_id)
        .order_by(*(first.c[column.name] for column in order))
    )  # fmt: skip


def item_of(session: Session, row: Any, on: date) -> WorkItem:
    """A row of `with_cases` as a line."""
    return WorkItem(
        task_id=row.id,
        case_id=row.case_id,
        code=row.code,
        name=row.name,
        object_kind=row.object_kind,
        amount_wan=row.amount_wan,
        unit_id=row.unit_id,
        unit=row.unit,
        process=row.process,
        stage=said_process(row.process),
        element=row.element,
        step=step_name(session, row.diagrams_id, row.process, row.element),
        item=row.item,
        role=row.role,
        round=row.round,
        sent_back=row.sent_back,
        opened_at=row.opened_at,
        due_on=row.due_on,
        overdue=row.due_on is not None and row.due_on < on,
        holder_id=row.holder_id,
        holder=row.holder,
    )
