"""催办: on which of a deadline's reminder days somebody is reminded next."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, TextClause, func, or_, select, text

from engine.clock import start_of_day
from engine.deadlines.calendar import UnconfirmedYear, WorkingCalendar
from engine.deadlines.due import held_by_nothing, of_a_case_that_goes_on
from engine.deadlines.model import WAITS_FOR_A_YEAR, Deadline
from engine.deadlines.rules import shifted
from engine.store.base import table_of
from engine.tasks import Task
from engine.words import DeadlineState, TaskState

_deadlines, _tasks = table_of(Deadline).c, table_of(Task).c


class Following(NamedTuple):
    """When the next reminder day begins: None where there is none, or where it hangs on the days of `awaits_year`."""

    at: datetime | None
    awaits_year: int | None = None


def kept_days(days: Iterable[date]) -> list[str]:
    """Reminder days as the plan of a deadline keeps them."""
    return [day.isoformat() for day in days]


def next_reminder(plan: Mapping[str, Any], after: date, due_on: date) -> datetime | None:
    """When the first reminder day later than `after` begins; None where there is none up to the due day.

    Those after the due day come when it has passed, if the work is still open (`reminder_afterwards`).

    >>> plan = {"reminders": ["2022-10-09", "2022-10-11", "2022-10-13"]}
    >>> next_reminder(plan, date(2022, 10, 9), date(2022, 10, 12)).isoformat()
    '2022-10-10T16:00:00+00:00'
    """
    following = (day for day in _days(plan) if after < day <= due_on)
    first = min(following, default=None)
    return None if first is None else start_of_day(first)


def latest_reminder(plan: Mapping[str, Any], until: date) -> date | None:
    """The last reminder day up to `until`, `until` included."""
    return max((day for day in _days(plan) if day <= until), default=None)


def reminder_afterwards(plan: Mapping[str, Any], after: date, calendar: WorkingCalendar) -> Following:
    """When the first reminder day later than `after` begins, for a deadline that has passed.

    Where the plan says `daily`, every working day behind the days it names is one.

    >>> reminder_afterwards({"reminders": ["2022-10-13"]}, date(2022, 10, 12), WorkingCalendar(())).at.isoformat()
    '2022-10-12T16:00:00+00:00'
    >>> reminder_afterwards({"daily": True}, date(2022, 12, 31), WorkingCalendar(()))
    Following(at=None, awaits_year=2023)
    """
    first = min((day for day in _days(plan) if day > after), default=None)
    if first is None and plan.get("daily"):
        try:
            first = shifted(after, 1, calendar)
        except UnconfirmedYear as unknown:
            return Following(None, unknown.year)
    return Following(None if first is None else start_of_day(first))


def reminder_known_now(was: Mapping[str, Any], plan: Mapping[str, Any], today: date, due_on: date) -> datetime | None:
    """`next_reminder` after `today` of a plan some of whose days were not known before: one that is over is next.

    >>> was, plan = {"reminders": ["2022-12-30"]}, {"reminders": ["2022-12-30", "2023-01-04", "2023-01-12"]}
    >>> reminder_known_now(was, plan, date(2023, 1, 6), date(2023, 1, 12)).isoformat()
    '2023-01-03T16:00:00+00:00'
    """
    over = [day for day in _days(plan) if day <= today and day not in _days(was)]
    return start_of_day(max(over)) if over else next_reminder(plan, today, due_on)


def latest_afterwards(plan: Mapping[str, Any], until: date, calendar: WorkingCalendar) -> date | None:
    """`latest_reminder` for a deadline that has passed; None too where it is not known which working day it was."""
    named = _days(plan)
    if plan.get("daily") and (not named or until > max(named)):
        try:
            return shifted(until + timedelta(days=1), -1, calendar)
        except UnconfirmedYear:
            return None
    return latest_reminder(plan, until)


def reminds(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """What a row of `deadlines` must fulfil for a reminder at `at`; one whose time is over takes effect instead."""
    return (*held_by_nothing(), _deadlines.remind_at <= at, _deadlines.due_at > at)


def reminds_afterwards(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """The same for a row whose day has passed: its work is still open."""
    return (*_passed(at), *of_a_case_that_goes_on(), _still_open())


def reminds_no_more(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Rows that would remind at `at` of work that is over."""
    return (*_passed(at), ~_still_open())


def waits_for_a_year() -> tuple[TextClause, ColumnElement[bool]]:
    """Rows that want to know the days of a year: they run, or have passed and their work is still open."""
    return text(f"deadlines.{WAITS_FOR_A_YEAR}"), or_(_deadlines.state == DeadlineState.PENDING, _still_open())


def _passed(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (_deadlines.state == DeadlineState.FIRED, _deadlines.remind_at <= at)


def _still_open() -> ColumnElement[bool]:
    """Asked of that one task: for “is there such a task” PostgreSQL may read every open task there is."""
    state = select(_tasks.state).where(_tasks.id == _deadlines.task_id).scalar_subquery()
    return func.coalesce(state, TaskState.CLOSED) == TaskState.OPEN


def _days(plan: Mapping[str, Any]) -> list[date]:
    return [date.fromisoformat(day) for day in plan.get("reminders", ())]
