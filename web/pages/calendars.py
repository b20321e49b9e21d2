"""工作日历: a year as it counts here, with what makes each day that differs from a plain week."""

from datetime import date
from typing import Any

from flask import Blueprint, render_template

from engine.errors import NotFound
from engine.queries.calendar_years import calendar_year
from web.visits import Visit, requires

page = Blueprint("calendars", __name__)
FIRST, LAST = 2015, 2100


class NoSuchYear(NotFound):
    """No year anybody budgets for."""

    code = "calendar.no_such_year"


@page.get("/calendars")
@page.get("/calendars/<int:year>")
@requires("see_calendar")
def one(visit: Visit, year: int | None = None) -> Any:
    """Twelve months, the differences to weekends, the notice and whether it is confirmed; of the year that runs."""
    return _page(visit, visit.today.year if year is None else year)


def _page(visit: Visit, year: int) -> str:
    if not FIRST <= year <= LAST:
        raise NoSuchYear(f"没有 {FIRST} 年以前、{LAST} 年以后的工作日历。请从年份中选择。")
    read = calendar_year(visit.session, visit.actor, year)
    gaps = [date(year, month, 1).weekday() for month in range(1, 13)]
    return render_template("calendar.html", visit=visit, read=read, gaps=gaps)
