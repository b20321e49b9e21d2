"""批量办理: one opinion for the part of the queue that raises no question, frozen first, each item told of afterwards.

Only 通过 is done in bulk. What is left out, and why, is said before; everything is asked once more when it is done,
each item in a transaction of its own. What takes longer than a moment goes on portion by portion on a page of its own.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, make_response, redirect, render_template, request

from engine.commands.complete_guarded import complete_guarded
from engine.errors import EngineError
from engine.moves.outcome import Outcome
from engine.moves.repeating import LONGEST_TEXT
from engine.portions import LongWork, begun, noted, standing_of, work_by_id
from engine.queries.review_queue import review_queue
from engine.queries.task_card import TaskCard, task_card
from engine.submissions.forms import form_of
from engine.words import OutcomeWord, QueueView
from web.csv_answers import csv_answer
from web.pages.asked import task_named
from web.pages.each_result import Done, Result, worst_first
from web.pages.judged import doubts_about, open_remarks
from web.pages.portions import Portion, halt, is_driven, is_halted
from web.pages.posted import TypedTooLong, must_fit, number_in, text_of
from web.pages.proving import refused_proof
from web.pages.reviews import Asked
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("review_batches", __name__)
MOST_AT_ONCE = 100
KIND = "approvals"
MOMENT = 1.5
"""Seconds: what is done within them needs no page of its own."""


@page.get("/review-batches/new")
@requires("see_reviews")
def freeze(visit: Visit) -> Any:
    """The items under the current filter as they stand now, and those left out with their reasons."""
    asked = Asked.told()  # in whichever view: what is doubtful is left out, and must not fill the list
    found = review_queue(
        visit.session, visit.actor, on=visit.today, filters=asked.filters, limit=MOST_AT_ONCE,
        view=QueueView.BY_DUE_DAY,
    )  # fmt: skip
    cards = [task_card(visit.session, visit.actor, line.item.task_id, at=visit.at) for line in found.lines]
    return _form(visit, cards, more=found.next is not None)


@page.post("/review-batches")
@requires("see_reviews")
def carry_out(visit: Visit) -> Any:
    """Take the password again, then let each item through; gives what became of every one."""
    items = dict(_items(request.form.getlist("item")))
    response = make_response()
    try:
        must_fit(text_of("opinion"), "意见", LONGEST_TEXT)
        refusal = refused_proof(visit, response)
    except TypedTooLong as too_long:
        refusal = too_long
    if refusal is not None:
        return _form(visit, list(_still_there(visit, items)), refusal=refusal)
    work = _begun(visit, items)
    if _portion(visit, work):
        response.set_data(_result(visit, work))
        return response
    response.status_code, response.location = 303, f"/review-batches/{work.id}?auto=1"
    return response


@page.get("/review-batches/<int:batch_id>")
@requires("see_reviews")
def look(visit: Visit, batch_id: int) -> Any:
    """How far one's batch has come, and what became of every item."""
    return _result(visit, work_by_id(visit.session, KIND, batch_id, by=visit.actor))


@page.post("/review-batches/<int:batch_id>/portions")
@requires("see_reviews")
def go_on(visit: Visit, batch_id: int) -> Any:
    """The next items; the password again where it was shown more than five minutes ago."""
    work = work_by_id(visit.session, KIND, batch_id, by=visit.actor)
    response = redirect(f"/review-batches/{batch_id}", 303)
    if is_halted(visit, work) or work.ended_at is not None:
        return response
    refusal = refused_proof(visit, response)
    if refusal is not None:
        return _result(visit, work, refusal), status_of(refusal)
    if not _portion(visit, work):
        response.location += "?auto=1"
    return response


@page.get("/review-batches/<int:batch_id>/results.csv")
@requires("see_reviews")
def take_home(visit: Visit, batch_id: int) -> Response:
    """下载逐件结果: what became of every item of one's own batch up to now."""
    done = _done(work_by_id(visit.session, KIND, batch_id, by=visit.actor))
    rows = [(each.result.value, each.name, each.about, each.why) for each in done]
    return csv_answer(f"批量办理结果-{batch_id}.csv", [("结果", "事项", "步骤", "原因"), *rows])


@page.post("/review-batches/<int:batch_id>/stop")
@requires("see_reviews")
def stop(visit: Visit, batch_id: int) -> Response:
    """停止: what was let through stays so, the others go on waiting."""
    halt(visit, work_by_id(visit.session, KIND, batch_id, by=visit.actor))
    return redirect(f"/review-batches/{batch_id}", 303)


def why_left_out(visit: Visit, card: TaskCard) -> str | None:
    """Why an item has to be looked at by itself; None where one opinion may do for it."""
    move = next((move for move in card.moves if move.word == OutcomeWord.APPROVED), None)
    if not card.is_open:
        return "这件任务已经办结或收回，不需要再办理。"
    if card.kind != "review" or move is None or move.command != "complete_task":
        return "这一步不是审核通过，须逐件办理。"
    if move.refusal is not None:
        return move.refusal.message
    if move.form is not None:
        return f"这一步要填{form_of(move.form).title}，须逐件办理。"
    if not all(question.may_be_left_out for question in move.questions):
        return "这一步还要作决定，须逐件办理。"
    return _to_be_looked_at(visit, card)


