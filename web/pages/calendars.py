"""工作日历: a year as it counts here, what was drafted for it, and what confirming the draft would do."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, make_response, render_template, request

from engine.commands.confirm_calendar import DraftChanged, confirm_calendar
from engine.errors import EngineError, NotFound
from engine.moves.calendars import CALENDAR_YEARS, EditionMeanwhile
from engine.moves.permissions import permits
from engine.queries.ahead import calendar_gaps
from engine.queries.calendar_drafts import drafts_to_confirm
from engine.queries.calendar_effects import calendar_effects
from engine.queries.calendar_years import calendar_year
from web.pages.asked import asked_number
from web.pages.posted import number_of, text_of
from web.pages.proving import refused_proof
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("calendars", __name__)
MOST_TO_CHOOSE = 500
"""More deadlines than that are moved or left all together."""
ALL, CHOSEN, NONE = "all", "chosen", "none"


class NoSuchYear(NotFound):
    """No year anybody budgets for."""

    code = "calendar.no_such_year"


@page.get("/calendars")
@page.get("/calendars/<int:year>")
@requires("see_calendar")
def one(visit: Visit, year: int | None = None) -> Any:
    """Twelve months, the differences to weekends, the notice and whether it is confirmed; of the year that runs."""
    year = visit.today.year if year is None else year
    must_be_a_year(year)
    read = calendar_year(visit.session, visit.actor, year)
    gaps = [date(year, month, 1).weekday() for month in range(1, 13)]
    return render_template(
        "calendar.html", visit=visit, read=read, gaps=gaps, may_draft=permits("draft_calendar", visit.actor),
        may_confirm=permits("confirm_calendar", visit.actor), said=request.args.get("said", ""),
        redated=asked_number("redated", 6), kept=asked_number("kept", 6),
        waiting=[each for each in drafts_to_confirm(visit.session, visit.actor) if each.year != year],
        gaps_known=calendar_gaps(visit.session, visit.actor, on=visit.today),
    )  # fmt: skip


@page.get("/calendars/<int:year>/confirmation")
@requires("confirm_calendar")
def look(visit: Visit, year: int) -> Any:
    """核对: the draft beside what is in force, and every deadline it would move."""
    must_be_a_year(year)
    return _confirmation(visit, year, make_response())


@page.post("/calendars/<int:year>/confirmation")
@requires("confirm_calendar")
def confirm(visit: Visit, year: int) -> Any:
    """确认: all deadlines, the ticked ones or none move with it, after the password once more."""
    must_be_a_year(year)
    response = make_response()
    refusal = refused_proof(visit, response)
    if refusal is not None:
        return _confirmation(visit, year, response, refusal)
    try:
        with visit.session.begin_nested():
            gave = confirm_calendar(
                visit.session, number_of("edition") or 0, year, text_of("seen", 60), _chosen(),
                by=visit.actor, at=visit.at, key=text_of("key", 64) or None,
            ).gave  # fmt: skip
    except EditionMeanwhile:
        raise  # there is nothing left to look at
    except EngineError as refused:
        visit.session.expire_all()
        return _confirmation(visit, year, response, refused)
    response.status_code = 303
    response.location = f"/calendars/{year}?said=confirmed&redated={gave['redated']}&kept={gave['kept']}"
    return response


def must_be_a_year(year: int) -> None:
    """Refuse a year nobody budgets for."""
    if year not in CALENDAR_YEARS:
        first, last = CALENDAR_YEARS[0], CALENDAR_YEARS[-1]
        raise NoSuchYear(f"没有 {first} 年以前、{last} 年以后的工作日历。请从年份中选择。")


def _chosen() -> tuple[UUID, ...] | None:
    """The deadlines to move; None for all of them."""
    which = request.form.get("which", "")
    if which == ALL:
        return None
    told = request.form.getlist("deadline") if which == CHOSEN else []
    return tuple(found for each in told[:MOST_TO_CHOOSE] if (found := _id_in(each)) is not None)


def _id_in(told: str) -> UUID | None:
    try:
        return UUID(told)
    except ValueError:
        return None


def _confirmation(visit: Visit, year: int, response: Response, refusal: EngineError | None = None) -> Any:
    """What was ticked stays, unless the list is another now; `response` may carry the new token."""
    read = calendar_year(visit.session, visit.actor, year)
    found = calendar_effects(visit.session, visit.actor, year, visit.today)
    sent = request.method == "POST" and not isinstance(refusal, DraftChanged)
    shown = found.lines[:MOST_TO_CHOOSE]
    ticked = set(request.form.getlist("deadline")) if sent else {str(line.deadline_id) for line in shown}
    response.status_code = 200 if refusal is None else status_of(refusal)
    response.set_data(render_template(
        "calendar_confirmation.html", visit=visit, year=year, read=read, draft=read.draft, found=found, lines=shown,
        refusal=refusal, ticked=ticked, which=request.form.get("which", ALL) if sent else ALL,
        one_by_one=len(found.lines) <= MOST_TO_CHOOSE, key=uuid4().hex,
        own=read.draft is not None and visit.actor.is_or_stands_for(read.draft.drafter_id),
        proven=visit.arrival.sign_in.is_proven(visit.arrival.now),
    ))  # fmt: skip
    return response
