"""会话: where one is signed in, and ending it there."""

from typing import Any

from flask import Blueprint, redirect, render_template

from engine.accounts import SignIn, end, end_others, open_sessions_of
from engine.errors import NotFound
from engine.words import SignInEnd
from web.visits import Arrival, own_affairs, seated

page = Blueprint("sessions", __name__)


class NoSuchSession(NotFound):
    """None of one's own open sessions."""

    code = "session.not_found"


@page.get("/settings/sessions")
@own_affairs
def mine(arrival: Arrival) -> Any:
    """All open ones, the one used last first."""
    return render_template("sessions.html", arrival=arrival, visit=seated(arrival), sessions=_open(arrival))


@page.post("/settings/sessions/<int:sign_in_id>/end")
@own_affairs
def end_one(arrival: Arrival, sign_in_id: int) -> Any:
    """结束 one of one's own."""
    found = next((each for each in _open(arrival) if each.id == sign_in_id), None)
    if found is None:
        raise NoSuchSession("没有这个会话，或者它已经结束。请刷新后再看。", sign_in=sign_in_id)
    end(arrival.session, found, SignInEnd.BY_ONESELF, at=arrival.now)
    return redirect("/settings/sessions", 303)


@page.post("/settings/sessions/others")
@own_affairs
def end_all_others(arrival: Arrival) -> Any:
    """结束其他会话."""
    end_others(arrival.session, arrival.sign_in, at=arrival.now)
    return redirect("/settings/sessions", 303)


def _open(arrival: Arrival) -> list[SignIn]:
    return list(open_sessions_of(arrival.session, arrival.sign_in.person_id, arrival.now))
