"""恢复: the working days a case stood still are given back to its deadlines, each as its row of the table says."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, text
from sqlalchemy.orm import Session

from engine.audit import Entry
from engine.audit.events import Event
from engine.audit.events.cases import CaseSuspended
from engine.audit.events.deadlines import DeadlineAwaitsCalendar, DeadlineDated, DeadlineGivenBack
from engine.cases import Case
from engine.clock import day_of, last_instant
from engine.deadlines import Plan, UnconfirmedYear, WorkingCalendar, plan_counted, replanned, working_days_between
from engine.deadlines.model import NOT_OVER, Deadline
from engine.moves.change import Change
from engine.moves.due import calendar_of, planned_cells
from engine.moves.redating import DayMove, row_of
from engine.words import Suspension


def given_back(change: Change) -> Sequence[DayMove]:
    """What becomes of the days of a suspended case that goes on in this change.

    From today on there are as many working days left as there were when it was suspended; none comes to lie in the past
    by it. What was due before the case was suspended, and what runs on, stays.
    """
    since = _suspended_at(change.session, change.case)
    return () if since is None else tuple(_moves(change, since))


def _moves(change: Change, since: datetime) -> Iterator[DayMove]:
    today, calendar = day_of(change.at), calendar_of(change.session)
    stood = _known(lambda: working_days_between(day_of(since), today, calendar))
    if stood == 0:
        return
    running = select(Deadline).where(
        Deadline.case_id == change.case.id,
        text(f"deadlines.{NOT_OVER}"),
        or_(Deadline.due_at > since, Deadline.due_at.is_(None)),
    )
    for deadline in change.session.scalars(running.order_by(Deadline.due_at, Deadline.name, Deadline.id)):
        row = row_of(change.policy, deadline.name, deadline.started_on)
        left = _left(deadline, day_of(since), calendar)
        if left is None or row.get("suspension") == Suspension.RUNS_ON or _is_taken_away(change, deadline):
            continue
        plan = _plan(left, row, today, calendar)
        cells = planned_cells(plan, plan.due_on, today)
        if plan.due_on is None:
            cells |= {"started_on": today, "working_days": left}
        told = _told(deadline, plan, left, stood)
        yield DayMove(deadline.id, deadline.case_id, deadline.task_id, cells, told, deadline.on_ledger)


def _is_taken_away(change: Change, deadline: Deadline) -> bool:
    """Whether a launch the case joins in this change took its task, or its own clock, away."""
    return deadline.task_id in change.closed_tasks or deadline.timer in change.closed_timers


def _left(deadline: Deadline, since: date, calendar: WorkingCalendar) -> int | None:
    """How many working days were left; None of a day that cannot be counted from there, and so stays as it is.

    One that waits for a year has its whole length, less what had passed of it.
    """
    if deadline.due_on is not None:
        return _known(lambda: working_days_between(since, deadline.day, calendar))
    if deadline.working_days is None:
        return None
    passed = _known(lambda: working_days_between(deadline.started_on, since, calendar))
    return max(1, deadline.working_days - (passed or 0))


def _plan(left: int, row: Mapping[str, Any], today: date, calendar: WorkingCalendar) -> Plan:
    if left == 0:
        return replanned(today, today, row, calendar, remark="")
    return plan_counted(today, left, row, calendar)


def _told(deadline: Deadline, plan: Plan, left: int, stood: int | None) -> Event:
    named: dict[str, Any] = {"id": deadline.id, "deadline": deadline.name}
    if plan.due_on is None:
        return DeadlineAwaitsCalendar(
            year=plan.awaits_year or plan.started_on.year, working_days=left, before=deadline.due_on,
            task=deadline.task_id, row=deadline.row_id, **named,
        )  # fmt: skip
    if deadline.due_on is None:
        year = deadline.awaits_year or plan.due_on.year
        return DeadlineDated(due_on=plan.due_on, year=year, calendar=plan.calendar_version, **named)
    return DeadlineGivenBack(before=deadline.due_on, after=plan.due_on, days=stood, **named)


def _known(count: Callable[[], int]) -> int | None:
    """A number of working days; None where a year nobody confirmed lies between."""
    try:
        return count()
    except UnconfirmedYear:
        return None


def _suspended_at(session: Session, case: Case) -> datetime | None:
    """Since when it stands still; its journal knows."""
    told = select(Entry).where(Entry.case_id == case.id, Entry.type == CaseSuspended.name)
    last = session.scalars(told.order_by(Entry.seq.desc()).limit(1)).one_or_none()
    if last is None:
        return None
    since = last.payload.get("since")  # a day the clock suspended it from, however late it came by
    return last.at if since is None else last_instant(date.fromisoformat(since) - timedelta(days=1))
