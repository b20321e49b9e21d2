"""反馈意见函: the result goes to the unit in a numbered letter, and every problem in it becomes a row of the ledger."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from engine.audit.events.rectifications import FeedbackIssued, RectificationOpened, RectificationReplaced
from engine.clock import day_of
from engine.directory import Actor
from engine.errors import InvalidInput, WrongState
from engine.moves.finishing import finish
from engine.moves.move import Move
from engine.moves.outcome import Outcome
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked
from engine.rectifications import Letter, Rectification
from engine.scores import Score, final_score
from engine.submissions import Submission
from engine.tasks import Task
from engine.words import RectificationState

WITHOUT_RECTIFICATION = "issue_result_notice"
"""The step of the diagram whose letter tells the result and demands nothing."""

OF_LETTERS = ("spot_review", "key_evaluation", "whole_department")
"""Origins of ledger rows that stand in letters; rows of other origins were opened by hand."""


class NumberTaken(InvalidInput):
    """Every letter has a number of its own."""

    code = "feedback.number_taken"


class NotTheResult(InvalidInput):
    """The letter states another score or grade than the evaluation gave."""

    code = "feedback.not_the_result"


class NothingEvaluated(WrongState):
    """There is no result to feed back."""

    code = "feedback.nothing_evaluated"


def issue_feedback(
    session: Session,
    task_id: UUID,
    content: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Issue the letter (F10 as JSON). Its number must be new, its score and grade those of the evaluation.

    Each problem opens one ledger row under the problem's id, unless the letter only tells the result. A letter that
    replaces an earlier one, after an objection that held, replaces its rows too (CH-16, CH-33, JH-15).
    """
    outcome = Outcome("issued", content=content)
    asked = Asked("issue_feedback", by, at, key, expected, {"task": task_id, **outcome.told()})
    return finish(session, asked, task_id, outcome, named="issue_feedback", also=_issue)


def _issue(move: Move, task: Task) -> Mapping[str, Any]:
    submission = move.latest(Submission)
    letter: Mapping[str, Any] = submission["content"]
    score = final_score(move.session, move.case.id)
    if score is None:
        raise NothingEvaluated("本案卷还没有评价或复核得分，不能发函。请先完成评价。", case_id=move.case.id)
    _must_state(letter, score)
    number = _new_number(move, str(letter["doc_number"]).strip())
    move.add(
        Letter,
        submission_id=submission["id"],
        number=number,
        issued_on=date.fromisoformat(letter["letter_on"]),
        score=score.total,
        grade=letter["grade"],
        signed_by=None,
        signed_at=None,
    )
    _set_aside_earlier_rows(move)
    demands = task.element != WITHOUT_RECTIFICATION
    if demands and letter.get("demands") is False:
        raise NotTheResult(
            "本件须整改，意见函不能填“不要求整改”，没有发出。请写明问题和整改要求。", case_id=move.case.id
        )
    items = _open_rows(move, letter, _origin(move, score)) if demands else []
    told = {"submission": submission["id"], "number": number, "score": score.total, "grade": letter["grade"]}
    move.record(FeedbackIssued(**told, items=tuple(items)))
    return {"has_problems": bool(items), "rectification_items": items}


def _must_state(letter: Mapping[str, Any], score: Score) -> None:
    """A grade the table left open was decided by a person; the letter is where it is written down."""
    if Decimal(letter["total_score"]) != score.total:
        raise NotTheResult(
            f"意见函得分{letter['total_score']}与评价得分{score.total}不一致，没有发出。请更正。",
            score=str(score.total),
        )
    if score.grade is not None and letter["grade"] != score.grade:
        raise NotTheResult(
            f"意见函等级“{letter['grade']}”与评价等级“{score.grade}”不一致，没有发出。请更正。", grade=score.grade
        )


def _new_number(move: Move, number: str) -> str:
    """The number, if no letter has it; of two letters issued at once the second waits and is refused."""
    lock = {"number": f"letter {move.case.jurisdiction} {number}"}
    move.session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:number))"), lock)
    taken = select(Letter.id).where(Letter.jurisdiction == move.case.jurisdiction, Letter.number == number)
    if move.session.scalar(taken) is not None:
        raise NumberTaken(f"文号“{number}”已经用过，没有发出。请换一个文号。", number=number)
    return number


def _set_aside_earlier_rows(move: Move) -> None:
    """The rows of the letter this one replaces stay, under an item that names the version they stood in."""
    earlier = move.forms.version_of("F10", None) - 1
    replaced = move.session.scalars(
        update(Rectification)
        .where(
            Rectification.case_id == move.case.id,
            Rectification.origin.in_(OF_LETTERS),
            Rectification.state == RectificationState.OPEN,
        )
        .values(state=RectificationState.REPLACED, item=Rectification.item + f"（第{earlier}稿）")
        .returning(Rectification.item)
        .execution_options(synchronize_session=False)
    ).all()
    if replaced:
        move.record(RectificationReplaced(items=tuple(sorted(replaced))))


def _origin(move: Move, score: Score) -> str:
    kind = score.kind.evaluation
    whole = kind == "key_evaluation" and move.case.object_kind == "whole_department"
    return "whole_department" if whole else kind


def _open_rows(move: Move, letter: Mapping[str, Any], origin: str) -> list[str]:
    items = []
    for problem in letter.get("problems", []):
        advice = [row["text"] for row in letter.get("suggestions", []) if row.get("problem") == problem["id"]]
        amount = problem.get("amount_wan")
        move.add(
            Rectification,
            item=problem["id"],
            origin=origin,
            category=problem["category"],
            problem=problem["fact"],
            requirement="；".join([*advice, letter["requirements"]]),
            amount_wan=Decimal(amount) if amount is not None else None,
            unit_id=move.case.unit_id,
            responsible_person=None,
            opened_on=day_of(move.at),
            due_on=date.fromisoformat(letter["rectify_by"]),
            state=RectificationState.OPEN,
            rounds=0,
            escalations=0,
            rules_improved=0,
            recovered_wan=None,
            verified_by=None,
            closed_on=None,
        )
        items.append(str(problem["id"]))
    if items:
        due_on = date.fromisoformat(letter["rectify_by"])
        move.record(RectificationOpened(items=tuple(items), origin=origin, due_on=due_on))
    return items
