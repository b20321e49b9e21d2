"""登录 and 退出."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, g, make_response, redirect, render_template, request
from sqlalchemy.orm import Session

from engine.accounts import (
    NotSignedIn,
    SignedIn,
    SignIn,
    end,
    former_session,
    session_of,
    sign_in,
    sit_as_before,
)
from engine.errors import EngineError
from engine.store import retrying
from engine.words import SignInEnd
from web.pages.kept_form import KeptForm, brought_along, sent_now
from web.visits import Arrival, SessionOver, open_to_all, signed_in
from web.visits.forgery import ForeignForm, proves_itself
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
    kept = brought_along()
    again = kept is not None and retrying(
        site().database, jurisdiction,
        lambda session: _sits_again(session, kept, session.get_one(SignIn, answer.sign_in.id)),
    )  # fmt: skip
    end_former()
    g.session_cookie = f"{jurisdiction}.{answer.token}"
    onward = redirect(page_of_ours(request.form.get("next", "/")), 303)
    response = make_response(_kept_page(kept) if kept is not None and again else onward)
    keep_token(response, jurisdiction, answer.token)
    response.set_cookie(PLACE, jurisdiction, max_age=PLACE_SECONDS, httponly=True, samesite="Lax", path="/login")
    return response


@page.post("/login/kept")
@proves_itself
@open_to_all
def go_on() -> Any:
    """Who has signed in at another window goes on with what they had sent, if it is they who had sent it."""
    kept, told, now = brought_along(), told_session(site().jurisdictions), site().watch.now()
    if kept is None:
        raise ForeignForm

    def sits(session: Session, token: str) -> bool | None:
        found = session_of(session, token, now)
        return None if found is None else _sits_again(session, kept, found[0])

    again = told and retrying(site().database, told[0], lambda session: sits(session, told[1]))
    if again is None:
        return _form("还没有登录，填写的内容还在本页。请先登录，再继续办理。", status=401, kept=kept)
    return _kept_page(kept) if again else redirect("/", 303)


@page.app_errorhandler(SessionOver)
def sent_too_late(_: SessionOver) -> Any:
    """The login page, with what was sent after the session had ended: nothing typed is lost."""
    kept = sent_now()
    if not kept.fields:
        return redirect("/login", 303)
    sentence = "登录已超时，还没有办理。请重新登录，刚才填写的内容会带过去。"
    return _form(sentence, status=401, kept=kept)


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


def _form(refusal: str | None = None, *, status: int = 200, kept: KeptForm | None = None) -> Any:
    """The login page; `kept` is a form of another page that was sent, where that is why somebody has to sign in."""
    known, demo = site().jurisdictions, site().demo
    told = told_session(known)
    usual = told[0] if told else demo.jurisdiction if demo else next(iter(known))
    typed = request.form if kept is None else {}
    chosen = typed.get("jurisdiction") or (kept and usual) or request.cookies.get(PLACE) or usual
    return render_template(
        "login.html", refusal=refusal, places=known, place=chosen if chosen in known else next(iter(known)),
        login=typed.get("login", "")[:200], next=page_of_ours("/" if kept else request.values.get("next", "/")),
        demo=demo, elsewhere=site().elsewhere, left=request.args.get("left", ""), kept=kept or brought_along(),
    ), status  # fmt: skip


def _sits_again(session: Session, kept: KeptForm, now: SignIn) -> bool:
    """Whether who signed in is who had sent the form; they then act in the same office again."""
    place, token = kept.session
    former = former_session(session, token) if place == now.jurisdiction else None
    if former is None or former.person_id != now.person_id:
        return False
    if now.unit_id is None:
        sit_as_before(session, now, former, at=site().clock.now())
    return True


def _kept_page(kept: KeptForm) -> str:
    """Everything they had sent, to go on with."""
    return render_template("kept_form.html", kept=kept, seat_gone=False)


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
