"""运行监控: how far money and targets have come in every monitored case, the furthest behind time first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Integer, Numeric, and_, case, cast, func, or_, select, true
from sqlalchemy.orm import Session

from engine.audit import Entry
from engine.audit.events.money import MonitoringDisposed
from engine.cases import Case
from engine.directory import Actor, Unit
from engine.executions import gone_by
from engine.moves.facts import decide_for
from engine.moves.spending import METHOD, SHEET, is_ahead, latest_sheet, month_end, newest_figure, spent_of, time_method
from engine.policies import Decision, Policy
from engine.queries import cursor
from engine.queries.desks import named_like, searched
from engine.queries.scope import visible_to
from engine.scoring.numbers import ZERO, percent_of
from engine.stages import library_in_force, library_of, step_name
from engine.store.base import table_of
from engine.submissions.forms import FormContext, form_of
from engine.submissions.forms import monitoring_figures as figures
from engine.tasks import Task
from engine.words import CaseKind, CaseState, Light, Role, Stage, TaskState, TimeProgress

NAME = "monitoring_board"
_cases, _tasks, _journal = (table_of(t).c for t in (Case, Task, Entry))
_PERCENT = 100
_DECEMBER = 12
LIGHT = "monitoring_light"
NOT_FILED = 10**12
"""Rank of a case whose sheet is not there yet: behind every gap a sheet can tell."""


@dataclass(frozen=True, slots=True)
class MonitoringFilters:
    """Which cases: of a year of money, in monitoring only, monitored by whom, with one light of that colour.

    `left_over`: whatever stage they are in, those of whose money something was left at the end of the year.
    """

    fiscal_year: int
    in_stage: bool = True
    monitor: str | None = None
    light: Light | None = None
    text: str = ""
    left_over: bool = False


@dataclass(frozen=True, slots=True)
class MonitoringStep:
    """An open step of monitoring: what, which office of which unit."""

    task_id: UUID
    name: str
    role: Role
    unit_id: int


@dataclass(frozen=True, slots=True)
class MonitoringLine:
    """One case. Rates are percent, `gap` percentage points; all None until a figure or a sheet is handed in.

    What is spent is of the day `as_of`: reported, with its `figure_source`, or from the sheet where that one is later.
    Lights and advice are words of the table `monitoring_light`; `laid_down` is False where it says nothing
    (本区未规定), with `source` and `status` of the rows that answered. `possible` and `impossible` count indicators
    that may not, or cannot, be reached. `left_wan` is what finance's figure of 31 December leaves of the money (JH-14).
    `disposal` is what was decided after monitoring.
    """

    case_id: int
    code: str
    name: str
    unit: str
    amount_wan: Decimal
    state: str
    sheet: UUID | None
    sheet_state: str | None
    monitor: str | None
    month: int | None
    as_of: date | None
    figure_source: str | None
    execution_rate: Decimal | None
    time_progress: Decimal | None
    gap: Decimal | None
    achievement_rate: Decimal | None
    indicators: int
    possible: int
    impossible: int
    laid_down: bool
    money_light: str | None
    target_light: str | None
    advice: str | None
    source: str | None
    status: str | None
    left_wan: Decimal | None
    disposal: str | None
    steps: tuple[MonitoringStep, ...]


@dataclass(frozen=True, slots=True)
class MonitoringWindow:
    """Until which month is monitored, by the table in force; None where it says nothing. `time_progress` is percent."""

    end_month: int | None
    time_progress: Decimal | None
    method: TimeProgress | None
    source: str | None
    status: str | None


def monitoring_window(session: Session, actor: Actor, *, on: date) -> MonitoringWindow:
    """The window of projects in the actor's jurisdiction, and how much of the year is gone then."""
    library = library_in_force(session)
    policy = library.policy_version(session, library.policy_ids[actor.jurisdiction])
    answer = policy.decide("monitoring_window", {"object_kind": "project"}, on=on)
    if answer.undefined:
        return MonitoringWindow(None, None, None, None, None)
    month, method = int(answer.outputs["end_month"]), _usual(policy, on)
    gone = _percent(gone_by(month_end(on.year, month), method))
    return MonitoringWindow(month, gone, method, answer.source, answer.status)


def _usual(policy: Policy, on: date) -> TimeProgress | None:
    """How the time of a project is told in this jurisdiction."""
    if METHOD not in policy.tables:
        return TimeProgress.MONTH
    answer = policy.decide(METHOD, {"object_kind": CaseKind.PROJECT}, on=on)
    return None if answer.undefined else TimeProgress(answer.outputs["method"])


