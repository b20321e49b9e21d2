"""The desks of one person: every office they hold, with its pool and what they themselves took out of it.

A list of work is read desk by desk, each along its index and no further than a page, and only then put together; so
it does not matter how much lies on a desk or at a colleague's. Statements are put together once a shape, not once a
question: what changes from one question to the next is bound.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Date,
    Select,
    SmallInteger,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    column,
    func,
    literal,
    select,
    text,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor
from engine.queries.scope import Seat, seats_of
from engine.store.base import table_of
from engine.tasks import Task
from engine.words import CaseState, TaskState

tasks, cases = table_of(Task).c, table_of(Case).c
ORDER = (tasks.due_rank, tasks.money_rank, tasks.id)
"""The most pressing first: by due day (none comes last), then by money, then by key."""
DOUBTFUL_FIRST = (tasks.doubt_rank, *ORDER)
"""That of a queue of judging: what should be looked at twice before all others."""

_FETCH_WHOLE = text("SELECT set_config('enable_bitmapscan', :may, true), set_config('enable_seqscan', :may, true)")


class Due(StrEnum):
    """When something is due."""

    OVERDUE = "overdue"
    TODAY = "today"
    THIS_WEEK = "this_week"
    NONE = "none"


class Status(StrEnum):
    """In whose hands a task lies, or that a paper came back."""

    HELD = "held"
    POOL = "pool"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class WorkFilters:
    """Which tasks: of a stage (process id), due when, in which status, about which unit, and words to search by.

    `text` is looked for in names, codes and pinyin initials; `this_week` is from today until Sunday.
    """

    stage: str | None = None
    due: Due | None = None
    status: Status | None = None
    unit_id: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a statement has to look like for some filters: which conditions there are, not what they say."""

    stage: bool
    due: Due | None
    status: Status | None
    unit: bool
    text: bool
    paged: bool = False
    doubtful_first: bool = False

    @property
    def order(self) -> tuple[Any, ...]:
        """The columns it is read by."""
        return DOUBTFUL_FIRST if self.doubtful_first else ORDER


def shape_of(filters: WorkFilters, *, paged: bool = False, doubtful_first: bool = False) -> Shape:
    """The shape of a question; `doubtful_first` is for tasks that judge, and lists no others."""
    about_unit, about_text = filters.unit_id is not None, bool(filters.text.strip())
    stage = filters.stage is not None
    return Shape(stage, filters.due, filters.status, about_unit, about_text, paged, doubtful_first)


def bound(
    actor: Actor, seats: Sequence[Seat], filters: WorkFilters, on: date, place: Sequence[Any] | None = None
) -> dict[str, Any]:
    """What a statement of that shape is told: whose desks, the filters, today, and behind which line it goes on."""
    offices = [(seat.unit_id, role.value) for seat in seats_of(actor, seats) for role in sorted(seat.roles)]
    held = [(*office, person) for office in offices for person in sorted(actor.persons)]
    told: dict[str, Any] = {
        "jurisdiction": actor.jurisdiction,
        "pool_units": [unit for unit, _ in offices],
        "pool_roles": [role for _, role in offices],
        "held_units": [unit for unit, _, _ in held],
        "held_roles": [role for _, role, _ in held],
        "held_people": [person for _, _, person in held],
        "today": on,
        "sunday": on + timedelta(days=6 - on.weekday()),
        "stage": filters.stage,
        "about_unit": filters.unit_id,
        **searched(filters.text),
    }
    if place is not None:
        told |= dict(zip(("due_before", "money_before", "id_before", "doubt_before"), place, strict=False))
    return told


@contextmanager
def along_the_index(session: Session) -> Iterator[None]:
    """Within it each desk is read along its index.

    Left to itself PostgreSQL now and then fetches a desk, or the whole table, and sorts it: it takes that of finance,
    on which half of all work lies, for one of hundreds.
    """
    session.execute(_FETCH_WHOLE, {"may": "off"})
    yield
    session.execute(_FETCH_WHOLE, {"may": "on"})


def on_desks(
    shape: Shape, columns: Sequence[Any], *also: ColumnElement[bool], order: Sequence[Any] = ()
) -> Select[Any]:
    """The first rows of every desk, `most` of each, for a question of this shape; `columns` are of tasks.

    They come by the `order` of one desk, whose holder is always the same: only with it PostgreSQL sees that an index
    has this order.
    """
    by = order or (tasks.holder_id, *shape.order)
    return _mine(shape, columns, also, lambda rows: rows.order_by(*by).limit(_bound("most")))


def some_on_desks(shape: Shape, *also: ColumnElement[bool], most: str = "most") -> Select[Any]:
    """Any rows of every desk, at most `most` of each: for counting, which without an order stops the soonest."""
    return _mine(shape, [tasks.id], also, lambda rows: rows.limit(_bound(most)))


