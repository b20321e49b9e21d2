"""催办: on which of a deadline's reminder days somebody is reminded next."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select

from engine.clock import start_of_day
from engine.deadlines.calendar import UnconfirmedYear, WorkingCalendar
from engine.deadlines.due import held_by_nothing, of_a_case_that_goes_on
from engine.deadlines.model import Deadline
from engine.deadlines.rules import shifted
from engine.store.base import table_of
from engine.tasks import Task
from engine.words import DeadlineState, TaskState

_deadlines, _tasks = table_of(Deadline).c, table_of(Task).c


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


def reminder_afterwards(plan: Mapping[str, Any], after: date, calendar: WorkingCalendar) -> datetime | None:
    """When the first reminder day later than `after` begins, for a deadline that has passed.

    Where the plan says `daily`, every working day behind the days it names is one, as far as working days are known.

    >>> reminder_afterwards({"reminders": ["2022-10-13"]}, date(2022, 10, 12), WorkingCalendar(())).isoformat()
    '2022-10-12T16:00:00+00:00'
    """
    first = min((day for day in _days(plan) if day > after), default=None)
    if first is None and plan.get("daily"):
        first = _working_day(after, 1, calendar)
    return None if first is None else start_of_day(first)


def latest_afterwards(plan: Mapping[str, Any], until: date, calendar: WorkingCalendar) -> date | None:
    """`latest_reminder` for a deadline that has passed."""
    named = _days(plan)
    if plan.get("daily") and (not named or until > max(named)):
        return _working_day(until + timedelta(days=1), -1, calendar)
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


def _passed(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (_deadlines.state == DeadlineState.FIRED, _deadlines.remind_at <= at)


def _still_open() -> ColumnElement[bool]:
    return select(_tasks.id).where(_tasks.id == _deadlines.task_id, _tasks.state == TaskState.OPEN).exists()


def _working_day(day: date, working_days: int, calendar: WorkingCalendar) -> date | None:
    try:
        return shifted(day, working_days, calendar)
    except UnconfirmedYear:
        return None


def _days(plan: Mapping[str, Any]) -> list[date]:
    return [date.fromisoformat(day) for day in plan.get("reminders", ())]
