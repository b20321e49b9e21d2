"""因工作日历变动的期限: which days of one's unit a calendar confirmed lately moved, from when to when."""

from typing import Any

from flask import Blueprint, render_template

from engine.queries.redated_days import TOLD_FOR, redated_days
from web.visits import Visit, requires

page = Blueprint("redated_days", __name__)


@page.get("/calendars/changes")
@requires("see_redated_days")
def moved(visit: Visit) -> Any:
    """The old day beside the new, with the notice and the count of days."""
    lines = redated_days(visit.session, visit.actor, at=visit.at)
    return render_template("redated_days.html", visit=visit, lines=lines, told_days=TOLD_FOR.days)