def monitoring_years(session: Session, actor: Actor) -> tuple[int, ...]:
    """The fiscal years of the cases the actor may see that are not over, the latest first."""
    moving = (visible_to(actor), _cases.state.in_((CaseState.ACTIVE, CaseState.SUSPENDED)))
    return tuple(
        session.scalars(select(_cases.fiscal_year).where(*moving).distinct().order_by(_cases.fiscal_year.desc()))
    )


def monitoring_board(
    session: Session,
    actor: Actor,
    *,
    on: date,
    filters: MonitoringFilters,
    limit: int = 50,
    after: str | None = None,
) -> cursor.Page[MonitoringLine]:
    """The monitored cases the actor may see that are not over, the furthest behind time first; `on` is today."""
    figure, sheet = newest_figure(), latest_sheet()
    rank = func.coalesce(cast(_gap(figure.c, sheet.c) * 100, BigInteger), NOT_FILED)
    found = (
        select(
            rank.label("rank"), _cases.id, _cases.code, _cases.name, Unit.name.label("unit"), _cases.amount_wan,
            _cases.state, Case.__table__.c.facts, _cases.object_kind, _cases.fiscal_year, _cases.jurisdiction,
            _cases.policy_id, _cases.diagrams_id, sheet.c.id.label("sheet"), sheet.c.state.label("sheet_state"),
            sheet.c.content, figure.c.as_of, figure.c.executed_wan, figure.c.planned_wan, figure.c.source,
        )
        .select_from(
            table_of(Case).join(Unit, Unit.id == _cases.unit_id).outerjoin(figure, true()).outerjoin(sheet, true())
        )
        .where(visible_to(actor), _cases.fiscal_year == filters.fiscal_year, *_conditions(filters, figure.c, sheet.c))
    )  # fmt: skip
    page = cursor.turn(
        session, found.params(**searched(filters.text)), (rank, _cases.id), lambda row: row,
        name=NAME, filters=filters, limit=limit, after=after, latest_first=False,
    )  # fmt: skip
    if not page.lines:
        return cursor.Page((), page.next)
    ids = [row.id for row in page.lines]
    steps, disposals = _steps(session, page.lines), _disposals(session, actor, ids)
    lines = tuple(_line(session, row, on, steps.get(row.id, ()), disposals.get(row.id)) for row in page.lines)
    return cursor.Page(lines, page.next)


def _gap(figure: Any, sheet: Any) -> ColumnElement[Any]:
    """Percent spent less percent of the year gone, by the newer of the two."""
    reported = (figure.executed_wan / func.nullif(_cases.amount_wan, 0) - figure.time_progress) * _PERCENT
    return case((is_ahead(figure, sheet), reported), else_=cast(sheet.content["progress_gap"].astext, Numeric))


def _conditions(filters: MonitoringFilters, figure: Any, sheet: Any) -> list[ColumnElement[bool]]:
    in_stage = _cases.stage == Stage.MONITORING
    of_stage = in_stage if filters.in_stage else or_(in_stage, sheet.id.is_not(None), figure.id.is_not(None))
    if filters.left_over:
        of_stage = and_(
            figure.as_of == func.make_date(cast(_cases.fiscal_year, Integer), 12, 31),
            figure.executed_wan < _cases.amount_wan,
        )
    found = [or_(*(and_(_cases.state == state, of_stage) for state in (CaseState.ACTIVE, CaseState.SUSPENDED)))]
    if filters.monitor is not None:
        found.append(sheet.content["monitor"].astext == filters.monitor)
    if filters.light is not None:
        money = case((is_ahead(figure, sheet), figure.money_light), else_=sheet.content["money_light"].astext)
        found.append(or_(money == filters.light.value, sheet.content["target_light"].astext == filters.light.value))
    if filters.text.strip():
        found.append(named_like())
    return found


