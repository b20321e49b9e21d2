"""When a mail goes out, and how long to wait after one that did not. Pure: no clock, no database."""

from datetime import datetime, time, timedelta

from engine.clock import SHANGHAI
from engine.deadlines.calendar import UnconfirmedYear, WorkingCalendar

DIGEST_AT = time(8, 30)
"""每日汇总 goes out at this time in China, on working days."""

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 1440))
"""After the first attempt that failed, the second …; after the last of them nothing is tried any more."""

_SATURDAY = 5


def goes_out_at(
    at: datetime, calendar: WorkingCalendar, *, digest: bool, quiet_from: int | None, quiet_until: int | None
) -> datetime:
    """When what happened at `at` is mailed: with the next digest, or at once, or when the quiet hours end.

    >>> from engine.clock import shanghai
    >>> nobody_knows = WorkingCalendar(())    # no year confirmed: Monday to Friday
    >>> def told(at, **how): return goes_out_at(at, nobody_knows, **how).astimezone(SHANGHAI).isoformat()
    >>> told(shanghai(2022, 10, 14, 9, 0), digest=True, quiet_from=None, quiet_until=None)
    '2022-10-17T08:30:00+08:00'
    >>> told(shanghai(2022, 10, 14, 23, 10), digest=False, quiet_from=22, quiet_until=7)
    '2022-10-15T07:00:00+08:00'
    >>> told(shanghai(2022, 10, 14, 9, 0), digest=False, quiet_from=22, quiet_until=7)
    '2022-10-14T09:00:00+08:00'
    """
    here = at.astimezone(SHANGHAI)
    if digest:
        return _next_digest(here, calendar)
    if quiet_from is None or quiet_until is None or not _is_quiet(here.hour, quiet_from, quiet_until):
        return at
    ends = here.replace(hour=quiet_until, minute=0, second=0, microsecond=0)
    return ends if ends > here else ends + timedelta(days=1)


def next_try(attempts: int, at: datetime) -> datetime | None:
    """When it is tried again after so many attempts that failed; None: it is given up."""
    return at + PAUSES[attempts - 1] if attempts <= len(PAUSES) else None


def _next_digest(here: datetime, calendar: WorkingCalendar) -> datetime:
    morning = datetime.combine(here.date(), DIGEST_AT, tzinfo=SHANGHAI)
    while morning < here or not _works(morning, calendar):
        morning += timedelta(days=1)
    return morning


def _works(morning: datetime, calendar: WorkingCalendar) -> bool:
    try:
        return calendar.is_working_day(morning.date())
    except UnconfirmedYear:
        return morning.weekday() < _SATURDAY


def _is_quiet(hour: int, begins: int, ends: int) -> bool:
    return begins <= hour < ends if begins < ends else hour >= begins or hour < ends
