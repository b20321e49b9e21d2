"""撤回: a unit takes back what the next office has not decided yet; asked once, with what follows."""

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template

from engine.commands.withdraw import withdraw
from engine.errors import EngineError
from engine.queries.case_card import case_card
from engine.queries.handed_in import can_be_withdrawn
from engine.queries.versions import paper_read
from web.pages.posted import text_of
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("withdrawals", __name__)


@page.get("/submissions/<uuid:submission_id>/withdrawal")
@requires("withdraw")
def ask(visit: Visit, submission_id: UUID) -> Any:
    """What is taken back, from whom, and that sending it again may be late."""
    return _page(visit, submission_id)


@page.post("/submissions/<uuid:submission_id>/withdrawal")
@requires("withdraw")
def take_back(visit: Visit, submission_id: UUID) -> Any:
    """撤回, and to the case, where the step to fill it in waits again."""
    paper = paper_read(visit.session, visit.actor, submission_id)
    reason = text_of("reason").strip() or None
    try:
        with visit.session.begin_nested():
            withdraw(
                visit.session, submission_id, reason=reason, by=visit.actor, at=visit.at, key=text_of("key", 64) or None
            )
    except EngineError as refusal:
        visit.session.expire_all()
        return _page(visit, submission_id, refusal)
    return redirect(f"/cases/{paper.case_id}?withdrawn=1", 303)


def _page(visit: Visit, submission_id: UUID, refusal: EngineError | None = None) -> Any:
    paper = paper_read(visit.session, visit.actor, submission_id)
    card = case_card(visit.session, visit.actor, paper.case_id)
    offered = {line.submission_id for line in can_be_withdrawn(visit.session, visit.actor, paper.case_id)}
    return render_template(
        "withdrawal.html", visit=visit, card=card, version=paper.version, key=uuid4().hex, refusal=refusal,
        reason=text_of("reason"), possible=submission_id in offered,
    ), status_of(refusal) if refusal is not None else 200  # fmt: skip
