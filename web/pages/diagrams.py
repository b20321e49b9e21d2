"""看流程图: the drawing of the diagram a case walks through, beside its steps on the page of the case."""

from flask import Blueprint, Response, request

from engine.queries.case_walk import drawing_of
from web.visits import Visit, requires

page = Blueprint("diagrams", __name__)


@page.get("/cases/<int:case_id>/diagram.bpmn")
@requires("see_cases")
def drawing(visit: Visit, case_id: int) -> Response:
    """The drawing itself, in the version the case runs on."""
    content = drawing_of(visit.session, visit.actor, case_id, request.args.get("process", ""))
    return Response(content, mimetype="application/xml")
