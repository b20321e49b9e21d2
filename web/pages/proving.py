"""再次认证 on a page: the password once more, and that of a second person where nobody may act alone."""

from flask import Response, request

from engine.accounts import NotSignedIn, agreed, prove, renew_token
from engine.directory import Actor
from engine.errors import EngineError
from engine.words import Role
from web.pages.login import keep_token
from web.visits import Visit
from web.visits.site import site

MOST_TYPED = 1000
MAY_AGREE = frozenset({Role.PERFORMANCE_OFFICE, Role.AUDIT_ADMIN})


def refused_proof(visit: Visit, response: Response) -> EngineError | None:
    """Take `password` and `code` of the form unless they were shown within five minutes; the token changes with it."""
    arrival = visit.arrival
    if arrival.sign_in.is_proven(arrival.now):
        return None
    refusal = prove(
        visit.session, arrival.sign_in, _typed("password"), _typed("code"), at=arrival.now, keys=site().keys
    )
    if refusal is None:
        keep_token(response, visit.jurisdiction, renew_token(visit.session, arrival.sign_in))
    return refusal


def second_person(visit: Visit) -> Actor | NotSignedIn:
    """Whose account and password are in `second_login`, `second_password` and `second_code`, or why not."""
    return agreed(
        visit.session, visit.arrival.sign_in, _typed("second_login"), _typed("second_password"), _typed("second_code"),
        MAY_AGREE, at=visit.arrival.now, keys=site().keys,
    )  # fmt: skip


def _typed(name: str) -> str:
    return request.form.get(name, "")[:MOST_TYPED]
