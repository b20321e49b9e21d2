"""转办: a task goes to a colleague of the same office, with a reason; its day stays.

Who asked to take it over (请求接手) is chosen beforehand where one comes from their request.
"""

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request

from engine.commands.transfer import transfer
from engine.errors import EngineError
from engine.queries.handing_over import to_hand_over
from engine.queries.takeovers import takeovers_of
from web.pages.posted import number_in, number_of, text_of
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("transfers", __name__)


@page.get("/tasks/<uuid:task_id>/transfer")
@requires("transfer")
def ask(visit: Visit, task_id: UUID) -> Any:
    """Who could have it."""
    chosen = number_in(request.args.get("to", ""), digits=18)
    asked = takeovers_of(visit.session, visit.actor, [task_id]).get(task_id, ())
    wanted = next((each for each in asked if each.waits and each.person_id == chosen), None)
    why = f"应{wanted.person}请求接手" + (f"：{wanted.reason}" if wanted.reason else "") if wanted else ""
    return _page(visit, task_id, to=chosen, reason=why)


@page.post("/tasks/<uuid:task_id>/transfer")
@requires("transfer")
def hand_over(visit: Visit, task_id: UUID) -> Any:
    """转办, and back to one's own list."""
    try:
        with visit.session.begin_nested():
            transfer(
                visit.session, task_id, number_of("to") or 0, reason=text_of("reason"), by=visit.actor, at=visit.at,
                key=text_of("key", 64) or None,
            )  # fmt: skip
    except EngineError as refusal:
        visit.session.expire_all()
        return _page(visit, task_id, to=number_of("to"), reason=text_of("reason"), refusal=refusal)
    return redirect("/tasks?done=transferred", 303)


def _page(visit: Visit, task_id: UUID, *, to: int | None, reason: str, refusal: EngineError | None = None) -> Any:
    task = to_hand_over(visit.session, visit.actor, task_id, at=visit.at)
    return render_template(
        "transfer.html", visit=visit, task=task, key=uuid4().hex, refusal=refusal, to=to, reason=reason,
    ), status_of(refusal) if refusal is not None else 200  # fmt: skip
