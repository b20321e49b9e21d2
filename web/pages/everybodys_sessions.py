"""会话与锁定: who is signed in where, and whose login is locked; the 安全管理员 ends the one and lifts the other."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from sqlalchemy import select

from engine.accounts import SignIn, end, locked_people, open_sessions, unlock
from engine.accounts.log import last_of
from engine.directory import Person
from engine.errors import EngineError, NotFound, WrongState
from engine.words import Access, SignInEnd
from web.pages.refused import done_or_back
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("everybodys_sessions", __name__)
MOST = 200
SAID = {"ended": "已结束，那里要重新登录。", "unlocked": "已解除锁定，可以马上登录。"}


class SessionUnknown(NotFound):
    """No session of that number here."""

    code = "session.unknown"


class SessionOver(WrongState):
    """The session has ended already."""

    code = "session.over"


@page.get("/directory/sessions")
@requires("see_sessions")
def everybody(visit: Visit) -> Any:
    """Locked logins first, then the open sessions, the one used last first."""
    return _page(visit)


@page.post("/directory/sessions/<int:sign_in_id>/end")
@requires("see_sessions")
def end_one(visit: Visit, sign_in_id: int) -> Any:
    """结束 a session of anybody; the access log keeps who did."""

    def done() -> Any:
        found = visit.session.get(SignIn, sign_in_id)
        if found is None:
            raise SessionUnknown("没有这个会话，没有办理。请从列出的会话中选择。", sign_in=sign_in_id)
        if found.ended_at is not None:
            raise SessionOver(
                f"这个会话已经结束{_who_ended(visit, found)}，不需要再结束。请核对列出的会话。", sign_in=sign_in_id
            )
        end(visit.session, found, SignInEnd.BY_ADMIN, at=visit.arrival.now, by=visit.actor)
        return redirect("/directory/sessions?said=ended", 303)

    return done_or_back(visit, done, lambda refusal: _page(visit, refusal))


@page.post("/directory/sessions/locks/<int:person_id>/removal")
@requires("see_sessions")
def let_try_again(visit: Visit, person_id: int) -> Any:
    """解锁."""
    unlock(visit.session, person_id, by=visit.actor, at=visit.arrival.now)
    return redirect("/directory/sessions?said=unlocked", 303)


def _who_ended(visit: Visit, over: SignIn) -> str:
    ended = last_of(visit.session, over.person_id, Access.ENDED, Access.SIGNED_OUT, sign_in=over.id)
    return ended or (f"（{over.ended_why.label}）" if over.ended_why else "")


def _page(visit: Visit, refusal: EngineError | None = None) -> Any:
    found = open_sessions(visit.session, visit.arrival.now)
    signed_in = {each.person_id for each in found[:MOST]}
    people = {each.id: each for each in visit.session.scalars(select(Person).where(Person.id.in_(signed_in)))}
    return render_template(
        "everybodys_sessions.html", visit=visit, sessions=found[:MOST], more=max(0, len(found) - MOST), people=people,
        locked=locked_people(visit.session, visit.arrival.now), said=SAID.get(request.args.get("said", "")),
        refusal=refusal,
    ), 200 if refusal is None else status_of(refusal)  # fmt: skip
