"""会话与锁定: who is signed in where, and whose login is locked; the 安全管理员 ends the one and lifts the other."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from sqlalchemy import select

from engine.accounts import SignIn, end, locked_people, open_sessions, unlock
from engine.directory import Person
from engine.errors import NotFound
from engine.words import SignInEnd
from web.visits import Visit, requires

page = Blueprint("everybodys_sessions", __name__)
MOST = 200
SAID = {"ended": "已结束，那里要重新登录。", "unlocked": "已解除锁定，可以马上登录。"}


class SessionOver(NotFound):
    """No open session of that number here."""

    code = "session.over"


@page.get("/directory/sessions")
@requires("see_sessions")
def everybody(visit: Visit) -> Any:
    """Locked logins first, then the open sessions, the one used last first."""
    found = open_sessions(visit.session, visit.arrival.now)
    signed_in = {each.person_id for each in found[:MOST]}
    people = {each.id: each for each in visit.session.scalars(select(Person).where(Person.id.in_(signed_in)))}
    return render_template(
        "everybodys_sessions.html", visit=visit, sessions=found[:MOST], more=max(0, len(found) - MOST), people=people,
        locked=locked_people(visit.session, visit.arrival.now), said=SAID.get(request.args.get("said", "")),
    )  # fmt: skip


@page.post("/directory/sessions/<int:sign_in_id>/end")
@requires("see_sessions")
def end_one(visit: Visit, sign_in_id: int) -> Any:
    """结束 a session of anybody; the access log keeps who did."""
    found = visit.session.get(SignIn, sign_in_id)
    if found is None or found.ended_at is not None:
        raise SessionOver("没有这个会话，或者它已经结束。请刷新后再看。", sign_in=sign_in_id)
    end(visit.session, found, SignInEnd.BY_ADMIN, at=visit.arrival.now, by=visit.actor)
    return redirect("/directory/sessions?said=ended", 303)


@page.post("/directory/sessions/locks/<int:person_id>/removal")
@requires("see_sessions")
def let_try_again(visit: Visit, person_id: int) -> Any:
    """解锁."""
    unlock(visit.session, person_id, by=visit.actor, at=visit.arrival.now)
    return redirect("/directory/sessions?said=unlocked", 303)
