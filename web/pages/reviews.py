"""审核队列: what waits for one's judgement on the left, the paper with its changes in the middle, the opinion right.

A decision is recorded at once, and the next paper opens. Nothing is decided here: the step says which words it knows,
the command what it refuses; what was typed stays on the page then.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request

from engine.clock import day_of
from engine.commands.complete_guarded import complete_guarded
from engine.commands.complete_task import complete_task
from engine.errors import EngineError, InvalidInput, WrongState
from engine.moves.asking import OpenMove, WouldOpen, preview
from engine.moves.outcome import Outcome
from engine.queries.cursor import MOST_LINES
from engine.queries.desks import Due, WorkFilters
from engine.queries.done_work import DoneItem, done_work
from engine.queries.review_queue import ReviewPage, review_queue
from engine.queries.task_card import TaskCard, task_card
from engine.queries.waiting_days import waiting_days
from engine.reviews.remarks import TEMPLATES
from engine.words import OutcomeWord, QueueView, Stage
from web.pages.asked import address, asked_text, asked_word, one_of, task_named
from web.pages.dropping import Drop, drops_of
from web.pages.judged import judged_paper, open_remarks
from web.pages.posted import number_in, text_of
from web.pages.tasks import DUES
from web.pages.told import move_of, said_in, told_in
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("reviews", __name__)


class NoRemark(InvalidInput):
    """A paper cannot be sent back without a word on what is wrong where."""

    code = "page.no_remark"


class RemarksOpen(WrongState):
    """What was remarked last time was neither changed nor explained; asked once before it goes through."""

    code = "page.remarks_open"


class DecidedMeanwhile(WrongState):
    """Somebody else ended the task."""

    code = "page.decided_meanwhile"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of the queue the address asks for; every link of the page asks for the same."""

    filters: WorkFilters
    after: str | None
    view: QueueView

    @classmethod
    def told(cls) -> "Asked":
        """What the address says; words nobody knows ask for nothing."""
        stage = asked_word("stage", Stage.labels())
        filters = WorkFilters(stage=stage, due=one_of(Due, request.args.get("due", "")), text=asked_text())
        view = one_of(QueueView, request.args.get("view", "")) or QueueView.DOUBTFUL_FIRST
        return cls(filters, request.args.get("after") or None, view)

    @property
    def filtered(self) -> bool:
        """Whether it asks for less than everything."""
        return self.filters != WorkFilters()

    def address(self, path: str = "/reviews", **more: Any) -> str:
        """A page of the queue under the same filters."""
        view = self.view if self.view is not QueueView.DOUBTFUL_FIRST else None
        told = {"stage": self.filters.stage, "due": self.filters.due, "q": self.filters.text, "view": view}
        return address(path, **(told | {"after": self.after} | more))


@page.get("/reviews")
@requires("see_reviews")
def queue(visit: Visit) -> Any:
    """The queue with its first paper open."""
    lines = _lines(visit, Asked.told())
    return _page(visit, lines, lines.lines[0].item.task_id if lines.lines else None)


@page.get("/reviews/<uuid:task_id>")
@requires("see_reviews")
def one(visit: Visit, task_id: UUID) -> Any:
    """The queue with that paper open."""
    return _page(visit, _lines(visit, Asked.told()), task_id)


@page.post("/reviews/<uuid:task_id>/decision")
@requires("see_reviews")
def decide(visit: Visit, task_id: UUID) -> Any:
    """通过 or 退回修改, and on to the next paper; what was typed stays on the page when it is refused."""
    asked, card = Asked.told(), task_card(visit.session, visit.actor, task_id, at=visit.at)
    told: dict[str, Any] = {"reason": text_of("reason").strip() or None, "remarks": said_in(request.form)}
    try:
        if not card.is_open:
            _must_be_ones_own(visit, task_id)
        else:
            move = move_of(card, request.form.get("word", ""))
            told = told_in(request.form, card, move)
            _must_be_fit(card, move, told)
            complete_guarded(
                visit.database, visit.jurisdiction, task_id, _outcome(card, move, told), by=visit.actor, at=visit.at,
                key=request.form.get("key", "")[:64] or None, expected=number_in(request.form.get("expected", "")),
            )  # fmt: skip
    except EngineError as refusal:
        visit.session.expire_all()
        return _page(visit, _lines(visit, asked), task_id, refusal=refusal, told=told)
    following = task_named(request.form.get("next", ""))
    return redirect(asked.address(f"/reviews/{following}" if following else "/reviews", done=task_id), 303)


def _undated(visit: Visit, lines: ReviewPage) -> Mapping[UUID, str]:
    """What the days wait for of those listed that have none."""
    without = {line.item.case_id for line in lines.lines if line.item.due_on is None}
    return waiting_days(visit.session, visit.actor, without)


