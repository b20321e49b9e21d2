"""为什么是这一天: the day count of a deadline, and the row it rests on."""

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template

from engine.queries.case_card import case_card
from engine.queries.deadline_reasons import reason_of
from web.visits import Visit, requires

page = Blueprint("deadlines", __name__)


@page.get("/deadlines/<uuid:deadline_id>")
@requires("see_cases")
def one(visit: Visit, deadline_id: UUID) -> Any:
    """The count day by day, then who moved the day and why."""
    reason = reason_of(visit.session, visit.actor, deadline_id)
    card = case_card(visit.session, visit.actor, reason.case_id)
    kept = next((day for day in card.days if day.deadline_id == deadline_id), None)
    return render_template("deadline.html", visit=visit, reason=reason, card=card, kept=kept)
