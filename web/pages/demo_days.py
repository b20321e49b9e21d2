"""推进一个工作日, in a demo and nowhere else: without a demo these addresses do not exist."""

import time
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request

from engine.commands.fire_due import fire_due
from engine.errors import EngineError
from engine.queries.operations import standing
from engine.rehearsal.demo_clock import happened_at, move_demo_clock
from web.visits import Visit, requires
from web.visits.refusals import status_of
from web.wiring import transactions_of

page = Blueprint("demo_days", __name__)
TRIES, PAUSE_SECONDS = 20, 0.1
"""So often, and so far apart, it is looked whether everything that was due has taken effect."""


@page.get("/demo/days")
@requires("move_demo_clock")
def today(visit: Visit) -> Any:
    """Where the clock stands, and what it did when it came there."""
    return _day(visit)


@page.post("/demo/days")
@requires("move_demo_clock")
def move(visit: Visit) -> Any:
    """Move the clock, then let everything due by then take effect, here or in the worker of the demo.

    What an interrupted press left undone is still due, and the worker or the next press does it.
    """
    transactions = transactions_of(visit.database, visit.jurisdiction)
    try:
        with transactions() as session:
            at = move_demo_clock(session, _seen(visit), by=visit.actor)
    except EngineError as refusal:
        return _day(visit, refusal)
    _let_it_take_effect(visit, at)
    return redirect("/demo/days", 303)


def _let_it_take_effect(visit: Visit, at: datetime) -> None:
    """What is due by now, each once; what the worker beside us has in hands this moment is waited for a little."""
    for tried in range(TRIES):
        fire_due(transactions_of(visit.database, visit.jurisdiction), at=at)
        if not standing(visit.session, visit.actor, at=at).unfired:
            return
        time.sleep(PAUSE_SECONDS * (tried < TRIES - 1))


def _seen(visit: Visit) -> datetime:
    """Where the page that was pressed saw the clock; one that does not say means where it stands."""
    try:
        seen = datetime.fromisoformat(request.form.get("seen", ""))
    except ValueError:
        return visit.at
    return seen if seen.tzinfo is not None else visit.at


def _day(visit: Visit, refusal: EngineError | None = None) -> Any:
    return render_template(
        "demo_day.html", visit=visit, refusal=refusal, happened=happened_at(visit.session, visit.actor, visit.at),
        stands=standing(visit.session, visit.actor, at=visit.at),
    ), status_of(refusal) if refusal is not None else 200  # fmt: skip
