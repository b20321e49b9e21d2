"""What should make one look again at the days of a launch before it is made: days off, the table, budget milestones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from engine.cases import Case
from engine.clock import day_of
from engine.deadlines import UnconfirmedYear, WorkingCalendar, plan_before_end
from engine.moves.due import calendar_of
from engine.policies import Policy
from engine.queries.launch_days import CaseAhead
from engine.stages import library_of
from engine.words import DayKind, said_deadline

MILESTONES = ("target_filing.budget_gate", "target_filing.budget_lock")
"""The fixed days of the budget that what is reported has to come before."""
BUDGETS_AHEAD = 3
"""So many budgets from that of the fiscal year itself are looked at: the days of one may lie in the year before it."""


@dataclass(frozen=True, slots=True)
class DayWarning:
    """One thing to look at, in words; `source` and `status` are those of the row or notice it rests on."""

    due_on: date
    words: str
    source: str
    status: str | None = None


def launch_warnings(
    session: Session, ahead: Sequence[CaseAhead], *, given: date | None = None, at: datetime
) -> tuple[DayWarning, ...]:
    """What is to be said of the days a launch would lay down in `ahead`, or of the day `given` with it; each once.

    A given day that is no working day; one later than the table's; a milestone of the budget that comes before a day.
    Nothing is said of a year nobody confirmed.
    """
    calendar = calendar_of(session)
    found = list(_days_off(given, calendar)) if given else []
    for each in ahead:
        case = session.get_one(Case, each.case_id)
        policy = library_of(session).policy_version(session, case.policy_id)
        for day in each.days:
            if day.reason is not None and day.due_on is not None:
                if given and day.reason.source and day.reason.laid_down_on and day.reason.laid_down_on < given:
                    words = f"比期限表的{_said(day.reason.laid_down_on)}（{said_deadline(day.deadline)}）晚。"
                    found.append(DayWarning(given, words, day.reason.source, day.reason.status))
                found += _milestones_before(day.due_on, policy, case, calendar, day_of(at))
    return tuple(dict.fromkeys(found))


def _days_off(on: date, calendar: WorkingCalendar) -> Iterator[DayWarning]:
    try:
        day = calendar.day(on)
    except UnconfirmedYear:
        return
    if day.is_working:
        return
    weekend = day.kind is DayKind.WEEKEND
    what = "周末" if weekend else f"{day.holiday}放假"
    years = [year for year in calendar.years if year.confirmed and _is_of(on, year.year, weekend)]
    source = "；".join(years[0].source) if years else ""
    yield DayWarning(on, f"是{what}，不是工作日。", source)


def _is_of(on: date, year: int, weekend: bool) -> bool:
    """Whether the notice for that year says what day it is; the last days of a year may be in the next one's."""
    return year == on.year or (not weekend and year == on.year + 1 and (on.month, on.day) >= (12, 25))


def _milestones_before(
    due_on: date, policy: Policy, case: Case, calendar: WorkingCalendar, today: date
) -> Iterator[DayWarning]:
    for name in MILESTONES:
        stage, _, step = name.partition(".")
        decision = policy.decide("deadline", {"stage": stage, "step": step}, on=today)
        if decision.undefined or decision.outputs.get("month_day") is None:
            continue
        for fiscal_year in range(case.fiscal_year, case.fiscal_year + BUDGETS_AHEAD):
            milestone = plan_before_end(today, decision.outputs, fiscal_year, calendar, {}).due_on
            if milestone is not None and today <= milestone < due_on:
                words = f"晚于 {fiscal_year} 年预算的{_said(milestone)}（{said_deadline(name)}）。"
                yield DayWarning(due_on, words, decision.source or "", decision.status)


def _said(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
