"""任务办理: fill a form, confirm it, judge it, decide: one page for every step of every diagram.

What was typed is kept as a draft before anything else happens to it; a step that fills a form is handed in from its
draft, after 报送前核对. What a step with a command of its own asks besides, its module in `web.pages.steps` knows.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request
from werkzeug.datastructures import MultiDict

from engine.commands.claim import claim
from engine.commands.save_draft import DraftChanged, save_draft
from engine.errors import EngineError, InvalidInput, WrongState
from engine.moves.asking import OpenMove, preview
from engine.moves.outcome import Outcome
from engine.process import QuestionKind
from engine.queries.case_card import case_card
from engine.queries.drafts import draft_conflict
from engine.queries.publication_gate import CaseGate, gate_before
from engine.queries.reminders import Reminded, reminders_of
from engine.queries.task_card import PaperToFill, PaperToJudge, TaskCard, task_card
from engine.queries.versions import Version
from engine.reviews.remarks import Remark
from engine.submissions.forms import FieldChange, MalformedForm, diff, form_of
from web.forms import About, Posted, Tree, anchor, lines_of, places_in, read_post, tree_of
from web.pages.steps import Given, carried_out, record_deliberation_of_case, step_for, typed_in
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("task", __name__)
LONGEST_REASON = 4000
MOST_REMARKS = 50
BEFORE_PUBLICATION = ("record_deliberation", "publish")
"""Commands whose step shows what stands before publication."""


class NotOpenToYou(InvalidInput):
    """The step knows no such way to end."""

    code = "page.no_such_move"


@page.get("/tasks/<uuid:task_id>")
@requires("see_tasks")
def one(visit: Visit, task_id: UUID) -> Any:
    """The task as it stands."""
    return _page(visit, task_card(visit.session, visit.actor, task_id, at=visit.at))


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
    paper = _must_fill(card)
    typed = _typed(paper)
    try:
        save_draft(visit.session, task_id, typed.content, by=visit.actor, at=visit.at, version=_version(paper))
    except DraftChanged as refusal:
        conflict = draft_conflict(visit.session, visit.actor, task_id, typed.content)
        return _page(visit, card, content=typed.content, conflict=conflict, refusal=refusal)
    if "check" in request.form:
        return redirect(f"/tasks/{task_id}/check", 303)
    return redirect(f"/tasks/{task_id}?saved=1#{anchor(typed.focus) if typed.focus else 'main'}", 303)


@page.get("/tasks/<uuid:task_id>/check")
@requires("see_tasks")
def before_handing_in(visit: Visit, task_id: UUID) -> Any:
    """报送前核对: what goes to whom, what follows and until when; nothing is written."""
    card = task_card(visit.session, visit.actor, task_id, at=visit.at)
    paper, move = _must_fill(card), card.moves[0]
    if paper.draft is None or paper.stops:
        return _page(visit, card, pressed=True)
    return _check(visit, card, paper, move)


@page.post("/tasks/<uuid:task_id>/completion")
@requires("complete_task")
def finish(visit: Visit, task_id: UUID) -> Any:
    """Finish the task with one of the words its step knows; what was typed stays on the page when it is refused."""
    card = task_card(visit.session, visit.actor, task_id, at=visit.at)
    if not card.is_open:
        return redirect(f"/tasks/{task_id}", 303)
    move = move_of(card, request.form.get("word", ""))
    paper = card.to_fill if move.form else None
    if paper is not None and paper.draft is None:
        raise WrongState("这件任务还没有存过内容，没有报送。请填写并存草稿后再报送。", task_id=str(task_id))
    told = told_in(request.form, card, move)
    step = step_for(card.command)
    typed = typed_in(step.fields(visit, card), request.form)
    given = Given(Outcome(move.word, content=paper.content if paper else None, **told), typed)
    try:
        key, expected = request.form.get("key", "")[:64] or None, number_in(request.form.get("expected", ""))
        carried_out(visit, card, step, given, key=key, expected=expected)
    except EngineError as refusal:
        visit.session.expire_all()
        card, told = task_card(visit.session, visit.actor, task_id, at=visit.at), {**told, "typed": typed}
        if move.form and card.to_fill is not None:
            return _check(visit, card, card.to_fill, move, refusal=refusal, told=told)
        return _page(visit, card, refusal=refusal, told=told)
    return redirect(f"/tasks/{task_id}/receipt", 303)


@page.post("/tasks/<uuid:task_id>/sittings")
@requires("record_deliberation_of_case")
def note_sitting(visit: Visit, task_id: UUID) -> Any:
    """登记 a step before publication that no task records (专报领导, 送达代表委员)."""
    card = task_card(visit.session, visit.actor, task_id, at=visit.at)
    typed = {name: request.form.get(name, "")[:40] for name in ("body", "held_on")}
    key = request.form.get("key", "")[:64] or None
    try:
        record_deliberation_of_case.carry_out(
            visit.session, card.case_id, Given(Outcome(""), typed), by=visit.actor, at=visit.at, key=key
        )
    except EngineError as refusal:
        return _page(visit, card, refusal=refusal, told={"typed": typed})
    return redirect(f"/tasks/{task_id}", 303)


@page.get("/tasks/<uuid:task_id>/receipt")
@requires("see_tasks")
def receipt(visit: Visit, task_id: UUID) -> Any:
    """What became of it, and who is next."""
    card = task_card(visit.session, visit.actor, task_id, at=visit.at)
    case = case_card(visit.session, visit.actor, card.case_id)
    return render_template("receipt.html", visit=visit, card=card, case=case)


def _check(
    visit: Visit,
    card: TaskCard,
    paper: PaperToFill,
    move: OpenMove,
    *,
    refusal: EngineError | None = None,
    told: dict[str, Any] | None = None,
) -> Any:
    """报送前核对; after a refusal once more, with what was typed."""
    step, typed = step_for(card.command), told or {}
    fields = step.fields(visit, card)
    would = None
    if refusal is None:
        usual = Outcome(move.word, content=paper.content, answers=_usual_answers(move))
        given = Given(usual, {field.name: field.usual for field in fields})
        would = preview(visit.session, step.carry_out, card.task_id, given, by=visit.actor, at=visit.at)
        refusal = would.refusal
    status = status_of(refusal) if refusal is not None and told is not None else 200
    return render_template(
        "check.html", visit=visit, card=card, paper=paper, move=move, opens=would.opens if would else (),
        refusal=refusal, told=typed, fields=fields, gate=_gate(visit, card), key=uuid4().hex,
    ), status  # fmt: skip


def _gate(visit: Visit, card: TaskCard) -> CaseGate | None:
    """What stands before publication, where the step is about that."""
    if card.command not in BEFORE_PUBLICATION or not card.is_open:
        return None
    return gate_before(visit.session, visit.actor, card.case_id, visit.today)


def _page(
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
    form = _sheet(card.to_fill, content) if card.to_fill is not None else None
    paper = _paper(judge) if judge is not None else None
    status = status_of(refusal) if refusal is not None else 200
    gate = _gate(visit, card)
    beside = record_deliberation_of_case.fields(gate) if gate is not None and card.command == "publish" else ()
    fields = step_for(card.command).fields(visit, card) if card.is_open and form is None else ()
    return render_template(
        "task.html", visit=visit, card=card, form=form, paper=paper, fields=fields, gate=gate, beside=beside,
        conflict=conflict, refusal=refusal, reminded=_reminded(visit, card),
        told=told or {}, key=uuid4().hex, pressed=pressed, saved=request.args.get("saved") == "1",
        differences=lines_of(form_of(card.to_fill.form), conflict.changes) if conflict and card.to_fill else [],
        places=list(places_in(paper)) if paper else [], draft_version=_shown_version(card.to_fill, conflict),
    ), status  # fmt: skip


def _reminded(visit: Visit, card: TaskCard) -> Reminded | None:
    """How often the task was reminded of, last by whom, in which words."""
    return reminders_of(visit.session, visit.actor, [card.task_id]).get(card.task_id)


def _sheet(paper: PaperToFill, content: Mapping[str, Any] | None) -> Tree:
    """The form to fill in, with what was found, what was said of the last version, and what differs from it."""
    form, shown = form_of(paper.form), paper.content if content is None else content
    about = About(
        findings=paper.findings if content is None else (),
        remarks=remarks_of(paper.versions[-1:]),
        changes=_changes(paper.form, paper.before, shown),
        former=f"第 {paper.versions[-1].version} 稿" if paper.versions else "",
        carried=paper.carried,
    )
    return tree_of(form, shown, about)


def _paper(paper: PaperToJudge) -> Tree:
    """The version to be judged, with what the checks say, and marked where it differs from the one before."""
    earlier = [each for each in paper.versions if each.version < paper.version]
    about = About(
        findings=paper.findings,
        remarks=remarks_of(earlier[-1:]),
        changes=_changes(paper.form, paper.before, paper.content),
        former=f"第 {earlier[-1].version} 稿" if earlier else "",
        fixed=True,
    )
    return tree_of(form_of(paper.form), paper.content, about)


def _changes(form: str, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> Sequence[FieldChange]:
    """What differs; nothing where one of the two cannot be read as the form yet."""
    if before is None:
        return ()
    try:
        return diff(form_of(form), before, after)
    except MalformedForm:
        return ()


def remarks_of(versions: Sequence[Version]) -> list[Remark]:
    """Every remark made on these versions."""
    return [remark for version in versions for said in version.said for remark in said.remarks]


def _typed(paper: PaperToFill) -> Posted:
    return read_post(
        form_of(paper.form), request.form, paper.content, carried=paper.carried, earlier=[paper.before or {}]
    )


def _shown_version(paper: PaperToFill | None, conflict: Any) -> int | str:
    if conflict is not None:
        return int(conflict.kept.version)
    return paper.draft.version if paper is not None and paper.draft is not None else ""


def _must_fill(card: TaskCard) -> PaperToFill:
    if card.to_fill is None:
        raise WrongState("这件任务已经办结，或这一步不填表，没有保存。请刷新待办。", task_id=str(card.task_id))
    return card.to_fill


def move_of(card: TaskCard, word: str) -> OpenMove:
    """The way of that word to end the task; refuses a word the step does not know."""
    found = next((move for move in card.moves if move.word == word), None)
    if found is None:
        raise NotOpenToYou("没有选择怎样办理，或这一步不能这样办。请返回任务重新选择。", word=word[:40])
    return found


def told_in(form: MultiDict[str, str], card: TaskCard, move: OpenMove) -> dict[str, Any]:
    """Answers, reason and remarks as they were typed."""
    answers: dict[str, Any] = {}
    for question in move.questions:
        name = f"answer.{question.variable}"
        if question.kind is QuestionKind.LIST:
            answers[question.variable] = [line.strip() for line in form.get(name, "").splitlines() if line.strip()]
        elif form.get(name, ""):
            answers[question.variable] = form[name]
    reason = form.get("reason", "")[: LONGEST_REASON + 1].strip() or None
    remarks = said_in(form) if move.remarks else None
    return {"answers": answers, "reason": reason, "remarks": remarks or None}


def said_in(form: MultiDict[str, str]) -> list[dict[str, Any]]:
    """The remarks somebody typed: those with words or a template, in their order."""
    found = []
    for number in range(MOST_REMARKS):
        path, template, text = (
            form.get(f"remark.{number}.{part}", "").strip() for part in ("path", "template", "text")
        )
        if template or text:
            found.append({"path": path, "template": number_in(template), "text": text[:LONGEST_REASON]})
    return found


def _usual_answers(move: OpenMove) -> dict[str, Any]:
    return {
        question.variable: [] if question.kind is QuestionKind.LIST else next(iter(question.options), "")
        for question in move.questions
    }


def _version(paper: PaperToFill) -> int | None:
    told = number_in(request.form.get("draft_version", ""))
    return told if paper.draft is not None or told is not None else None


def number_in(told: str) -> int | None:
    """What is sent as a number; None for anything else."""
    return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else None
