"""工作日历: the days of a year that differ from weekends, by which notice, and what is known of which year."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import extract, func, select
from sqlalchemy.orm import Session, aliased

from engine.deadlines import CalendarYear, Day, WorkingCalendar
from engine.deadlines.calendar import SATURDAY
from engine.deadlines.editions import year_of
from engine.deadlines.model import CalendarEdition, Deadline
from engine.directory import Actor, Person
from engine.moves.due import calendar_of
from engine.moves.permissions import must_be_let_in
from engine.store.base import table_of
from engine.words import DayKind, DeadlineState, EditionState

_deadlines = table_of(Deadline).c


@dataclass(frozen=True, slots=True)
class Edition:
    """One writing of the year by this jurisdiction, who wrote it, and who confirmed it when (None: a draft)."""

    id: int
    notice: CalendarYear
    days: tuple[Day, ...]
    drafted_by: str
    drafter_id: int
    drafted_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class CalendarRead:
    """One year: `notice` is None where nothing is recorded; `months` are twelve lists of days, empty without a notice.

    `kept` is what this jurisdiction wrote and confirmed in place of what came with the program, `draft` what it wrote
    and nobody confirmed yet.

    `special` are the days that differ from a plain week. `pending` deadlines fall into it; `on_days_off` of them on
    days nobody works; `waiting` others get a day as soon as it is confirmed.
    """

    year: int
    notice: CalendarYear | None
    months: tuple[tuple[Day, ...], ...]
    special: tuple[Day, ...]
    known: tuple[int, ...]
    pending: int
    on_days_off: int
    waiting: int
    kept: Edition | None = None
    draft: Edition | None = None

    @property
    def confirmed(self) -> bool:
        """Whether dates are counted in this year."""
        return self.notice is not None and self.notice.confirmed

    @property
    def latest(self) -> int:
        """The latest edition this jurisdiction wrote; 0 without one."""
        return max((each.id for each in (self.kept, self.draft) if each is not None), default=0)


def calendar_year(session: Session, actor: Actor, year: int) -> CalendarRead:
    """A year as it counts in the actor's jurisdiction, with its pending deadlines that fall into it."""
    must_be_let_in("see_calendar", actor)
    calendar = calendar_of(session)
    notice = next((known for known in calendar.years if known.year == year), None)
    days = _days(calendar, year) if notice is not None and notice.confirmed else ()
    pending = _pending(session, actor, year)
    editions = _editions_of(session, actor, year)
    off = {day.on for day in days if not day.is_working}
    return CalendarRead(
        year=year,
        notice=notice,
        months=tuple(tuple(day for day in days if day.on.month == month) for month in range(1, 13)) if days else (),
        special=tuple(day for day in days if _differs(day)),
        known=tuple(known.year for known in calendar.years),
        pending=pending.total(),
        on_days_off=sum(count for on, count in pending.items() if on in off),
        waiting=_waiting(session, actor, year),
        kept=editions.get(EditionState.CONFIRMED),
        draft=editions.get(EditionState.DRAFT),
    )


def _editions_of(session: Session, actor: Actor, year: int) -> dict[EditionState, Edition]:
    """The draft and the one in force, with the names of those who wrote and confirmed them."""
    wrote, confirmed = aliased(Person), aliased(Person)
    rows = session.execute(
        select(CalendarEdition, wrote.name, confirmed.name)
        .join(wrote, wrote.id == CalendarEdition.drafted_by)
        .outerjoin(confirmed, confirmed.id == CalendarEdition.confirmed_by)
        .where(
            CalendarEdition.jurisdiction == actor.jurisdiction,
            CalendarEdition.year == year,
            CalendarEdition.state != EditionState.REPLACED,
        )
    )
    return {row[0].state: _edition(*row) for row in rows}


def _edition(row: Any, drafted_by: str, confirmed_by: str | None) -> Edition:
    notice = year_of(row.content, row.year, confirmed=row.state is EditionState.CONFIRMED)
    days = sorted((day for holiday in notice.holidays for day in holiday.days()), key=lambda day: day.on)
    return Edition(
        row.id, notice, tuple(days), drafted_by, row.drafted_by, row.drafted_at, confirmed_by, row.confirmed_at
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


def _waiting(session: Session, actor: Actor, year: int) -> int:
    waits = (
        _deadlines.jurisdiction == actor.jurisdiction,
        _deadlines.state == DeadlineState.PENDING,
        _deadlines.due_on.is_(None),
        _deadlines.awaits_year == year,
    )
    return session.scalar(select(func.count()).where(*waits)) or 0