def _steps(session: Session, rows: Sequence[Any]) -> dict[int, tuple[MonitoringStep, ...]]:
    diagrams = {row.id: row.diagrams_id for row in rows}
    tasks = session.execute(
        select(_tasks.id, _tasks.case_id, _tasks.process, _tasks.element, _tasks.role, _tasks.unit_id)
        .where(_tasks.case_id.in_(diagrams), _tasks.process == Stage.MONITORING.value, _tasks.state == TaskState.OPEN)
        .order_by(_tasks.opened_at)
    )
    found: dict[int, tuple[MonitoringStep, ...]] = {}
    for task in tasks:
        name = step_name(session, diagrams[task.case_id], task.process, task.element)
        step = MonitoringStep(task.id, name, task.role, task.unit_id)
        found[task.case_id] = (*found.get(task.case_id, ()), step)
    return found


def _disposals(session: Session, actor: Actor, ids: Sequence[int]) -> dict[int, str]:
    """What was decided last after the monitoring of each of these cases."""
    rows = session.execute(
        select(_journal.case_id, _journal.payload["disposal"].astext.label("disposal"))
        .where(
            _journal.jurisdiction == actor.jurisdiction,
            _journal.case_id.in_(ids),
            _journal.type == MonitoringDisposed.name,
        )
        .order_by(_journal.case_id, _journal.seq)
    )
    return {row.case_id: row.disposal for row in rows if row.disposal}


def _line(
    session: Session, row: Any, on: date, steps: tuple[MonitoringStep, ...], disposal: str | None
) -> MonitoringLine:
    data = form_of(SHEET).read(row.content).data if row.content is not None else {}
    policy = library_of(session).policy_version(session, row.policy_id)
    spent = spent_of(row, method := time_method(row, policy, on))
    context = _context(row, policy, method)
    reached = figures.achievement_rate(data, context)
    then = figures.time_progress(data, context) if data else None
    rate, gone = (None, then) if spent is None else (spent.rate, spent.gone)
    answer, target_light = _lights(lambda told: decide_for(row, policy, LIGHT, told, on), rate, gone, reached, then)
    known = [each.get("likelihood") for each in data.get("indicators", ())]
    outputs = {} if answer is None or answer.undefined else answer.outputs
    return MonitoringLine(
        case_id=row.id,
        code=row.code,
        name=row.name,
        unit=row.unit,
        amount_wan=row.amount_wan,
        state=row.state,
        sheet=row.sheet,
        sheet_state=row.sheet_state,
        monitor=data.get("monitor"),
        month=data.get("cutoff_month"),
        as_of=None if spent is None else spent.as_of,
        figure_source=row.source if spent is not None and spent.is_reported else None,
        execution_rate=_percent(rate),
        time_progress=_percent(gone),
        gap=None if rate is None or gone is None else percent_of(rate - gone),
        achievement_rate=_percent(reached),
        indicators=len(known),
        possible=known.count("possible"),
        impossible=known.count("impossible"),
        laid_down=answer is not None and not answer.undefined,
        money_light=outputs.get("money_light"),
        target_light=target_light,
        advice=outputs.get("advice"),
        source=answer.source if answer is not None else None,
        status=answer.status if answer is not None else None,
        left_wan=_left(row),
        disposal=disposal,
        steps=steps,
    )


def _left(row: Any) -> Decimal | None:
    """结转结余; None before the figure of the last day of the year has come."""
    is_over = row.as_of == month_end(row.fiscal_year, _DECEMBER)
    return Decimal(row.amount_wan - row.executed_wan) if is_over else None


def _percent(share: Decimal | None) -> Decimal | None:
    return None if share is None else percent_of(share)


def _context(row: Any, policy: Policy, method: TimeProgress | None) -> FormContext:
    return FormContext(
        row.jurisdiction, row.fiscal_year, row.object_kind, policy.decide,
        time_progress_method=method, scoring=policy.pack.scoring,
    )  # fmt: skip


def _lights(
    ask: Callable[[Mapping[str, Any]], Decision],
    rate: Decimal | None,
    gone: Decimal | None,
    reached: Decimal | None,
    then: Decimal | None,
) -> tuple[Decision | None, str | None]:
    """What the tables say of money and of both together, and the light of the targets.

    Money may be told of a later day (`gone` of the year) than the targets (`then`): those are judged at their own
    time, and are as far ahead or behind beside the money.
    """
    if rate is None and reached is None:
        return None, None
    beside = reached
    if reached is not None and gone is not None and then is not None:
        beside = max(ZERO, gone + reached - then)
    answer = ask({"execution_rate": rate, "time_progress": gone, "achievement_rate": beside})
    own = answer if beside == reached else ask({"time_progress": then, "achievement_rate": reached})
    return answer, None if own.undefined else own.outputs["target_light"]
