"""申请延期, and the one list of requests for a later day: 绩效股 sees both days side by side and decides."""

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request

from engine.commands.answer_extension import answer_extension
from engine.commands.request_extension import request_extension
from engine.errors import EngineError, InvalidInput
from engine.moves.permissions import permits
from engine.queries.case_card import case_card
from engine.queries.deadline_reasons import reason_of
from engine.queries.extensions import extensions
from engine.words import RequestKind
from web.pages.asked import address
from web.pages.posted import day_of_field, text_of
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("extension_requests", __name__)


class NoDay(InvalidInput):
    """What was typed is no day."""

    code = "page.no_day"


@page.get("/extension-requests")
@requires("see_extensions")
def waiting(visit: Visit) -> Any:
    """Requests in the cases one sees: those waiting, or all."""
    return request_list(visit)


@page.get("/deadlines/<uuid:deadline_id>/extension-request")
@requires("request_extension")
def ask(visit: Visit, deadline_id: UUID) -> Any:
    """申请延期: which day it is, which day one wants, and why."""
    return _form(visit, deadline_id)


@page.post("/deadlines/<uuid:deadline_id>/extension-request")
@requires("request_extension")
def send(visit: Visit, deadline_id: UUID) -> Any:
    """Send the request; the day stays until it is answered."""
    case_id = reason_of(visit.session, visit.actor, deadline_id).case_id
    try:
        wanted_on = day_of_field("wanted_on")
        if wanted_on is None:
            raise NoDay("希望的截止日读不出来，没有申请。请按“2022-10-12”的样子填写。", field="wanted_on")
        with visit.session.begin_nested():
            request_extension(
                visit.session, deadline_id, wanted_on, reason=text_of("reason"), by=visit.actor, at=visit.at,
                key=text_of("key", 64) or None,
            )  # fmt: skip
    except EngineError as refusal:
        visit.session.expire_all()
        return _form(visit, deadline_id, refusal)
    return redirect(f"/cases/{case_id}?tab=deadlines", 303)


@page.post("/extension-requests/<int:request_id>/answer")
@requires("answer_extension")
def answer(visit: Visit, request_id: int) -> Any:
    """同意 with a day, or 不予延期."""
    try:
        until = day_of_field("until") if "grant" in request.form else None
        if until is None and "grant" in request.form:
            raise NoDay("新的截止日读不出来，没有办理。请按“2022-10-12”的样子填写。", field="until")
        with visit.session.begin_nested():
            answer_extension(
                visit.session, request_id, until, reason=text_of("reason"), by=visit.actor, at=visit.at,
                key=text_of("key", 64) or None,
            )  # fmt: skip
    except EngineError as refusal:
        visit.session.expire_all()
        return request_list(visit, refusal, request_id)
    return redirect("/extension-requests", 303)


def request_list(visit: Visit, refusal: EngineError | None = None, about: int | None = None) -> Any:
    """延期和补报申请: those waiting or all; `about` is the request whose answer was refused."""
    every, after = request.args.get("view") == "all", request.args.get("after") or None
    found = extensions(visit.session, visit.actor, waiting=not every, after=after)
    view = "all" if every else None
    return render_template(
        "extension_requests.html", visit=visit, lines=found.lines, every=every, refusal=refusal, about=about,
        key=uuid4().hex, after=after,
        may_answer={
            RequestKind.EXTENSION: permits("answer_extension", visit.actor),
            RequestKind.LATE_FILING: permits("answer_late_filing", visit.actor),
        },
        first_url=address("/extension-requests", view=view),
        next_url=address("/extension-requests", view=view, after=found.next) if found.next else None,
        typed={name: text_of(name) for name in ("until", "reason")},
    ), status_of(refusal) if refusal is not None else 200  # fmt: skip


def _form(visit: Visit, deadline_id: UUID, refusal: EngineError | None = None) -> Any:
    reason = reason_of(visit.session, visit.actor, deadline_id)
    card = case_card(visit.session, visit.actor, reason.case_id)
    kept = next((day for day in card.days if day.deadline_id == deadline_id), None)
    return render_template(
        "extension_request.html", visit=visit, reason=reason, card=card, kept=kept, refusal=refusal, key=uuid4().hex,
        deadline_id=deadline_id, typed={name: text_of(name) for name in ("wanted_on", "reason")},
    ), status_of(refusal) if refusal is not None else 200  # fmt: skip
