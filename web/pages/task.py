"""任务办理: fill a form, confirm it, judge it, decide: one page for every step of every diagram.

What was typed is kept as a draft before anything else happens to it; a step that fills a form is handed in from its
draft, after 报送前核对. What a step with a command of its own asks besides, its module in `web.pages.steps` knows.
"""

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request

from engine.commands.claim import claim
from engine.commands.save_draft import DraftChanged, save_draft
from engine.errors import EngineError, WrongState
from engine.queries.drafts import draft_conflict
from engine.queries.publication_gate import CaseGate, gate_before
from engine.queries.task_card import PaperToFill, TaskCard, task_card
from engine.submissions.forms import form_of
from web.forms import Posted, anchor, lines_of, places_in, read_post
from web.pages.papers import to_fill_in, to_judge
from web.pages.posted import number_of
from web.pages.steps import record_deliberation_of_case, step_for
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("task", __name__)
BEFORE_PUBLICATION = ("record_deliberation", "publish")
"""Commands whose step shows what stands before publication."""


@page.get("/tasks/<uuid:task_id>")
@requires("see_tasks")
def one(visit: Visit, task_id: UUID) -> Any:
    """The task as it stands."""
    return task_page(visit, task_card(visit.session, visit.actor, task_id, at=visit.at))


@page.post("/tasks/<uuid:task_id>/claim")
@requires("claim")
def take(visit: Visit, task_id: UUID) -> Any:
    """签收: take it out of the pool."""
    claim(visit.session, task_id, by=visit.actor, at=visit.at)
    return redirect(f"/tasks/{task_id}", 303)


@page.post("/tasks/<uuid:task_id>/draft")
@requires("save_draft")
def keep(visit: Visit, task_id: UUID) -> Any:
    """存草稿; with a button of a table also the change of its rows; on the way to 报送前核对 that page next."""
    card = task_card(visit.session, visit.actor, task_id, at=visit.at)
    paper = must_fill(card)
    typed = _typed(paper)
    try:
        save_draft(visit.session, task_id, typed.content, by=visit.actor, at=visit.at, version=_version(paper))
    except DraftChanged as refusal:
        conflict = draft_conflict(visit.session, visit.actor, task_id, typed.content)
        return task_page(visit, card, content=typed.content, conflict=conflict, refusal=refusal)
    if "check" in request.form:
        return redirect(f"/tasks/{task_id}/check", 303)
    return redirect(f"/tasks/{task_id}?saved=1#{anchor(typed.focus) if typed.focus else 'main'}", 303)


def gate_of(visit: Visit, card: TaskCard) -> CaseGate | None:
    """What stands before publication, where the step is about that."""
    if card.command not in BEFORE_PUBLICATION or not card.is_open:
        return None
    return gate_before(visit.session, visit.actor, card.case_id, visit.today)


def task_page(
    visit: Visit,
    card: TaskCard,
    *,
    content: dict[str, Any] | None = None,
    conflict: Any = None,
    refusal: EngineError | None = None,
    told: dict[str, Any] | None = None,
    pressed: bool = False,
) -> Any:
    """The page of a task; `content` is what was typed and not kept, `pressed` that it should have been handed in."""
    judge = card.to_judge
    form = to_fill_in(card.to_fill, content) if card.to_fill is not None else None
    paper = to_judge(judge) if judge is not None else None
    status = status_of(refusal) if refusal is not None else 200
    gate = gate_of(visit, card)
    beside = record_deliberation_of_case.fields(gate) if gate is not None and card.command == "publish" else ()
    fields = step_for(card.command).fields(visit, card) if card.is_open and form is None else ()
    return render_template(
        "task.html", visit=visit, card=card, form=form, paper=paper, fields=fields, gate=gate, beside=beside,
        conflict=conflict, refusal=refusal,
        told=told or {}, key=uuid4().hex, pressed=pressed, saved=request.args.get("saved") == "1",
        differences=lines_of(form_of(card.to_fill.form), conflict.changes) if conflict and card.to_fill else [],
        places=list(places_in(paper)) if paper else [], draft_version=_shown_version(card.to_fill, conflict),
    ), status  # fmt: skip


def _typed(paper: PaperToFill) -> Posted:
    return read_post(
        form_of(paper.form), request.form, paper.content, carried=paper.carried, earlier=[paper.before or {}]
    )


def _shown_version(paper: PaperToFill | None, conflict: Any) -> int | str:
    if conflict is not None:
        return int(conflict.kept.version)
    return paper.draft.version if paper is not None and paper.draft is not None else ""


def must_fill(card: TaskCard) -> PaperToFill:
    """The form of the task; refuses a task that is over, and a step without a form."""
    if card.to_fill is None:
        raise WrongState("这件任务已经办结，或这一步不填表，没有保存。请刷新待办。", task_id=str(card.task_id))
    return card.to_fill


def _version(paper: PaperToFill) -> int | None:
    told = number_of("draft_version")
    return told if paper.draft is not None or told is not None else None