def _to_be_looked_at(visit: Visit, card: TaskCard) -> str | None:
    judge = card.to_judge
    if judge is None:
        return None
    heavy = [finding for finding in judge.findings if finding.severity in ("error", "explain")]
    if heavy:
        return f"自动审核有 {len(heavy)} 处不通过或要看说明，须逐件审核。"
    doubts = doubts_about(visit, card.case_id, judge)
    if doubts:
        return f"存疑 {len(doubts)} 处，须逐件审核。"
    left = open_remarks(judge)
    return f"上一轮还有 {len(left)} 条意见没有改，也没有说明，须逐件审核。" if left else None


def _form(
    visit: Visit, cards: list[TaskCard], *, more: bool = False, refusal: EngineError | None = None
) -> tuple[str, int]:
    told = [(card, why_left_out(visit, card)) for card in cards]
    return render_template(
        "review_batch.html", visit=visit, asked=Asked.told(), more=more, most=MOST_AT_ONCE, refusal=refusal,
        frozen=[card for card, why in told if why is None], left_out=[(card, why) for card, why in told if why],
        opinion=text_of("opinion"), key=_key() or uuid4().hex,
        proven=visit.arrival.sign_in.is_proven(visit.arrival.now),
    ), status_of(refusal) if refusal is not None else 200  # fmt: skip


def _still_there(visit: Visit, items: dict[UUID, int | None]) -> Iterator[TaskCard]:
    """The items sent that may still be seen."""
    for task_id in items:
        try:
            yield task_card(visit.session, visit.actor, task_id, at=visit.at)
        except EngineError:
            continue


def _items(sent: list[str]) -> Iterator[tuple[UUID, int | None]]:
    """Task and the version of its case that was frozen; what is no task of ours is not among them."""
    for each in sent[:MOST_AT_ONCE]:
        told, _, version = each.partition(".")
        task_id = task_named(told)
        if task_id is not None:
            yield task_id, number_in(version)


def _begun(visit: Visit, items: dict[UUID, int | None]) -> LongWork:
    """The batch the form names; the same items sent twice are one."""
    key = _key() or uuid4().hex
    frozen = [[str(task_id), version] for task_id, version in items.items()]
    opinion = text_of("opinion").strip() or None
    content = {"key": key, "opinion": opinion, "items": frozen}
    chosen = sha256(repr(frozen).encode()).hexdigest()[:16]
    subject = f"{visit.actor.person_id} {key} {chosen}"
    return begun(visit.session, KIND, subject, len(items), by=visit.actor, at=visit.arrival.now, content=content)


def _portion(visit: Visit, work: LongWork) -> bool:
    """Carry out items of the batch for a moment; whether none is left."""
    known, portion, gave = dict(work.content.get("gave", {})), Portion(), dict[str, list[str]]()
    left = [(told, version) for told, version in work.content["items"] if told not in known]
    for told, version in left:
        if gave and portion.seconds > MOMENT:
            break
        done = _carried_out(visit, work, UUID(told), version)
        gave[told] = [done.name, done.about, done.result.value, done.why]
    failed = sum(result == Result.FAILED for _, _, result, _ in (known | gave).values())
    noted(
        visit.session, work.id, moved=len(gave), left=len(left) - len(gave), failed=failed, gave=gave,
        seconds=portion.seconds, at=visit.arrival.now,
    )  # fmt: skip
    return len(left) == len(gave)


def _result(visit: Visit, work: LongWork, refusal: EngineError | None = None) -> str:
    """What became of every item up to now, the failed first, and how far the batch is."""
    done = _done(work)
    return render_template(
        "review_batch_done.html", visit=visit, done=done,
        work=standing_of(work, visit.arrival.now), here=f"/review-batches/{work.id}", driven=is_driven(),
        refusal=refusal, proven=visit.arrival.sign_in.is_proven(visit.arrival.now),
    )  # fmt: skip


def _done(work: LongWork) -> list[Done]:
    known = work.content.get("gave", {}).values()
    return worst_first(Done(name, step, Result(result), why) for name, step, result, why in known)


def _carried_out(visit: Visit, work: LongWork, task_id: UUID, version: int | None) -> Done:
    """One item through; a case that went on since the list was frozen is refused as anywhere."""
    try:
        card = task_card(visit.session, visit.actor, task_id, at=visit.at)
    except EngineError as refusal:
        return Done("（看不到的事项）", "", Result.SKIPPED, refusal.message)
    why = why_left_out(visit, card) if card.is_open else None
    if why is not None:
        return Done(card.name, card.step, Result.SKIPPED, why)
    outcome = Outcome(OutcomeWord.APPROVED.value, reason=work.content["opinion"])
    try:
        complete_guarded(
            visit.database, visit.jurisdiction, task_id, outcome, by=visit.actor, at=visit.at,
            key=f"{work.content['key']}{task_id.hex}", expected=version,
        )  # fmt: skip
    except EngineError as refusal:
        return Done(card.name, card.step, Result.FAILED if card.is_open else Result.SKIPPED, refusal.message)
    return Done(card.name, card.step, Result.DONE, "")


def _key() -> str:
    """What names this batch, so that sending it twice does it once."""
    told = task_named(request.form.get("key", ""))
    return told.hex if told is not None else ""
