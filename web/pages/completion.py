"""Ending a task: 报送前核对, the decision itself, and the receipt."""

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, make_response, redirect, render_template, request

from engine.errors import EngineError, WrongState
from engine.moves.asking import OpenMove, preview
from engine.moves.outcome import Outcome
from engine.moves.permissions import permits
from engine.queries.case_card import case_card
from engine.queries.filing_receipts import handing_of
from engine.queries.handed_in import can_be_withdrawn
from engine.queries.task_card import PaperToFill, TaskCard, task_card
from web.pages.formats import written_day
from web.pages.posted import number_of, text_of
from web.pages.proving import refused_proof
from web.pages.steps import Given, carried_out, record_deliberation_of_case, step_for, typed_in
from web.pages.task import WITH_PASSWORD, forward_of, gate_of, letter_of, must_fill, task_page
from web.pages.told import move_of, said_in, told_in, usual_answers
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("completion", __name__)
LONGEST_KEY = 64


class EndedMeanwhile(WrongState):
    """The task was ended by somebody else, or in another way, before this decision came."""

    code = "task.ended_meanwhile"


@page.get("/tasks/<uuid:task_id>/check")
@requires("see_tasks")
def before_handing_in(visit: Visit, task_id: UUID) -> Any:
    """报送前核对: what goes to whom, what follows and until when; nothing is written."""
    card = task_card(visit.session, visit.actor, task_id, at=visit.at)
    paper, move = must_fill(card), forward_of(card) or card.moves[0]
    if paper.draft is None or paper.stops:
        return task_page(visit, card, pressed=True)
    return _check(visit, card, paper, move)


@page.post("/tasks/<uuid:task_id>/completion")
@requires("complete_task")
def finish(visit: Visit, task_id: UUID) -> Any:
    """Finish the task with one of the words its step knows; what was typed stays on the page when it is refused."""
    card = task_card(visit.session, visit.actor, task_id, at=visit.at)
    if not card.is_open:
        return _over(visit, card)
    move = move_of(card, request.form.get("word", ""))
    paper = card.to_fill if move.form else None
    if paper is not None and paper.draft is None:
        raise WrongState("这件任务还没有存过内容，没有报送。请填写并存草稿后再报送。", task_id=str(task_id))
    told = told_in(request.form, card, move)
    step = step_for(card.command)
    typed = typed_in(step.fields(visit, card), request.form)
    given = Given(Outcome(move.word, content=paper.content if paper else None, **told), typed)
    response = redirect(f"/tasks/{task_id}/receipt", 303)
    refusal = _refused(visit, card, move, given, response)
    if refusal is None:
        return response
    visit.session.flush()
    visit.session.expire_all()
    card, told = task_card(visit.session, visit.actor, task_id, at=visit.at), {**told, "typed": typed}
    if move.form and card.to_fill is not None:
        return _check(visit, card, card.to_fill, move, refusal=refusal, told=told)
    shown, status = task_page(visit, card, refusal=refusal, told=told)
    refused = make_response(shown, status)
    for cookie in response.headers.getlist("Set-Cookie"):
        refused.headers.add("Set-Cookie", cookie)
    return refused


def _over(visit: Visit, card: TaskCard) -> Any:
    """For who ends what is over: the receipt once more when it was they, in this way; else what they typed, to copy."""
    ended = card.ended
    if ended is None:
        return redirect(f"/tasks/{card.task_id}", 303)
    if ended.by_id == visit.actor.person_id and ended.outcome == request.form.get("word"):
        return redirect(f"/tasks/{card.task_id}/receipt", 303)
    refusal = EndedMeanwhile(
        "这一件已经办结，您这次的办理没有写入。填写的内容在下面，需要的请抄走。", task_id=str(card.task_id)
    )
    typed = {"reason": text_of("reason").strip(), "remarks": said_in(request.form)}
    return task_page(visit, card, refusal=refusal, told=typed)


def _refused(visit: Visit, card: TaskCard, move: OpenMove, given: Given, response: Response) -> EngineError | None:
    """Take the password where the step wants it again, and end the step; gives what it was refused with."""
    if card.command in WITH_PASSWORD and not move.needs_reason:
        unproven = refused_proof(visit, response)
        if unproven is not None:
            return unproven
    try:
        key, expected = text_of("key", LONGEST_KEY) or None, number_of("expected")
        carried_out(visit, card, step_for(card.command), given, key=key, expected=expected)
    except EngineError as refusal:
        return refusal
    return None


@page.post("/tasks/<uuid:task_id>/sittings")
@requires("record_deliberation_of_case")
def note_sitting(visit: Visit, task_id: UUID) -> Any:
    """登记 a step before publication that no task records (专报领导, 送达代表委员)."""
    card = task_card(visit.session, visit.actor, task_id, at=visit.at)
    typed = {
        name: request.form.get(name, "")[:40]
        for name in (record_deliberation_of_case.BODY, record_deliberation_of_case.DAY)
    }
    key = text_of("key", LONGEST_KEY) or None
    try:
        with visit.session.begin_nested():
            record_deliberation_of_case.carry_out(
                visit.session, card.case_id, Given(Outcome(""), typed), by=visit.actor, at=visit.at, key=key
            )
    except EngineError as refusal:
        return task_page(visit, card, refusal=refusal, told={"typed": typed})
    return redirect(f"/tasks/{task_id}", 303)


@page.get("/tasks/<uuid:task_id>/receipt")
@requires("see_tasks")
def receipt(visit: Visit, task_id: UUID) -> Any:
    """What became of it, and who is next."""
    card = task_card(visit.session, visit.actor, task_id, at=visit.at)
    case = case_card(visit.session, visit.actor, card.case_id)
    takeable = can_be_withdrawn(visit.session, visit.actor, card.case_id) if permits("withdraw", visit.actor) else ()
    handing = handing_of(visit.session, visit.actor, card.case_id, task_id)
    return render_template("receipt.html", visit=visit, card=card, case=case, takeable=takeable, handing=handing)


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
        why = "预览" if move.late else None
        usual = Outcome(move.word, content=paper.content, answers=usual_answers(move), reason=why)
        given = Given(usual, {field.name: field.usual for field in fields})
        would = preview(visit.session, step.carry_out, card.task_id, given, by=visit.actor, at=visit.at)
        refusal = would.refusal
    status = status_of(refusal) if refusal is not None and told is not None else 200
    others = [other for other in card.moves if other.form and other.possible and other.word != move.word]
    return render_template(
        "check.html", visit=visit, card=card, paper=paper, move=move, opens=would.opens if would else (),
        refusal=refusal, told=typed, fields=fields, gate=gate_of(visit, card), key=uuid4().hex,
        others=others, letter=letter_of(visit, card), written=written_day,
    ), status  # fmt: skip
