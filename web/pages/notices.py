"""通知: what one was told, with the way to what it is about; 已阅, one by one or all."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from engine.commands.read_notices import read_notices
from engine.directory import Actor
from engine.moves.permissions import READS
from engine.queries.notices import MANY, NoticeLine, notices_of, one_notice, unread_notices
from engine.words import NoticeKind
from web.pages.asked import address, asked_word
from web.pages.posted import text_of
from web.visits import Visit, requires

page = Blueprint("notices", __name__)
VIEWS = {"unread": "未读", "all": "全部"}
_PLACES = {
    NoticeKind.COPIED: "/tasks?view=copies",
    NoticeKind.UNREACHED: "/directory/people",
    NoticeKind.ENTRUSTED: "/identity",
    NoticeKind.FINISHED: "/launches",
    NoticeKind.ACT_FINISHED: "/year-acts",
}
_OF_OFFICES = {
    NoticeKind.UNREACHED: "see_directory",
    NoticeKind.FINISHED: "see_launches",
    NoticeKind.ACT_FINISHED: "see_tasks",
}
"""What leads to a page not every office of a person may open."""


@page.get("/notices")
@requires("see_notices")
def mine(visit: Visit) -> Any:
    """The unread ones at first."""
    view = asked_word("view", VIEWS) or "unread"
    after = request.args.get("after") or None
    found = notices_of(visit.session, visit.actor, only_unread=view == "unread", after=after)
    return render_template(
        "notices.html", visit=visit, views=VIEWS, view=view, lines=found.lines, after=after,
        first_url=address("/notices", view=view),
        next_url=found.next and address("/notices", view=view, after=found.next),
    )  # fmt: skip


@page.post("/notices/<int:notice_id>/reading")
@requires("read_notices")
def read(visit: Visit, notice_id: int) -> Any:
    """已阅; `all` does so with every older one, `open` leads on to what it is about."""
    everything = text_of("do", 10) == "all"
    read_notices(visit.session, notice_id, and_before=everything, by=visit.actor, at=visit.at)
    told = one_notice(visit.session, visit.actor, notice_id) if text_of("do", 10) == "open" else None
    return redirect("/notices" if told is None else leads_to(told, visit.actor), 303)


def leads_to(told: NoticeLine, actor: Actor) -> str:
    """The page a notice is about, or the list where this office has none of it."""
    if told.kind in _OF_OFFICES and actor.roles.isdisjoint(READS[_OF_OFFICES[told.kind]].offices):
        return "/notices"
    if told.kind in _PLACES:
        return _PLACES[told.kind]
    return f"/tasks/{told.task_id}" if told.task_id is not None else f"/cases/{told.case_id}"


def unread_words(visit: Visit) -> str:
    """How many one has not read, for the top bar; empty where there are none."""
    unread = unread_notices(visit.session, visit.actor)
    return f"{MANY}+" if unread > MANY else str(unread or "")
