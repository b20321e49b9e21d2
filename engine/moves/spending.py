"""支出进度: what is spent of a case by its newest figure, reported or from its monitoring sheet, against 序时进度."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Integer, Interval, and_, cast, func, or_, select, true
from sqlalchemy.orm import Session

from engine.cases import ANNUAL, Case
from engine.clock import day_of
from engine.executions import ExecutionFigure, gone_by
from engine.moves import updates
from engine.moves.change import Change
from engine.moves.facts import decide_for
from engine.policies import Policy
from engine.scoring.numbers import ratio
from engine.stages import library_of
from engine.store.base import table_of
from engine.submissions import Submission
from engine.submissions.forms import form_of
from engine.words import CaseKind, CaseState, Light, SubmissionState, TimeProgress

METHOD = "time_progress_method"
SHEET = "F05"
_cases, _papers, _figures = table_of(Case).c, table_of(Submission).c, table_of(ExecutionFigure).c
_DROPPED = (SubmissionState.RETURNED, SubmissionState.WITHDRAWN)
_FACTS = (_cases.object_kind, _cases.fiscal_year, _cases.amount_wan, _cases.facts)


@dataclass(frozen=True, slots=True)
class Spent:
    """So much of `of_wan` is spent as of a day, and `gone` of the year (0–1) then; None where no method says so.

    `is_reported`: by finance, not with the monitoring sheet.
    """

    as_of: date
    executed_wan: Decimal
    of_wan: Decimal | None
    gone: Decimal | None
    is_reported: bool

    @property
    def rate(self) -> Decimal | None:
        """执行率; None without a budget."""
        return ratio(self.executed_wan, self.of_wan)


@dataclass(frozen=True, slots=True)
class DepartmentProgress:
    """What a department has spent of its money by the newest figures of its cases, `without` of which have none.

    The rates are None as long as anything of it is not known: nobody guesses it. The figures are of the days from
    `first_on` to `last_on`; `outdated` of them are of a time that is over, while `time_progress` is that of today.
    """

    department_id: int
    projects: int
    without: int
    executed_wan: Decimal | None = None
    of_wan: Decimal | None = None
    execution_rate: Decimal | None = None
    time_progress: Decimal | None = None
    first_on: date | None = None
    last_on: date | None = None
    outdated: int = 0

    @property
    def can_be_told(self) -> bool:
        """Whether it is sure: by figures of now, or by older ones that keep up with today already."""
        if self.execution_rate is None or self.time_progress is None:
            return False
        return not self.outdated or self.execution_rate >= self.time_progress

    @property
    def rates(self) -> dict[str, Decimal]:
        """What a table is told of it: nothing as long as it is not sure."""
        if not self.can_be_told or self.execution_rate is None or self.time_progress is None:
            return {}
        return {"execution_rate": self.execution_rate, "time_progress": self.time_progress}


def time_method(case: Any, policy: Policy, on: date) -> TimeProgress | None:
    """How 序时进度 is told for a case; None where nothing is laid down. Tables of earlier releases meant by month."""
    if METHOD not in policy.tables:
        return TimeProgress.MONTH
    answer = decide_for(case, policy, METHOD, {}, on)
    return None if answer.undefined else TimeProgress(answer.outputs["method"])


def money_light(
    case: Any, policy: Policy, spent: Decimal | None, gone: Decimal | None, on: date
) -> Light | None:  # fmt: skip
    """The light of the money at these rates; None where the tables say nothing."""
    if spent is None or gone is None:
        return None
    answer = decide_for(case, policy, "monitoring_light", {"execution_rate": spent, "time_progress": gone}, on)
    light = None if answer.undefined else answer.outputs["money_light"]
    return None if light is None else Light(light)


# ── the newest figure of a case ──────────────────────────────────────────────────────────────────────────────────────


def newest_figure() -> Any:
    """The figure of the latest day reported for the case beside it, of one day the last that came."""
    return (
        select(table_of(ExecutionFigure))
        .where(_figures.case_id == _cases.id)
        .order_by(_figures.as_of.desc(), _figures.version.desc())
        .limit(1)
        .lateral("figure")
    )


def latest_sheet() -> Any:
    """The latest monitoring sheet of the case beside it that was not sent back or taken back."""
    return (
        select(_papers.id, _papers.state, _papers.content)
        .where(_papers.case_id == _cases.id, _papers.form == SHEET, _papers.state.not_in(_DROPPED))
        .order_by(_papers.version.desc())
        .limit(1)
        .lateral("sheet")
    )


def is_ahead(figure: Any, sheet: Any) -> ColumnElement[bool]:
    """Whether the reported figure is of no earlier day than the sheet (the last day of its month)."""
    month = cast(sheet.content["cutoff_month"].astext, Integer)
    after = func.make_date(cast(_cases.fiscal_year, Integer), month, 1) + cast("1 month", Interval)
    return and_(figure.id.is_not(None), or_(month.is_(None), figure.as_of >= after - cast("1 day", Interval)))


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def spent_of(row: Any, method: TimeProgress | None) -> Spent | None:
    """What is spent of a case: `row` has its year and amount, the columns of `newest_figure` (None: there is none) and
    `content` of its sheet."""
    data = form_of(SHEET).read(row.content).data if row.content is not None else {}
    month, line = data.get("cutoff_month"), data.get("funds", {}).get("total", {})
    told = month_end(row.fiscal_year, month) if month is not None else None
    executed, budget = line.get("executed_amount_wan"), line.get("annual_budget_wan")
    if row.as_of is not None and (told is None or row.as_of >= told):
        gone = gone_by(row.as_of, method, row.planned_wan, row.amount_wan)
        return Spent(row.as_of, row.executed_wan, row.amount_wan, gone, True)
    if told is None or executed is None:
        return None
    return Spent(told, executed, budget, gone_by(told, method, data.get("planned_amount_wan"), budget), False)


def follow_light(change: Change, amount_wan: Decimal) -> None:
    """The light of the newest figure follows the new amount of the case."""
    newest = change.session.execute(
        select(_figures.id, _figures.as_of, _figures.executed_wan, _figures.planned_wan)
        .where(_figures.case_id == change.case.id)
        .order_by(_figures.as_of.desc(), _figures.version.desc())
        .limit(1)
    ).one_or_none()
    if newest is not None:
        on = day_of(change.at)
        gone = gone_by(newest.as_of, time_method(change.case, change.policy, on), newest.planned_wan, amount_wan)
        light = money_light(change.case, change.policy, ratio(newest.executed_wan, amount_wan), gone, on)
        updates.shine(change, newest.id, light)


# ── the department ───────────────────────────────────────────────────────────────────────────────────────────────────


def department_progress(session: Session, case: Case, on: date, also: Sequence[CaseState] = ()) -> DepartmentProgress:
    """The progress of the department of a case by the newest figures there are (HC-08: 部门预算支出进度).

    Where the department as a whole is a case with a figure of its own, that one says it; otherwise its projects and
    policies at work together, and those that are `also` to count. They are held against how much of the year is gone
    on the day `on`.
    """
    department = case.department_id or case.unit_id
    rows = _each_once(_cases_of(session, case, department, also))
    found = [(row, _of_today(session, row, on)) for row in rows]
    told = [each for each in found if _is_whole(each[0]) and each[0].unit_id == department and each[1] is not None]
    counted = told or [each for each in found if not _is_whole(each[0])]
    known = [(row.amount_wan, today) for row, today in counted if today is not None]
    without = len(counted) - len(known)
    if without or not known or any(today.gone is None for _, today in known):
        return DepartmentProgress(department, len(counted), without)
    return _summed(department, known)


def _each_once(rows: Sequence[Any]) -> Sequence[Any]:
    """Without the case about the end of a policy where that of its year stands beside it: the money is the same."""
    annual = {(row.object_kind, row.code) for row in rows if row.process == ANNUAL}
    return [row for row in rows if row.process == ANNUAL or (row.object_kind, row.code) not in annual]


@dataclass(frozen=True, slots=True)
class _Today:
    """The newest figure of a case, how much of its year is gone today, and whether it is of a time that is over."""

    spent: Spent
    gone: Decimal | None

    @property
    def is_outdated(self) -> bool:
        return self.spent.gone != self.gone


def _of_today(session: Session, row: Any, on: date) -> _Today | None:
    """The figure of a case today; against a plan of payment its own day counts, as nothing says what it plans since."""
    method = _method_of(session, row, on)
    spent = spent_of(row, method)
    if spent is None:
        return None
    if method is TimeProgress.PAYMENT_PLAN:
        return _Today(spent, spent.gone)
    return _Today(spent, gone_by(min(on, date(row.fiscal_year, 12, 31)), method))


def _summed(department: int, known: Sequence[tuple[Decimal, _Today]]) -> DepartmentProgress:
    executed = sum((today.spent.executed_wan for _, today in known), Decimal(0))
    of = sum((wan for wan, _ in known), Decimal(0))
    gone = sum((wan * (today.gone or 0) for wan, today in known), Decimal(0))
    days = [today.spent.as_of for _, today in known]
    return DepartmentProgress(
        department_id=department,
        projects=len(known),
        without=0,
        executed_wan=executed,
        of_wan=of,
        execution_rate=ratio(executed, of),
        time_progress=ratio(gone, of),
        first_on=min(days),
        last_on=max(days),
        outdated=sum(today.is_outdated for _, today in known),
    )


def _cases_of(session: Session, case: Case, department: int, also: Sequence[CaseState]) -> Sequence[Any]:
    figure, sheet = newest_figure(), latest_sheet()
    own = or_(_cases.department_id == department, and_(_cases.department_id.is_(None), _cases.unit_id == department))
    return session.execute(
        select(
            _cases.id, _cases.code, _cases.process, _cases.unit_id, _cases.policy_id, *_FACTS, figure.c.as_of,
            figure.c.executed_wan, figure.c.planned_wan, sheet.c.content,
        )
        .select_from(table_of(Case).outerjoin(figure, true()).outerjoin(sheet, true()))
        .where(
            _cases.jurisdiction == case.jurisdiction, _cases.fiscal_year == case.fiscal_year, own,
            _cases.state.in_((CaseState.ACTIVE, CaseState.SUSPENDED, *also)), ~_cases.without_result,
        )
        .order_by(_cases.id)
    ).all()  # fmt: skip


def _is_whole(row: Any) -> bool:
    return bool(row.object_kind == CaseKind.WHOLE_DEPARTMENT)


def _method_of(session: Session, row: Any, on: date) -> TimeProgress | None:
    return time_method(row, library_of(session).policy_version(session, row.policy_id), on)
