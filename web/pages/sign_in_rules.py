"""动态口令要求: whether administrators and those who sign must have a second factor, and who has none yet."""

from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, make_response, render_template

from engine.commands.require_second_factor import require_second_factor
from engine.errors import EngineError
from engine.queries.second_factors import second_factors
from web.pages.posted import text_of
from web.pages.proving import refused_proof
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("sign_in_rules", __name__)
ADDRESS = "/directory/sign-in-rules"


@page.get(ADDRESS)
@requires("require_second_factor")
def rules(visit: Visit) -> Any:
    """The rule as it stands, and those concerned."""
    return _page(visit, make_response())


@page.post(ADDRESS)
@requires("require_second_factor")
def decide(visit: Visit) -> Any:
    """Ask for it, or no more, after the password once more; it holds at everybody's next page."""
    response = make_response()
    refusal = refused_proof(visit, response)
    if refusal is None:
        try:
            with visit.session.begin_nested():
                require_second_factor(
                    visit.session, text_of("wanted", 10) == "yes", reason=text_of("reason"),
                    by=visit.actor, at=visit.at, key=text_of("key", 64) or None,
                )  # fmt: skip
        except EngineError as refused:
            refusal = refused
    if refusal is not None:
        return _page(visit, response, refusal)
    response.status_code, response.location = 303, ADDRESS
    return response


def _page(visit: Visit, response: Response, refusal: EngineError | None = None) -> Any:
    response.status_code = 200 if refusal is None else status_of(refusal)
    response.set_data(render_template(
        "sign_in_rules.html", visit=visit, found=second_factors(visit.session, visit.actor), refusal=refusal,
        reason=text_of("reason"), key=uuid4().hex,
        proven=visit.arrival.sign_in.is_proven(visit.arrival.now),
    ))  # fmt: skip
    return response
