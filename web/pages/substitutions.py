"""代理: who stands in for oneself, from when to when, in which offices."""

from typing import Any
from uuid import uuid4

from flask import Blueprint, redirect, render_template, request

from engine.commands.name_substitute import name_substitute
from engine.commands.revoke_substitute import revoke_substitute
from engine.directory import seats_of
from engine.errors import EngineError, InvalidInput
from engine.queries.directory import colleagues_of, substitutions_of
from engine.words import Role
from web.pages.posted import day_of_field, number_of, text_of
from web.pages.refused import done_or_back
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("substitutions", __name__)
LONGEST_KEY = 64


class SubstitutionUnreadable(InvalidInput):
    """Person, days or offices were not chosen."""

    code = "substitution.unreadable"


@page.get("/directory/substitutions")
@requires("see_substitutions")
def mine(visit: Visit) -> Any:
    """Who stands in for me and for whom I do."""
    return _page(visit)


@page.post("/directory/substitutions")
@requires("name_substitute")
def entrust(visit: Visit) -> Any:
    """委托代理; what was chosen stays on the page when it is refused."""
    return done_or_back(visit, lambda: _named(visit), lambda refusal: _page(visit, refusal))


@page.post("/directory/substitutions/<int:substitution_id>/revocation")
@requires("revoke_substitute")
def revoke(visit: Visit, substitution_id: int) -> Any:
    """现在撤销."""

    def done() -> Any:
        reason = text_of("reason").strip() or None
        revoke_substitute(visit.session, substitution_id, reason=reason, by=visit.actor, at=visit.at)
        return redirect("/directory/substitutions?said=revoked", 303)

    return done_or_back(visit, done, lambda refusal: _page(visit, refusal))


def _named(visit: Visit) -> Any:
    who, from_on, until_on = number_of("substitute"), day_of_field("from_on"), day_of_field("until_on")
    chosen = request.form.getlist("roles")
    if who is None or from_on is None or until_on is None or not set(chosen) <= set(Role):
        raise SubstitutionUnreadable("代理人或日期没有填好，没有办理。请选择代理人，日期写成 2022-10-12 的样子。")
    name_substitute(
        visit.session, visit.actor.person_id, who, from_on, until_on, roles=[Role(word) for word in chosen],
        by=visit.actor, at=visit.at, key=text_of("key", LONGEST_KEY) or None,
    )  # fmt: skip
    return redirect("/directory/substitutions?said=named", 303)


def _page(visit: Visit, refusal: EngineError | None = None) -> Any:
    me = visit.actor.person_id
    held = {role for seat in seats_of(visit.session, me) for role in seat.roles}
    status = 200 if refusal is None else status_of(refusal)
    return render_template(
        "substitutions.html", visit=visit, lines=substitutions_of(visit.session, me), refusal=refusal,
        colleagues=colleagues_of(visit.session, me), held=[role for role in Role if role in held], typed=request.form,
        said=request.args.get("said", ""), me=me, key=uuid4().hex,
    ), status  # fmt: skip
