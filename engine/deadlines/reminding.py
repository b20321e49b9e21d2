"""催办: on which of a deadline's reminder days somebody is reminded next."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement

from engine.clock import start_of_day
from engine.deadlines.due import held_by_nothing
from engine.deadlines.model import Deadline
from engine.store.base import table_of

_deadlines = table_of(Deadline).c


def kept_days(days: Iterable[date]) -> list[str]:
    """Reminder days as the plan of a deadline keeps them."""
    return [day.isoformat() for day in days]


def next_reminder(plan: Mapping[str, Any], after: date, due_on: date) -> datetime | None:
    """When the first reminder day later than `after` begins; None where there is none up to the due day.

    A day after the due day reminds of nothing: the deadline is over by then.

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


def reminds(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """What a row of `deadlines` must fulfil for a reminder at `at`; one whose time is over takes effect instead."""
    return (*held_by_nothing(), _deadlines.remind_at <= at, _deadlines.due_at > at)


def _days(plan: Mapping[str, Any]) -> list[date]:
    return [date.fromisoformat(day) for day in plan.get("reminders", ())]
