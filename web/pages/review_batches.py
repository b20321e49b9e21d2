"""批量办理: one opinion for the part of the queue that raises no question, frozen first, each item told of afterwards.

Only 通过 is done in bulk. What is left out, and why, is said before; everything is asked once more when it is done,
each item in a transaction of its own.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, make_response, render_template, request

from engine.commands.complete_guarded import complete_guarded
from engine.errors import EngineError
from engine.moves.outcome import Outcome
from engine.queries.review_queue import review_queue
from engine.queries.task_card import TaskCard, task_card
from engine.submissions.forms import form_of
from engine.words import OutcomeWord
from web.pages.proving import refused_proof
from web.pages.reviews import Asked, open_remarks, task_named
from web.pages.task import LONGEST_REASON, number_in
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("review_batches", __name__)
MOST_AT_ONCE = 100


class Result(StrEnum):
    """What became of one item, the worst first."""

    FAILED = "失败"
    SKIPPED = "跳过"
    DONE = "成功"


@dataclass(frozen=True, slots=True)
class Done:
    """One item afterwards; `why` says what kept it from being done."""

    name: str
    step: str
    result: Result
    why: str


@page.get("/review-batches/new")
@requires("see_reviews")
def freeze(visit: Visit) -> Any:
    """The items under the current filter as they stand now, and those left out with their reasons."""
    asked = Asked.told()
    found = review_queue(visit.session, visit.actor, on=visit.today, filters=asked.filters, limit=MOST_AT_ONCE)
    cards = [task_card(visit.session, visit.actor, line.item.task_id, at=visit.at) for line in found.lines]
    return _form(visit, cards, more=found.next is not None)


@page.post("/review-batches")
@requires("see_reviews")
def carry_out(visit: Visit) -> Any:
    """Take the password again, then let each item through; gives what became of every one."""
    items = dict(_items(request.form.getlist("item")))
    response = make_response()
    refusal = refused_proof(visit, response)
    if refusal is not None:
        return _form(visit, list(_still_there(visit, items)), refusal=refusal)
    done = [_carried_out(visit, task_id, version) for task_id, version in items.items()]
    done.sort(key=lambda each: list(Result).index(each.result))
    counts = Counter(each.result for each in done)
    response.set_data(render_template("review_batch_done.html", visit=visit, done=done, counts=counts, results=Result))
    return response


def why_left_out(card: TaskCard) -> str | None:
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
    if move.questions:
        return "这一步还要作决定，须逐件办理。"
    return _doubts(card)


def _doubts(card: TaskCard) -> str | None:
    judge = card.to_judge
    if judge is None:
        return None
    heavy = [finding for finding in judge.findings if finding.severity in ("error", "explain")]
    if heavy:
        return f"自动审核有 {len(heavy)} 处不通过或要看说明，须逐件审核。"
    left = open_remarks(judge)
    return f"上一轮还有 {len(left)} 条意见没有改，也没有说明，须逐件审核。" if left else None


def _form(
    visit: Visit, cards: list[TaskCard], *, more: bool = False, refusal: EngineError | None = None
) -> tuple[str, int]:
    told = [(card, why_left_out(card)) for card in cards]
    return render_template(
        "review_batch.html", visit=visit, asked=Asked.told(), more=more, most=MOST_AT_ONCE, refusal=refusal,
        frozen=[card for card, why in told if why is None], left_out=[(card, why) for card, why in told if why],
        opinion=request.form.get("opinion", "")[:LONGEST_REASON], key=_key() or uuid4().hex,
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


def _carried_out(visit: Visit, task_id: UUID, version: int | None) -> Done:
    """One item through; a case that went on since the list was frozen is refused as anywhere."""
    try:
        card = task_card(visit.session, visit.actor, task_id, at=visit.at)
    except EngineError as refusal:
        return Done("（看不到的事项）", "", Result.SKIPPED, refusal.message)
    why = why_left_out(card) if card.is_open else None
    if why is not None:
        return Done(card.name, card.step, Result.SKIPPED, why)
    opinion = request.form.get("opinion", "")[:LONGEST_REASON].strip() or None
    key = _key()
    try:
        complete_guarded(
            visit.database, visit.jurisdiction, task_id, Outcome(OutcomeWord.APPROVED.value, reason=opinion),
            by=visit.actor, at=visit.at, key=f"{key}{task_id.hex}" if key else None, expected=version,
        )  # fmt: skip
    except EngineError as refusal:
        return Done(card.name, card.step, Result.FAILED if card.is_open else Result.SKIPPED, refusal.message)
    return Done(card.name, card.step, Result.DONE, "")


def _key() -> str:
    """What names this batch, so that sending it twice does it once."""
    told = task_named(request.form.get("key", ""))
    return told.hex if told is not None else ""
