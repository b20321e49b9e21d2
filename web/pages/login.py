"""登录 and 退出."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, g, make_response, redirect, render_template, request
from sqlalchemy.orm import Session

from engine.accounts import NotSignedIn, SignedIn, end, session_of, sign_in
from engine.errors import EngineError
from engine.store import retrying
from engine.words import SignInEnd
from web.visits import Arrival, open_to_all, signed_in
from web.visits.refusals import status_of
from web.visits.site import site
from web.visits.visit import session_cookie, told_session

page = Blueprint("login", __name__)
PLACE = "jx_place"
"""Remembers which finance bureau one signed in to last."""
PLACE_SECONDS = 180 * 86400
MOST_TYPED = 1000


@page.get("/login")
@open_to_all
def form() -> Any:
    """The login page, for the bureau one came to last."""
    return _form()


@page.post("/login")
@open_to_all
def enter() -> Any:
    """Sign in, with a new session; wrong tries are counted whatever comes of it."""
    typed = {name: request.form.get(name, "")[:MOST_TYPED] for name in ("login", "password", "code")}
    jurisdiction = request.form.get("jurisdiction", "")
    if jurisdiction not in site().jurisdictions:
        return _form("请先选择地区。", status=422)
    at = site().watch.now()
    answer: SignedIn | NotSignedIn = retrying(
        site().database,
        jurisdiction,
        lambda session: sign_in(
            session, typed["login"], typed["password"], typed["code"],
            from_address=request.remote_addr or "", agent=request.user_agent.string, at=at, keys=site().keys,
        ),
    )  # fmt: skip
    if isinstance(answer, NotSignedIn):
        return _form(answer.refusal.message, status=422)
    end_former()
    response = make_response(redirect(page_of_ours(request.form.get("next", "/")), 303))
    keep_token(response, jurisdiction, answer.token)
    response.set_cookie(PLACE, jurisdiction, max_age=PLACE_SECONDS, httponly=True, samesite="Lax", path="/login")
    return response


@page.post("/logout")
@signed_in
def leave(arrival: Arrival) -> Any:
    """End the session here and on the server."""
    end(arrival.session, arrival.sign_in, SignInEnd.SIGNED_OUT, at=arrival.now)
    elsewhere = arrival.sign_in.is_elsewhere
    response = make_response(redirect("/login?left=elsewhere" if elsewhere else "/login", 303))
    response.delete_cookie(session_cookie(), path="/", secure=site().secure)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def form_again(refusal: EngineError) -> Any:
    """The login page with the sentence why nobody came in."""
    return _form(refusal.message, status=status_of(refusal))


def end_former() -> None:
    """Whoever signs in leaves the session this browser had before, theirs or somebody else's."""
    told = told_session(site().jurisdictions)
    if told is None:
        return
    now = site().watch.now()

    def leave_it(session: Session) -> None:
        found = session_of(session, told[1], now)
        if found is not None:
            end(session, found[0], SignInEnd.SIGNED_OUT, at=now)

    retrying(site().database, told[0], leave_it)


def keep_token(response: Response, jurisdiction: str, token: str) -> None:
    """Have the browser keep the session, where no script reads it."""
    g.session_cookie = f"{jurisdiction}.{token}"
    response.set_cookie(
        session_cookie(), g.session_cookie, httponly=True, samesite="Lax", secure=site().secure, path="/"
    )


def _form(refusal: str | None = None, *, status: int = 200) -> Any:
    known = site().jurisdictions
    told = told_session(known)
    demo = site().demo
    usual = told[0] if told else demo.jurisdiction if demo else next(iter(known))
    chosen = request.form.get("jurisdiction") or request.cookies.get(PLACE) or usual
    return render_template(
        "login.html", refusal=refusal, places=known, place=chosen if chosen in known else next(iter(known)),
        login=request.form.get("login", "")[:200], next=page_of_ours(request.values.get("next", "/")), demo=demo,
        elsewhere=site().elsewhere, left=request.args.get("left", ""),
    ), status  # fmt: skip


def page_of_ours(target: str) -> str:
    """A page of ours to go on to, or the first one.

    >>> page_of_ours("/tasks?view=done"), page_of_ours("//elsewhere.example/x"), page_of_ours("https://elsewhere.example")
    ('/tasks?view=done', '/', '/')
    """
    try:
        parts = urlsplit(target)
    except ValueError:
        return "/"
    ours = not parts.scheme and not parts.netloc and target.startswith("/") and target.isprintable()
    return target if ours and "\\" not in target and not target.startswith("//") and len(target) < 2000 else "/"
