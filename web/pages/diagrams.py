"""看流程图: the diagram a case walks through, with the same marks as the steps told beside it."""

from typing import Any

from flask import Blueprint, Response, render_template, request

from engine.queries.case_card import case_card
from engine.queries.case_walk import case_walk, drawing_of
from web.visits import Visit, requires

page = Blueprint("diagrams", __name__)


@page.get("/cases/<int:case_id>/diagram")
@requires("see_cases")
def picture(visit: Visit, case_id: int) -> Any:
    """Text steps on the left, the drawing on the right; without scripts the steps alone."""
    card = case_card(visit.session, visit.actor, case_id)
    walk = case_walk(visit.session, visit.actor, case_id, request.args.get("process") or None)
    return render_template("diagram.html", visit=visit, card=card, walk=walk)


@page.get("/cases/<int:case_id>/diagram.bpmn")
@requires("see_cases")
def drawing(visit: Visit, case_id: int) -> Response:
    """The drawing itself, in the version the case runs on."""
    content = drawing_of(visit.session, visit.actor, case_id, request.args.get("process", ""))
    return Response(content, mimetype="application/xml")
