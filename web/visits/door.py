"""Doors of pages: who may open which is a line of the engine's table, and is asked before the page is."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from flask import g, redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine.accounts import former_session, keep_alive, session_of
from engine.accounts.refusals import PasswordDue
from engine.directory import Actor, NoOffice, NotSubstitute, SeatNotChosen
from engine.moves.permissions import must_be_let_in
from engine.store import retrying
from web.visits import reading
from web.visits.site import site
from web.visits.visit import Arrival, Visit, arrived, told_session

Page = Callable[..., Any]
SEAT_IS_GONE = (NoOffice, NotSubstitute, SeatNotChosen)
SECOND_FACTOR = "/settings/second-factor"
OPEN, SIGNED_IN = "open", "signed_in"
"""Doors that need no office: for everybody, and for whoever has signed in."""


class SessionOver(Exception):  # noqa: N818 - no fault: who sent something signs in again and goes on
    """Somebody sent a form after their session had ended."""


class SeatGone(Exception):  # noqa: N818 - no fault either: they choose another and go on
    """Somebody sent a form without an office: theirs ended while the page was open, or they chose none of several."""


def open_to_all(page: Page) -> Page:
    """A page without a login."""
    page.permission = OPEN  # type: ignore[attr-defined]
    return page


def signed_in(page: Page) -> Page:
    """A page for whoever has signed in, whatever their office; it gets their arrival."""
    return _door(SIGNED_IN, page, page)


def own_affairs(page: Page) -> Page:
    """A page about oneself, for whoever has signed in; what comes before anything else is settled first."""

    def settled(arrival: Arrival, **named: Any) -> Any:
        return first_of_all(arrival) or page(arrival, **named)

    return _door(SIGNED_IN, page, settled)


def before_all_else(page: Page) -> Page:
    """The page on which a second factor is set up: for whoever has signed in with a password of their own."""

    def settled(arrival: Arrival, **named: Any) -> Any:
        return redirect("/password", 303) if arrival.sign_in.must_change else page(arrival, **named)

    return _door(SIGNED_IN, page, settled)


def first_of_all(arrival: Arrival) -> Response | None:
    """Where somebody is led who has to do something first: change a foreign password, set up a second factor."""
    if arrival.sign_in.must_change:
        return redirect("/password", 303)
    return redirect(SECOND_FACTOR, 303) if arrival.second_factor_due() else None


def acting(arrival: Arrival) -> Actor | None:
    """In whose office they act; None where none is chosen, the one chosen is gone, or a password is due."""
    try:
        return arrival.actor()
    except (*SEAT_IS_GONE, PasswordDue):
        return None


def seated(arrival: Arrival) -> Visit | None:
    """The visit of somebody at their own affairs; None before they may go anywhere else, or chose their office."""
    actor = acting(arrival) if first_of_all(arrival) is None else None
    if actor is None or (actor.acting_for is not None and arrival.second_factor_due(actor.roles)):
        return None
    return Visit(arrival, actor)


def requires(permission: str, *, by_itself: bool = False) -> Callable[[Page], Page]:
    """Let only those in whom the engine's table names under `permission`; the page gets their visit.

    What an open page asks for `by_itself` is nothing the person does, so it does not keep their session alive.

    The page and all it does is one transaction of their jurisdiction. Who has not signed in is sent to the login and
    comes back; who has several offices and chose none is asked which.
    """

    def guarded(page: Page) -> Page:
        def taken(arrival: Arrival, **named: Any) -> Any:
            if (leads := first_of_all(arrival)) is not None:
                return leads
            actor = acting(arrival)
            if actor is None and _is_sent():
                raise SeatGone
            if actor is None:
                return redirect(f"/identity?{urlencode({'next': _here()})}", 303)
            if actor.acting_for is not None and arrival.second_factor_due(actor.roles):
                return redirect(SECOND_FACTOR, 303)
            g.visit = visit = Visit(arrival, actor)
            must_be_let_in(permission, actor)
            answer = page(visit, **named)
            reading.note(visit, named)
            return answer

        return _door(permission, page, taken, by_itself=by_itself)

    return guarded


def _door(permission: str, page: Page, behind: Callable[..., Any], *, by_itself: bool = False) -> Page:
    @wraps(page)
    def opened(**named: Any) -> Any:
        told = told_session(site().jurisdictions)
        if told is None:
            return _to_login()
        jurisdiction, token = told
        return retrying(
            site().database, jurisdiction, lambda session: _let_in(session, token, behind, named, by_itself=by_itself)
        )

    opened.permission = permission  # type: ignore[attr-defined]
    return opened


def _let_in(session: Session, token: str, behind: Callable[..., Any], named: dict[str, Any], *, by_itself: bool) -> Any:
    now = site().watch.now()
    found = session_of(session, token, now)
    if found is None:
        if _is_sent() and former_session(session, token) is not None:
            raise SessionOver
        return _to_login()
    sign_in, person = found
    if not by_itself:
        keep_alive(session, sign_in, now)
    g.large_type, g.letter_keys = sign_in.large_type, sign_in.letter_keys
    return behind(arrived(site().database, session, sign_in, person, site().clock.now(), now), **named)


def _is_sent() -> bool:
    """Whether a person sent a form, and no script did it for them."""
    return request.method == "POST" and "HX-Request" not in request.headers


def _to_login() -> Response:
    """To the login page; a script is told so, and asks for the password where it stands."""
    if "HX-Request" in request.headers:
        return Response("登录已超时", 401, mimetype="text/plain")
    return redirect(f"/login?{urlencode({'next': _here()})}", 303)


def _here() -> str:
    """Where to come back to: this page when it was only read, the first page when something was sent."""
    return request.full_path.rstrip("?") if request.method == "GET" else "/"
