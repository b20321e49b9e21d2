"""工作日历: the days of a year that differ from weekends, by which notice, and what is known of which year."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import extract, func, select
from sqlalchemy.orm import Session

from engine.deadlines import CalendarYear, Day, WorkingCalendar
from engine.deadlines.calendar import SATURDAY
from engine.deadlines.model import Deadline
from engine.directory import Actor
from engine.moves.due import calendar_of
from engine.moves.permissions import must_be_let_in
from engine.store.base import table_of
from engine.words import DayKind, DeadlineState

_deadlines = table_of(Deadline).c


@dataclass(frozen=True, slots=True)
class CalendarRead:
    """One year: `notice` is None where nothing is recorded; `months` are twelve lists of days, empty without a notice.

    `special` are the days that differ from a plain week. `pending` deadlines fall into it; `on_days_off` of them on
    days nobody works.
    """

    year: int
    notice: CalendarYear | None
    months: tuple[tuple[Day, ...], ...]
    special: tuple[Day, ...]
    known: tuple[int, ...]
    pending: int
    on_days_off: int

    @property
    def confirmed(self) -> bool:
        """Whether dates are counted in this year."""
        return self.notice is not None and self.notice.confirmed


def calendar_year(session: Session, actor: Actor, year: int) -> CalendarRead:
    """A year as it counts in all jurisdictions, with the pending deadlines of the actor's that fall into it."""
    must_be_let_in("see_calendar", actor)
    calendar = calendar_of(session)
    notice = next((known for known in calendar.years if known.year == year), None)
    days = _days(calendar, year) if notice is not None and notice.confirmed else ()
    pending = _pending(session, actor, year)
    off = {day.on for day in days if not day.is_working}
    return CalendarRead(
        year=year,
        notice=notice,
        months=tuple(tuple(day for day in days if day.on.month == month) for month in range(1, 13)) if days else (),
        special=tuple(day for day in days if _differs(day)),
        known=tuple(known.year for known in calendar.years),
        pending=pending.total(),
        on_days_off=sum(count for on, count in pending.items() if on in off),
    )


def _days(calendar: WorkingCalendar, year: int) -> Sequence[Day]:
    first = date(year, 1, 1)
    length = (date(year, 12, 31) - first).days + 1
    return [calendar.day(first + timedelta(days=n)) for n in range(length)]


def _differs(day: Day) -> bool:
    """Whether a weekend is worked, or a holiday is named."""
    plain = DayKind.WEEKEND if day.on.weekday() >= SATURDAY else DayKind.WORKING
    return day.kind is not plain


def _pending(session: Session, actor: Actor, year: int) -> Counter[date]:
    rows = session.execute(
        select(_deadlines.due_on, func.count())
        .where(
            _deadlines.jurisdiction == actor.jurisdiction,
            _deadlines.state == DeadlineState.PENDING,
            extract("year", _deadlines.due_on) == year,
        )
        .group_by(_deadlines.due_on)
    )
    return Counter({row[0]: row[1] for row in rows})