def in_units(shape: Shape, columns: Sequence[Any], *also: ColumnElement[bool], most: str = "most") -> Select[Any]:
    """The first rows of every unit, `most` of each, whoever holds them; `units` are bound beside what `bound` tells."""
    units = func.unnest(bindparam("units", type_=ARRAY(BigInteger()))).table_valued(column("unit_id", BigInteger()))
    office = units.render_derived(name="office")
    held = {Status.HELD: tasks.holder_id.is_not(None), Status.POOL: tasks.holder_id.is_(None)}
    wanted = [*_conditions(shape), *also, *([held[shape.status]] if shape.status in held else [])]
    part = (
        select(*columns)
        .where(
            tasks.unit_id == office.c.unit_id,
            tasks.state == literal(TaskState.OPEN.value, literal_execute=True),
            *wanted,
        )
        .order_by(*ORDER)
        .limit(_bound(most))
        .lateral()
    )
    return select(*part.c).select_from(office.join(part, true()))


def of_moving_case() -> ColumnElement[bool]:
    """Whether the task's case is not suspended.

    Asked row by row, so that a page reads no further than it has to; as “not suspended”, because PostgreSQL takes
    “active” for a rare thing and would sort the whole desk first.
    """
    state = select(cases.state).where(cases.id == tasks.case_id).scalar_subquery()
    return state != CaseState.SUSPENDED


def mends() -> ColumnElement[bool]:
    """Whether the task is to mend a paper that was sent back."""
    return and_(tasks.paper_id.is_not(None), tasks.doubt_rank.is_(None))


def of_suspended_case() -> ColumnElement[bool]:
    """Whether the task's case is suspended.

    These are few, so they are found first: as an array, for a set would be looked up for every task of a full desk.
    """
    return tasks.case_id == any_(func.array(_suspended().scalar_subquery()))


def of_no_suspended_case() -> ColumnElement[bool]:
    """Whether it is not, for many tasks: as a set, which PostgreSQL hashes, for an array is gone through at each."""
    return tasks.case_id.not_in(_suspended())


def _suspended() -> Select[Any]:
    return select(cases.id).where(
        cases.jurisdiction == bindparam("jurisdiction"), cases.state == literal(CaseState.SUSPENDED.value)
    )


def named_like() -> ColumnElement[bool]:
    """The condition under which a case is meant by the words of `searched`: name, code or pinyin initials."""
    return cases.search.like(bindparam("like", type_=Text()), escape="/")


def searched(text: str) -> Mapping[str, str]:
    """What somebody typed, bounded, as `named_like` is told it."""
    typed = text.strip()[:50].lower().replace("/", "//").replace("%", "/%").replace("_", "/_")
    return {"like": f"%{typed}%"}


def _mine(
    shape: Shape,
    columns: Sequence[Any],
    also: Sequence[ColumnElement[bool]],
    first: Callable[[Select[Any]], Select[Any]],
) -> Select[Any]:
    """The rows of all desks, of each those that `first` leaves."""
    wanted = [*_conditions(shape), *also, tasks.state == literal(TaskState.OPEN.value, literal_execute=True)]
    offices = []
    if shape.status is not Status.HELD:
        pool = _offices("pool", "units", "roles")
        offices.append((pool, tasks.holder_id.is_(None)))
    if shape.status is not Status.POOL:
        held = _offices("held", "units", "roles", "people")
        offices.append((held, tasks.holder_id == held.c.person_id))
    parts = []
    for office, holder in offices:
        here = (tasks.unit_id == office.c.unit_id, tasks.role == office.c.role, holder)
        desk = first(select(*columns).where(*here, *wanted)).lateral()
        parts.append(select(*desk.c).select_from(office.join(desk, true())))
    return select(union_all(*parts).subquery("mine"))


def _bound(most: str) -> Any:
    return bindparam(most, type_=BigInteger())


def _offices(name: str, *told: str) -> Any:
    """Unit, office and, where named, holder of every desk, as a table."""
    types: dict[str, Any] = {"units": BigInteger(), "roles": Text(), "people": BigInteger()}
    columns = {"units": "unit_id", "roles": "role", "people": "person_id"}
    arrays = [bindparam(f"{name}_{part}", type_=ARRAY(types[part])) for part in told]
    table = func.unnest(*arrays).table_valued(*(column(columns[part], types[part]) for part in told))
    return table.render_derived(name=name)


def _conditions(shape: Shape) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [tasks.jurisdiction == bindparam("jurisdiction")]
    if shape.stage:
        found.append(tasks.process == bindparam("stage"))
    if shape.due is not None:
        found.append(_due(shape.due))
    if shape.status is Status.RETURNED:
        found.append(mends())
    about = [cases.unit_id == bindparam("about_unit")] if shape.unit else []
    if shape.text:
        about.append(named_like())
    if about:
        found.append(select(literal(1)).where(cases.id == tasks.case_id, *about).exists())
    if shape.doubtful_first:
        found.append(tasks.doubt_rank.is_not(None))
    if shape.paged:
        place = [
            bindparam("due_before", type_=Date()),
            bindparam("money_before", type_=BigInteger()),
            bindparam("id_before", type_=Uuid()),
        ]
        if shape.doubtful_first:
            place.insert(0, bindparam("doubt_before", type_=SmallInteger()))
        found.append(tuple_(*shape.order) > tuple_(*place))
    return found


def _due(due: Due) -> ColumnElement[bool]:
    today, sunday = bindparam("today", type_=Date()), bindparam("sunday", type_=Date())
    if due is Due.NONE:
        return tasks.due_on.is_(None)
    if due is Due.OVERDUE:
        return tasks.due_rank < today
    return tasks.due_rank.between(today, today if due is Due.TODAY else sunday)
