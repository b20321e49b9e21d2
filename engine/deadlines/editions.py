"""The years a jurisdiction wrote and confirmed itself, as rows and as calendar years."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadlines.calendar import CalendarYear, Holiday
from engine.deadlines.model import CalendarEdition
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
