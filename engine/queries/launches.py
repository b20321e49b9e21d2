"""工作部署: which stages were opened for whom, and how far the cases have come since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, literal, or_, select, true
from sqlalchemy.orm import Session

from engine.cases import Case, Incident
from engine.directory import Actor, Person
from engine.errors import NotFound
from engine.queries import cursor
from engine.queries.scope import WHOLE_TENANT
from engine.stages.launches import launched_before
from engine.stages.model import Launch
from engine.store.base import table_of
from engine.tasks import Task
from engine.words import STAGES, CaseState, Role, TaskState, said_process

_cases, _launches, _tasks, _incidents = (table_of(t).c for t in (Case, Launch, Task, Incident))
FILLING = (Role.UNIT_CLERK, Role.UNIT_HEAD)


class LaunchUnknown(NotFound):
    """No such launch for this person."""

    code = "launch.not_found"


@dataclass(frozen=True, slots=True)
class LaunchLine:
    """One launch; `scope` says for which kinds of objects or which cases, empty for all.

    `due_on` is the day finance gave instead of the table's, with its reason.
    """

    id: int
    fiscal_year: int
    stage: str
    stage_name: str
    scope: Mapping[str, Any]
    launched_by: str
    launched_at: datetime
    due_on: date | None = None
    due_reason: str | None = None


@dataclass(frozen=True, slots=True)
class LaunchProgress:
    """How the cases meant by a launch stand, each counted once.

    `failed` could not be moved, `waiting` still wait for the launch, `ahead` have not come to the stage yet;
    `unclaimed` and `filling` lie with the unit, `reviewing` with another office, `passed` are through it; `stopped`
    are suspended or cancelled.
    """

    line: LaunchLine
    total: int
    failed: int
    waiting: int
    ahead: int
    unclaimed: int
    filling: int
    reviewing: int
    passed: int
    stopped: int


def launches(
    session: Session, actor: Actor, *, fiscal_year: int | None = None, limit: int = 50, after: str | None = None
) -> cursor.Page[LaunchLine]:
    """The launches of the jurisdiction, the latest first; for finance."""
    found = _found(actor)
    if fiscal_year is not None:
        found = found.where(_launches.fiscal_year == fiscal_year)
    return cursor.turn(
        session, found, (_launches.fiscal_year, _launches.id), _line,
        name="launches", filters=fiscal_year, limit=limit, after=after,
    )  # fmt: skip


def launch_progress(session: Session, actor: Actor, launch_id: int) -> LaunchProgress:
    """One launch and where its cases are now."""
    line = launch_line(session, actor, launch_id)
    counted = session.execute(
        select(place_of(line.stage).label("place"), func.count().label("cases"))
        .where(_cases.jurisdiction == actor.jurisdiction, *meant_by(line))
        .group_by("place")
    )
    numbers = {found.place: found.cases for found in counted}
    places = ("failed", "waiting", "ahead", "unclaimed", "filling", "reviewing", "passed", "stopped")
    return LaunchProgress(line, sum(numbers.values()), **{place: numbers.get(place, 0) for place in places})


def launch_line(session: Session, actor: Actor, launch_id: int) -> LaunchLine:
    """One launch; refuses one that is not there for this actor."""
    row = session.execute(_found(actor).where(_launches.id == launch_id)).one_or_none()
    if row is None:
        raise LaunchUnknown("没有这次部署，或者您无权查看。请核对编号。", launch=launch_id)
    return _line(row)


def former_launch(
    session: Session, actor: Actor, fiscal_year: int, stage: str, scope: Mapping[str, Any]
) -> LaunchLine | None:
    """The launch that was made already for all a new one would be for; None without one."""
    found = launched_before(session, actor.jurisdiction, fiscal_year, f"{stage}.launched", scope)
    return launch_line(session, actor, found.id) if found is not None else None


def place_of(stage: str) -> ColumnElement[str]:
    """Where a case is on its way to a stage that finance opens and through it, as one word; the first that fits."""
    message = f"{stage}.launched"
    before = STAGES[: STAGES.index(stage)]
    waits = func.jsonb_each(_cases.waits).table_valued("key", "value", name="waits")
    awaited = select(literal(1)).select_from(waits).where(waits.c.value.op("->>")(0) == message).exists()
    failed = _incidents.case_id == _cases.id, _incidents.state == "open", _incidents.command == "deliver_message"
    here = and_(_tasks.case_id == _cases.id, _tasks.state == TaskState.OPEN, _tasks.process == stage)
    at_unit = _tasks.role.in_(FILLING)
    return case(
        (_cases.state.in_((CaseState.SUSPENDED, CaseState.CANCELLED)), "stopped"),
        (_cases.state == CaseState.CLOSED, "passed"),
        (select(_incidents.id).where(*failed).exists(), "failed"),
        (and_(_cases.stage == stage, awaited), "waiting"),
        (or_(_cases.stage.is_(None), _cases.stage.in_(before)), "ahead"),
        (_cases.stage != stage, "passed"),
        (select(_tasks.id).where(here, at_unit, _tasks.holder_id.is_(None)).exists(), "unclaimed"),
        (select(_tasks.id).where(here, at_unit).exists(), "filling"),
        else_="reviewing",
    )


def meant_by(line: LaunchLine) -> list[ColumnElement[bool]]:
    """The cases of the year a launch is for."""
    found: list[ColumnElement[bool]] = [_cases.fiscal_year == line.fiscal_year]
    scope = line.scope
    if scope.get("object_kinds"):
        found.append(_cases.object_kind.in_(scope["object_kinds"]))
    if scope.get("case_ids"):
        found.append(_cases.id.in_(scope["case_ids"]))
    return found


def _found(actor: Actor) -> Any:
    sees = true() if actor.roles & WHOLE_TENANT else false()
    return (
        select(
            _launches.fiscal_year, _launches.id, _launches.message, _launches.scope,
            Person.name.label("launched_by"), _launches.launched_at, _launches.due_on, _launches.due_reason,
        )
        .join(Person, Person.id == _launches.launched_by)
        .where(_launches.jurisdiction == actor.jurisdiction, sees)
    )  # fmt: skip


def _line(row: Any) -> LaunchLine:
    stage, _, _ = row.message.partition(".")
    title = said_process(stage)
    return LaunchLine(
        row.id, row.fiscal_year, stage, title, row.scope, row.launched_by, row.launched_at, row.due_on, row.due_reason
    )