def _page(
    visit: Visit,
    lines: ReviewPage,
    task_id: UUID | None,
    *,
    refusal: EngineError | None = None,
    told: dict[str, Any] | None = None,
) -> Any:
    asked = Asked.told()
    card = task_card(visit.session, visit.actor, task_id, at=visit.at) if task_id else None
    if card is not None and card.is_open and card.kind != "review":
        return redirect(f"/tasks/{card.task_id}", 303)
    ids = [line.item.task_id for line in lines.lines]
    at = ids.index(task_id) if task_id in ids else None
    line = lines.lines[at] if at is not None else None
    judged = judged_paper(visit, card, card.to_judge, line) if card is not None and card.to_judge is not None else None
    finished = done_work(visit.session, visit.actor, limit=MOST_LINES).lines
    return render_template(
        "reviews.html", visit=visit, undated=_undated(visit, lines), asked=asked, lines=lines, at=at,
        following=_following(ids, at), card=card,
        line=line, judged=judged, refusal=refusal, told=told or {}, key=uuid4().hex, dues=DUES, stages=Stage.labels(),
        views=QueueView, done=_done_words(finished), today=_counted(visit, finished),
        sure=isinstance(refusal, RemarksOpen),
        back=_back(visit, card) if card is not None and card.is_open else None,
        moves=[move for move in card.moves if is_ready(card, move)] if card is not None else [],
        to_fill=next((move for move in card.moves if not is_ready(card, move)), None) if card is not None else None,
        drops=[] if lines.lines or asked.after else _drops(visit, asked),
    ), status_of(refusal) if refusal is not None else 200  # fmt: skip


def _drops(visit: Visit, asked: Asked) -> list[Drop]:
    """The filters an empty queue could do without."""
    filters = asked.filters
    said = {
        "stage": f"阶段：{Stage.labels().get(filters.stage or '')}",
        "due": f"期限：{DUES[filters.due] if filters.due else ''}", "text": f"关键字：{filters.text}",
    }  # fmt: skip
    return drops_of(
        lambda other: _lines(visit, Asked(other, None, asked.view)), filters, WorkFilters(), said,
        lambda other: Asked(other, None, asked.view).address(),
    )  # fmt: skip


def _lines(visit: Visit, asked: Asked) -> ReviewPage:
    return review_queue(
        visit.session, visit.actor, on=visit.today, filters=asked.filters, after=asked.after, view=asked.view
    )


def _following(ids: Sequence[UUID], at: int | None) -> UUID | None:
    """What opens after a decision: the next line, after the last one the first that is left."""
    if at is None:
        return ids[0] if ids else None
    rest = [*ids[at + 1 :], *ids[:at]]
    return rest[0] if rest else None


def _back(visit: Visit, card: TaskCard) -> WouldOpen | None:
    """Who would have the paper until when if it were sent back now; None where it cannot be."""
    if not any(move.word == OutcomeWord.RETURNED and move.possible for move in card.moves if not card.command):
        return None
    returned = Outcome(OutcomeWord.RETURNED.value, reason="预览")
    would = preview(visit.session, complete_task, card.task_id, returned, by=visit.actor, at=visit.at)
    return next((step for step in would.opens if step.due_on is not None), None)


def _must_be_fit(card: TaskCard, move: OpenMove, told: dict[str, Any]) -> None:
    """Refuse to send back without a remark on a place, and, once, to let through what was not answered."""
    judge = card.to_judge
    if judge is None:
        return
    if OutcomeWord(move.word).sends_back and not any(remark["path"] for remark in told["remarks"] or ()):
        raise NoRemark("没有退回。请至少写一条意见并在“针对”中选定位置，单位才知道改哪里。")
    left = open_remarks(judge)
    if move.word == OutcomeWord.APPROVED and left and request.form.get("sure") != "1":
        raise RemarksOpen(
            f"上一轮还有 {len(left)} 条意见没有改，也没有说明，还没有通过。确实要通过，请再按一次“通过”。"
        )


def _must_be_ones_own(visit: Visit, task_id: UUID) -> None:
    """Let pass who sends the same once more; refuse who comes after somebody else."""
    if not any(line.item.task_id == task_id for line in done_work(visit.session, visit.actor, limit=MOST_LINES).lines):
        raise DecidedMeanwhile(
            "这一件已经由别人办结，您的意见没有记入。填写的内容在下面，需要的请抄走。", task_id=str(task_id)
        )


def is_ready(card: TaskCard, move: OpenMove) -> bool:
    """Whether a task can be ended this way from here: without a form of its own, or with its draft complete."""
    if move.command != "complete_task":
        return False
    return move.form is None or (card.to_fill is not None and card.to_fill.draft is not None and not card.to_fill.stops)


def _outcome(card: TaskCard, move: OpenMove, told: dict[str, Any]) -> Outcome:
    """What was typed; a reason that is needed and left out is what the remarks say."""
    content = card.to_fill.content if move.form and card.to_fill and card.to_fill.draft else None
    reason, remarks = told["reason"], told["remarks"]
    if move.needs_reason and not reason and remarks:
        said = [remark["text"] or TEMPLATES.get(remark["template"], "") for remark in remarks]
        reason = "；".join(filter(None, said)) or None
    return Outcome(move.word, content=content, answers=told["answers"], reason=reason, remarks=remarks)


def _done_words(finished: Sequence[DoneItem]) -> str | None:
    """`已通过：…` of the decision that led here."""
    done = task_named(request.args.get("done", ""))
    line = next((line for line in finished if line.item.task_id == done), None)
    return f"已{line.outcome_label or '办结'}：{line.item.name}" if line is not None else None


def _counted(visit: Visit, finished: Sequence[DoneItem]) -> dict[str, int]:
    """How many papers one judged today, by outcome."""
    return Counter(
        line.outcome
        for line in finished
        if day_of(line.completed_at) == visit.today and line.outcome in (OutcomeWord.APPROVED, OutcomeWord.RETURNED)
    )
