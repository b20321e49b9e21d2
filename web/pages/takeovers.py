"""请求接手: on the page of a task a colleague has in hand one asks for it; whoever has it says why it stays there.

What answers the request otherwise is 转办.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect

from engine.commands.decline_takeover import decline_takeover
from engine.commands.request_takeover import request_takeover
from engine.queries.task_card import task_card
from web.pages.posted import text_of
from web.pages.refused import done_or_back
from web.pages.task import task_page
from web.visits import Visit, requires

page = Blueprint("takeovers", __name__)


@page.post("/tasks/<uuid:task_id>/takeovers")
@requires("request_takeover")
def ask(visit: Visit, task_id: UUID) -> Any:
    """Ask for the task."""
    return _done(visit, task_id, lambda how: request_takeover(visit.session, task_id, **how))


@page.post("/tasks/<uuid:task_id>/takeovers/<int:takeover_id>/refusal")
@requires("decline_takeover")
def keep(visit: Visit, task_id: UUID, takeover_id: int) -> Any:
    """不转, and why."""
    return _done(visit, task_id, lambda how: decline_takeover(visit.session, takeover_id, **how))


def _done(visit: Visit, task_id: UUID, work: Callable[[dict[str, Any]], Any]) -> Any:
    """The page of the task after that; who was not first at the case is tried again by the door."""
    how = {"reason": text_of("reason"), "by": visit.actor, "at": visit.at, "key": text_of("key", 64) or None}

    def done() -> Any:
        work(how)
        return redirect(f"/tasks/{task_id}", 303)

    return done_or_back(
        visit, done,
        lambda refusal: task_page(
            visit, task_card(visit.session, visit.actor, task_id, at=visit.at), refusal=refusal
        ),
    )  # fmt: skip
