"""工作部署, before and after: whom a launch would reach, whose work it became, and what could not be moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Text, case, cast, false, func, literal, select, true
from sqlalchemy.orm import Session, aliased

from engine.cases import Case, Incident
from engine.directory import Actor, Person, Unit
from engine.moves.frames import PURPOSES
from engine.queries import cursor
from engine.queries.launches import launch_line, meant_by, place_of
from engine.queries.scope import WHOLE_TENANT
from engine.stages import step_name
from engine.store.base import table_of
from engine.tasks import Task
from engine.words import CaseState, Stage, TaskState

_cases, _tasks, _incidents = (table_of(entity).c for entity in (Case, Task, Incident))
MESSAGES: Mapping[str, str] = {stage.value: stage.launch_message for stage in Stage if stage.launch_message} | {
    name: purpose.message for name, purpose in PURPOSES.items()
}
"""Stage → the message its cases wait for that comes from finance."""
PRESSING = ("failed", "waiting", "unclaimed", "filling", "reviewing", "stopped", "ahead", "passed")
"""The places of a launch, those first where somebody has to do something."""
MOST_MEANT = 20_000
"""More cases than that are not looked at for one launch."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """How many cases of a year wait for finance to open a stage, or to choose for it (draw, plan)."""

    fiscal_year: int
    stage: str
    cases: int


@dataclass(frozen=True, slots=True)
class Addressee:
    """One case of the year, and where it is on its way to a stage: `place` is a word of `launch_progress`.

    `diagrams_id` and `policy_id` are the versions it runs on to its end.
    """

    case_id: int
    code: str
    name: str
    object_kind: str
    unit_id: int
    unit: str
    department: str | None
    amount_wan: Decimal
    diagrams_id: int
    policy_id: int
    place: str


@dataclass(frozen=True, slots=True)
class LaunchedCase:
    """One case a launch is for: where it is, and the task of the stage that is open in it, if one is.

    `element` to `due_on` are None where nothing is open; `holder` is None while the task lies in the pool.
    """

    case_id: int
    code: str
    name: str
    unit: str
    place: str
    case_state: str
    task_id: UUID | None
    role: str | None
    step: str | None
    holder_id: int | None
    holder: str | None
    round: int | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class LaunchFault:
    """One case that could not be moved, why, and how often it was tried."""

    id: int
    case_id: int
    code: str
    name: str
    unit: str
    message: str
    attempts: int
    raised_at: datetime


def awaited_of_finance(session: Session, actor: Actor) -> tuple[Awaited, ...]:
    """What finance is waited for: by year and stage, the latest year first; for finance."""
    waits = func.jsonb_each(_cases.waits).table_valued("key", "value", name="waits")
    message = waits.c.value.op("->>")(0)
    rows = session.execute(
        select(_cases.fiscal_year, _cases.stage, func.count())
        .select_from(Case)
        .join(waits, true())
        .where(
            _cases.jurisdiction == actor.jurisdiction,
            _cases.state == CaseState.ACTIVE,
            _cases.stage.in_(MESSAGES),
            message.in_(MESSAGES.values()),
            _sees(actor),
        )
        .group_by(_cases.fiscal_year, _cases.stage)
    )
    found = (Awaited(row[0], str(row[1]), row[2]) for row in rows)
    return tuple(sorted(found, key=lambda each: (-each.fiscal_year, list(MESSAGES).index(each.stage))))


def launch_audience(session: Session, actor: Actor, fiscal_year: int, stage: str) -> tuple[Addressee, ...]:
    """Every case of a year with its place before, in or behind a stage that finance opens; for finance, by unit."""
    unit, department = aliased(Unit), aliased(Unit)
    rows = session.execute(
        select(
            _cases.id, _cases.code, _cases.name, _cases.object_kind, _cases.unit_id, unit.name.label("unit"),
            department.name.label("department"), _cases.amount_wan, _cases.diagrams_id, _cases.policy_id,
            place_of(stage).label("place"),
        )
        .join(unit, unit.id == _cases.unit_id)
        .outerjoin(department, department.id == unit.department_id)
        .where(_cases.jurisdiction == actor.jurisdiction, _cases.fiscal_year == fiscal_year, _sees(actor))
        .order_by(unit.name, _cases.code)
        .limit(MOST_MEANT)
    )  # fmt: skip
    return tuple(Addressee(*row) for row in rows)


def launched_cases(
    session: Session,
    actor: Actor,
    launch_id: int,
    *,
    place: str | None = None,
    limit: int = 50,
    after: str | None = None,
) -> cursor.Page[LaunchedCase]:
    """The cases a launch is for, those that need somebody first, or those in one place only.

    Refuses a launch that is not there for the actor.
    """
    line = launch_line(session, actor, launch_id)
    where = place_of(line.stage)
    urgency = case({place: rank for rank, place in enumerate(PRESSING)}, value=where, else_=len(PRESSING))
    open_task = (
        select(*_tasks)
        .where(_tasks.case_id == _cases.id, _tasks.state == TaskState.OPEN, _tasks.process == line.stage)
        .order_by(_tasks.due_rank, _tasks.opened_at, _tasks.id)
        .limit(1)
        .lateral("task")
    )
    found = (
        select(
            urgency.label("urgency"), _cases.id, _cases.code, _cases.name, Unit.name.label("unit"),
            where.label("place"),
            cast(_cases.state, Text).label("case_state"), _cases.diagrams_id, open_task.c.id.label("task_id"),
            open_task.c.role, open_task.c.process, open_task.c.element, open_task.c.holder_id,
            Person.name.label("holder"), open_task.c.round, open_task.c.due_on,
        )
        .join(Unit, Unit.id == _cases.unit_id)
        .outerjoin(open_task, true())
        .outerjoin(Person, Person.id == open_task.c.holder_id)
        .where(_cases.jurisdiction == actor.jurisdiction, _sees(actor), *meant_by(line))
    )  # fmt: skip
    if place is not None:
        found = found.where(where == place)
    return cursor.turn(
        session, found, (urgency, _cases.id), lambda row: _launched(session, row),
        name="launched_cases", filters=(launch_id, place), limit=limit, after=after, latest_first=False,
    )  # fmt: skip


def launch_faults(session: Session, actor: Actor, launch_id: int) -> tuple[LaunchFault, ...]:
    """The cases of a launch whose diagram failed on its message, the latest first, two hundred at most."""
    line = launch_line(session, actor, launch_id)
    rows = session.execute(
        select(
            _incidents.id, _cases.id, _cases.code, _cases.name, Unit.name, _incidents.message, _incidents.attempts,
            _incidents.raised_at,
        )
        .select_from(Incident)
        .join(Case, _cases.id == _incidents.case_id)
        .join(Unit, Unit.id == _cases.unit_id)
        .where(
            _incidents.jurisdiction == actor.jurisdiction,
            _incidents.state == "open",
            _incidents.command == "deliver_message",
            func.jsonb_extract_path_text(_incidents.arguments, "message") == literal(f"{line.stage}.launched"),
            _sees(actor),
            *meant_by(line),
        )
        .order_by(_incidents.id.desc())
        .limit(cursor.MOST_LINES)
    )  # fmt: skip
    return tuple(LaunchFault(*row) for row in rows)


def _sees(actor: Actor) -> Any:
    return true() if actor.roles & WHOLE_TENANT else false()


def _launched(session: Session, row: Any) -> LaunchedCase:
    return LaunchedCase(
        case_id=row.id,
        code=row.code,
        name=row.name,
        unit=row.unit,
        place=row.place,
        case_state=row.case_state,
        task_id=row.task_id,
        role=row.role,
        step=step_name(session, row.diagrams_id, row.process, row.element) if row.element else None,
        holder_id=row.holder_id,
        holder=row.holder,
        round=row.round,
        due_on=row.due_on,
    )
