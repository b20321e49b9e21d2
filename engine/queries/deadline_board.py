"""期限: what is still to come, the nearest first; and what is past its day, by unit and by stage."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select, text
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.deadlines.model import OVER, Deadline
from engine.deadlines.wording import awaited
from engine.directory import Actor, Unit
from engine.queries import cursor
from engine.queries.scope import of_visible_case, visible_to
from engine.store.base import table_of
from engine.tasks import Task
from engine.words import CaseState, DeadlineState, Role, TaskState, said_process

_cases, _deadlines, _tasks = table_of(Case).c, table_of(Deadline).c, table_of(Task).c


@dataclass(frozen=True, slots=True)
class DeadlineFilters:
    """Which deadlines: of a stage, of the cases of a unit, due until a day (inclusive)."""

    stage: str | None = None
    unit_id: int | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class DeadlineLine:
    """One pending deadline; `late` when its time is over but it has not taken effect yet.

    What follows is a `consequence` of the table, or None where a clock of the diagram goes off. One without a day says
    what it `waits` for.
    """

    deadline_id: UUID
    name: str
    case_id: int
    code: str
    case_name: str
    unit_id: int
    unit: str
    task_id: UUID | None
    due_on: date | None
    due_at: datetime | None
    consequence: str | None
    suspended: bool
    late: bool
    waits: str | None = None


@dataclass(frozen=True, slots=True)
class Overdue:
    """How many open tasks of a unit, or of a stage, are past their day, and the oldest of these days."""

    key: str
    name: str
    tasks: int
    oldest: date


@dataclass(frozen=True, slots=True)
class DaysToMove:
    """The deadlines of one name in one year that can be put off together.

    `many` run, from the `first` to the `last` of their days; of `late` ones the day has passed and the work is still
    open, the `oldest` of these days is the longest ago.
    """

    fiscal_year: int
    name: str
    many: int
    first: date | None
    last: date | None
    late: int
    oldest: date | None

    @property
    def earliest(self) -> date:
        """The first of all their days."""
        return min(day for day in (self.first, self.oldest) if day is not None)


ALL_DEADLINES = DeadlineFilters()


def deadline_board(
    session: Session,
    actor: Actor,
    *,
    at: datetime,
    filters: DeadlineFilters = ALL_DEADLINES,
    limit: int = 50,
    after: str | None = None,
) -> cursor.Page[DeadlineLine]:
    """The pending deadlines of the cases the actor (or, for all of them, the operator) may see, the nearest first."""
    found = (
        select(
            _deadlines.due_at, _deadlines.id, _deadlines.name, _deadlines.case_id, _deadlines.task_id,
            _deadlines.due_on, _deadlines.consequence, _deadlines.timer, _deadlines.working_days,
            _deadlines.laid_down_on, _deadlines.awaits_year, _cases.code, _cases.name.label("case_name"),
            _cases.unit_id, _cases.state.label("case_state"), Unit.name.label("unit"),
        )
        .join(Case, _cases.id == _deadlines.case_id)
        .join(Unit, Unit.id == _cases.unit_id)
        .where(
            of_visible_case(_deadlines.case_id, actor, whole=(Role.OPERATOR,)),
            _deadlines.jurisdiction == actor.jurisdiction,
            _deadlines.state == DeadlineState.PENDING,
            *_conditions(filters),
        )
    )  # fmt: skip
    return cursor.turn(
        session, found, (_deadlines.due_at, _deadlines.id), lambda row: _line(row, at),
        name="deadlines", filters=filters, limit=limit, after=after, latest_first=False,
    )  # fmt: skip


def days_to_move(session: Session, actor: Actor, *, on: date) -> tuple[DaysToMove, ...]:
    """The kinds of days of the cases the actor may see, the latest year and the earliest day first; `on` is today."""
    kinds = select(
        _cases.fiscal_year, _deadlines.name, func.count(), func.min(_deadlines.due_on), func.max(_deadlines.due_on)
    ).group_by(_cases.fiscal_year, _deadlines.name)
    running = kinds.join(Case, _cases.id == _deadlines.case_id).where(
        of_visible_case(_deadlines.case_id, actor),
        _deadlines.jurisdiction == actor.jurisdiction,
        _deadlines.state == DeadlineState.PENDING,
        _deadlines.due_on.is_not(None),
    )
    late = (
        kinds.select_from(Task)
        .join(Case, _cases.id == _tasks.case_id)
        .join(Deadline, and_(_deadlines.case_id == _tasks.case_id, _deadlines.task_id == _tasks.id))
        .where(
            visible_to(actor),
            _tasks.jurisdiction == actor.jurisdiction,
            _tasks.state == TaskState.OPEN,
            _tasks.due_on < on,
            text(f"deadlines.{OVER}"),
            _deadlines.state == DeadlineState.FIRED,
        )
    )
    runs = {(row[0], row[1]): row[2:] for row in session.execute(running)}
    passed = {(row[0], row[1]): row[2:4] for row in session.execute(late)}
    found = [
        DaysToMove(*kind, *runs.get(kind, (0, None, None)), *passed.get(kind, (0, None)))
        for kind in runs.keys() | passed.keys()
    ]
    return tuple(sorted(found, key=lambda kind: (-kind.fiscal_year, kind.earliest, kind.name)))


def overdue_by_unit(session: Session, actor: Actor, *, on: date, most: int = 100) -> tuple[Overdue, ...]:
    """The units whose tasks are past their day, those with most of them first; `on` is today."""
    rows = session.execute(_overdue(actor, on, _tasks.unit_id).limit(most)).all()
    named = session.execute(select(Unit.id, Unit.name).where(Unit.id.in_([row[0] for row in rows])))
    names = {row.id: row.name for row in named}
    return tuple(Overdue(str(row[0]), names[row[0]], row.tasks, row.oldest) for row in rows)


def overdue_by_stage(session: Session, actor: Actor, *, on: date) -> tuple[Overdue, ...]:
    """The same by stage."""
    rows = session.execute(_overdue(actor, on, _tasks.process)).all()
    return tuple(Overdue(row[0], said_process(row[0]), row.tasks, row.oldest) for row in rows)


def _overdue(actor: Actor, on: date, by: Any) -> Select[Any]:
    """Open tasks of moving cases that are past their day, counted by a column."""
    return (
        select(by, func.count().label("tasks"), func.min(_tasks.due_on).label("oldest"))
        .join(Case, _cases.id == _tasks.case_id)
        .where(
            visible_to(actor),
            _tasks.jurisdiction == actor.jurisdiction,
            _tasks.state == TaskState.OPEN,
            _tasks.due_on < on,
            _cases.state != CaseState.SUSPENDED,
        )
        .group_by(by)
        .order_by(func.count().desc(), by)
    )


def _conditions(filters: DeadlineFilters) -> list[Any]:
    found: list[Any] = []
    if filters.stage is not None:
        found.append(_deadlines.name.startswith(f"{filters.stage}.", autoescape=True))
    if filters.unit_id is not None:
        found.append(_cases.unit_id == filters.unit_id)
    if filters.until is not None:
        found.append(_deadlines.due_on <= filters.until)
    return found


def _line(row: Any, at: datetime) -> DeadlineLine:
    suspended = row.case_state == CaseState.SUSPENDED
    return DeadlineLine(
        deadline_id=row.id,
        name=row.name,
        case_id=row.case_id,
        code=row.code,
        case_name=row.case_name,
        unit_id=row.unit_id,
        unit=row.unit,
        task_id=row.task_id,
        due_on=row.due_on,
        due_at=row.due_at,
        consequence=row.consequence if row.timer is None else None,  # rows of earlier releases have a word there
        suspended=suspended,
        late=row.due_at is not None and row.due_at <= at and not suspended,
        waits=awaited(row),
    )
