"""任务办理: fill a form, confirm it, judge it, decide: one page for every step of every diagram.

What was typed is kept as a draft before anything else happens to it; a step that fills a form is handed in from its
draft, after 报送前核对. What a step with a command of its own asks besides, its module in `web.pages.steps` knows.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request

from engine.accounts.model import IDLE
from engine.cases import CaseNotFound
from engine.commands.claim import claim
from engine.errors import EngineError, WrongState
from engine.moves.asking import OpenMove
from engine.moves.late_filing import NotTakenAway
from engine.queries.case_walk import NotWalked, Walk, case_walk
from engine.queries.drafts import DraftConflict
from engine.queries.handing_over import in_hand_since
from engine.queries.late_filings import LateFilingCard, late_filing_card
from engine.queries.letter_preview import LetterPreview, letter_preview
from engine.queries.publication_gate import CaseGate, gate_before
from engine.queries.reminders import Reminded, reminders_of
from engine.queries.takeovers import Takeover, takeovers_of
from engine.queries.task_card import PaperToFill, TaskCard, task_card
from engine.submissions.forms import form_of
from engine.tasks import TaskNotOpen
from web.forms import About, DeletedRow, Tree, anchor, lines_of, places_in, tree_of
from web.forms.shown import typed
from web.pages.attachments import files_of
from web.pages.disposals import followed_by
from web.pages.formats import written_day
from web.pages.papers import to_fill_in, to_judge, to_read
from web.pages.steps import record_deliberation_of_case, step_for
from web.pages.supplements import outlook_of
from web.visits import Visit, requires
from web.visits.forgery import FIELD
from web.visits.refusals import status_of

page = Blueprint("task", __name__)
IDLE_MINUTES = int(IDLE.total_seconds()) // 60
OF_LETTERS = ("issue_feedback", "sign_letter")
"""Commands whose step shows the letter as it would read."""
WITH_PASSWORD = {"sign_letter": "签发"}
"""Command → what the password is asked for once more."""
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
    conflict: DraftConflict | None = None,
    refusal: EngineError | None = None,
    told: dict[str, Any] | None = None,
    pressed: bool = False,
    left: Tree | None = None,
    deleted: Sequence[DeletedRow] = (),
) -> Any:
    """The page of a task; `content` is what was typed and not kept, `pressed` that it should have been handed in.

    `left` is what was typed into a form that can no longer be kept; rows just `deleted` from it can be brought back.
    """
    judge = card.to_judge
    elsewhere = card.held and not visit.actor.is_or_stands_for(card.holder_id)
    paper_to_fill = card.to_fill
    over = card.is_open and refusal is None and _is_over(forward_of(card))
    mine = paper_to_fill if not elsewhere and not over else None
    differ = shows_differences()
    form = to_fill_in(mine, content, differences=differ, deleted=deleted) if mine is not None else None
    theirs = to_read(paper_to_fill) if paper_to_fill is not None and (elsewhere or over) and left is None else None
    paper = to_judge(judge) if judge is not None else None
    status = status_of(refusal) if refusal is not None else 200
    gate = gate_of(visit, card)
    beside = record_deliberation_of_case.fields(gate) if gate is not None else ()
    closed = _closed(visit, card)
    fields = step_for(card.command).fields(visit, card) if card.is_open and form is None else ()
    proof = WITH_PASSWORD.get(card.command or "")
    return render_template(
        "task.html", visit=visit, card=card, form=form, paper=paper, fields=fields, gate=gate, beside=beside,
        conflict=conflict, refusal=refusal, reminded=_reminded(visit, card),
        told=told or {}, key=uuid4().hex, pressed=pressed, saved=request.args.get("saved") == "1",
        differences=lines_of(form_of(card.to_fill.form), conflict.changes) if conflict and card.to_fill else [],
        places=list(places_in(paper)) if paper else [], draft_version=_shown_version(card.to_fill),
        left=left, typed_left=_typed() if left is not None else (), theirs=theirs,
        closed=closed, over=over, kept=_kept(closed), files=files_of(visit, card.case_id),
        walk=_walk(visit, card), idle_minutes=IDLE_MINUTES, forward=forward_of(card), letter=letter_of(visit, card),
        elsewhere=elsewhere, requests=_requests(visit, card), outlook=outlook_of(visit, card),
        since=in_hand_since(visit.session, visit.actor, card.task_id) if elsewhere and card.is_open else None,
        written=written_day, proof=proof, differences_shown=differ, follows=followed_by(visit, card),
        proven=proof is not None and visit.arrival.sign_in.is_proven(visit.arrival.now),
    ), status  # fmt: skip


def shows_differences() -> bool:
    """Whether what differs from the last round is said under each field; it is until somebody turns it off."""
    return request.values.getlist("differences")[-1:] != ["0"]


def filling_on(task_id: UUID, focus: str | None) -> str:
    """The page of a form that was kept, at the place to go on at."""
    turned_off = "" if shows_differences() else "&differences=0"
    return f"/tasks/{task_id}?saved=1{turned_off}#{anchor(focus) if focus else 'main'}"


def _typed() -> list[tuple[str, str]]:
    """The fields of the form as they were sent."""
    return [(name, typed(value)) for name, value in request.form.items(multi=True) if name != FIELD]


def _closed(visit: Visit, card: TaskCard) -> LateFilingCard | None:
    """What is told of a step its deadline took away."""
    if card.is_open or card.ended is not None:
        return None
    try:
        return late_filing_card(visit.session, visit.actor, card.task_id)
    except NotTakenAway:
        return None


def _kept(closed: LateFilingCard | None) -> Tree | None:
    """The draft of such a step, to read."""
    if closed is None or closed.draft is None or closed.draft.form is None:
        return None
    return tree_of(form_of(closed.draft.form), closed.draft.content, About(fixed=True))


def _is_over(forward: OpenMove | None) -> bool:
    """Whether a deadline is due that takes the step away: it is only to be read, before anything has fired too."""
    return forward is not None and forward.refusal is not None and forward.refusal.code == TaskNotOpen.code


def forward_of(card: TaskCard) -> OpenMove | None:
    """The move that hands the form in or carries the step on: the first that is possible, else the usual one."""
    return next((move for move in card.moves if move.possible), card.moves[0] if card.moves else None)


def letter_of(visit: Visit, card: TaskCard) -> LetterPreview | None:
    """The draft of the letter as it would read, where the step is about one."""
    if card.command not in OF_LETTERS or not card.is_open:
        return None
    sound = card.to_fill if card.to_fill is not None and not card.to_fill.stops else card.to_judge
    content = sound.content if sound is not None else {}
    return letter_preview(visit.session, visit.actor, card.case_id, content, on=visit.today)


def _reminded(visit: Visit, card: TaskCard) -> Reminded | None:
    """How often the task was reminded of, last by whom, in which words."""
    return reminders_of(visit.session, visit.actor, [card.task_id]).get(card.task_id)


def _requests(visit: Visit, card: TaskCard) -> Sequence[Takeover]:
    """Who would like the task that is in somebody's hands."""
    if not (card.is_open and card.held):
        return ()
    return takeovers_of(visit.session, visit.actor, [card.task_id]).get(card.task_id, ())


def _shown_version(paper: PaperToFill | None) -> int | str:
    return paper.draft.version if paper is not None and paper.draft is not None else ""


def _walk(visit: Visit, card: TaskCard) -> Walk | None:
    """The way of the case through the diagram of this step."""
    try:
        return case_walk(visit.session, visit.actor, card.case_id, card.process)
    except (NotWalked, CaseNotFound):
        return None


def must_fill(card: TaskCard) -> PaperToFill:
    """The form of the task; refuses a task that is over, and a step without a form."""
    if card.to_fill is None:
        raise WrongState("这件任务已经办结，或这一步不填表，没有保存。请刷新待办。", task_id=str(card.task_id))
    return card.to_fill
