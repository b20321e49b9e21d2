"""The years a jurisdiction wrote and confirmed itself, as rows and as calendar years; the calendars it had."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine.deadlines.calendar import CalendarYear, Holiday, WorkingCalendar
from engine.deadlines.model import CalendarEdition, CalendarVersion
from engine.store.base import table_of
from engine.words import EditionState

_editions = table_of(CalendarEdition).c


def confirmed_here(session: Session, jurisdiction: str) -> tuple[CalendarYear, ...]:
    """The years in force in this jurisdiction that two of its people wrote and confirmed."""
    rows = session.execute(
        select(_editions.year, _editions.content).where(
            _editions.jurisdiction == jurisdiction, _editions.state == EditionState.CONFIRMED
        )
    )
    return tuple(year_of(row.content, row.year, confirmed=True) for row in rows)


def keep_version(session: Session, jurisdiction: str, calendar: WorkingCalendar) -> None:
    """Keep a calendar that comes into force; one that is kept already stays as it is."""
    content = [
        {"confirmed": year.confirmed, **content_of(year.year, year.source, year.holidays)} for year in calendar.years
    ]
    kept = insert(CalendarVersion).values(jurisdiction=jurisdiction, version=calendar.version, content=content)
    session.execute(kept.on_conflict_do_nothing())


def kept_version(session: Session, jurisdiction: str, version: str) -> WorkingCalendar | None:
    """The calendar of that version; None where nobody kept it."""
    kept = session.get(CalendarVersion, (jurisdiction, version))
    if kept is None:
        return None
    return WorkingCalendar(year_of(each, each["year"], confirmed=each["confirmed"]) for each in kept.content)


def year_of(content: Mapping[str, Any], year: int, *, confirmed: bool) -> CalendarYear:
    """The calendar year an edition holds; refuses one that contradicts itself."""
    return CalendarYear.parse({**content, "confirmed": confirmed}, f"{year} 年放假安排")


def content_of(year: int, source: tuple[str, ...], holidays: tuple[Holiday, ...]) -> dict[str, Any]:
    """What an edition keeps: year, source and holidays, dates as ISO text."""
    return {
        "year": year,
        "source": list(source),
        "holidays": [
            {
                "name": holiday.name,
                "from": holiday.first.isoformat(),
                "to": holiday.last.isoformat(),
                "working": [on.isoformat() for on in holiday.make_up],
            }
            for holiday in holidays
        ],
    }
