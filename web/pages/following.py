"""关注: a press on the page of a case, to hear of it from now on, or no more."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect

from engine.commands.follow_case import follow_case
from engine.commands.unfollow_case import unfollow_case
from engine.errors import WrongState
from web.pages.case import TABS, case_page
from web.pages.posted import text_of
from web.visits import Visit, requires

page = Blueprint("following", __name__)


@page.post("/cases/<int:case_id>/following")
@requires("follow_case")
def begin(visit: Visit, case_id: int) -> Any:
    """关注."""
    return _done(visit, case_id, follow_case)


@page.post("/cases/<int:case_id>/following/end")
@requires("unfollow_case")
def end(visit: Visit, case_id: int) -> Any:
    """取消关注."""
    return _done(visit, case_id, unfollow_case)


def _done(visit: Visit, case_id: int, command: Callable[..., Any]) -> Any:
    """The page of the case where it was pressed."""
    tab = text_of("tab", 20)
    try:
        with visit.session.begin_nested():
            command(visit.session, case_id, by=visit.actor, at=visit.at)
    except WrongState as refusal:
        return case_page(visit, case_id, refusal)
    return redirect(f"/cases/{case_id}?tab={tab}" if tab in TABS else f"/cases/{case_id}", 303)
