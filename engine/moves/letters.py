"""反馈意见函 on its way out: whether a bureau leader signs it first, what it must state, and what it leaves behind."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from engine.audit.events.rectifications import (
    FeedbackIssued,
    LetterRecalled,
    RectificationOpened,
    RectificationReplaced,
)
from engine.cases import Case
from engine.clock import day_of
from engine.errors import InvalidInput, WrongState
from engine.moves.facts import decide_for
from engine.moves.move import Move
from engine.moves.updates import judge
from engine.policies import Decision, Policy
from engine.rectifications import Letter, Rectification
from engine.scores import Score, final_score
from engine.submissions import Submission
from engine.tasks import Task
from engine.words import RectificationState, Stage, SubmissionState, TaskState

FORM = "F10"
"""反馈意见函, by the code of its form."""
NUMBER = "doc_number"
"""Its 文号 there."""
SIGNATURE = "letter_signature"
DEMANDING, TELLING = "issue_feedback_letter", "issue_result_notice"
"""The steps of the diagram that write a letter: one demands that problems are put right, one only tells the result."""

OF_LETTERS = ("spot_review", "key_evaluation", "whole_department")
"""Origins of ledger rows that stand in letters; rows of other origins were opened by hand."""


WRITTEN_ANEW = {Stage.FEEDBACK: ("feedback", "revise_letter"), Stage.RECTIFICATION: ("case", "call_feedback")}
"""Stage in which a letter can be taken back → the step from which the case goes on: the draft, or 结果反馈 anew.

A case on a diagram from before there was `revise_letter` goes on from the step in which its letter was written.
"""


class NumberTaken(InvalidInput):
    """Every letter has a number of its own."""

    code = "feedback.number_taken"


class NotTheResult(InvalidInput):
    """The letter states another score or grade than the evaluation gave."""

    code = "feedback.not_the_result"


class NothingEvaluated(WrongState):
    """There is no result to feed back."""

    code = "feedback.nothing_evaluated"


class NeedsSignature(WrongState):
    """The jurisdiction has a bureau leader sign the letter before it goes out."""

    code = "feedback.needs_signature"


def signature_of(
    case: Case, policy: Policy, score: Score | None, on: date, grade: str | None = None
) -> Decision | None:
    """Whether a bureau leader signs the letter of this case; `undefined` where the jurisdiction says nothing.

    None for a case that runs on tables from before there was this one.

    `grade` is the one the letter states, for a score to which the table gives none.
    """
    if SIGNATURE not in policy.tables:
        return None
    known: dict[str, Any] = {}
    if score is not None:
        known = {"grade": score.grade or grade, "evaluation_kind": score.kind.evaluation}
    return decide_for(case, policy, SIGNATURE, known, on)


def must_be_signed(signature: Decision | None) -> bool:
    """Whether the table demands it."""
    return signature is not None and not signature.undefined and bool(signature.outputs["required"])


def needs_signature(case_id: int) -> NeedsSignature:
    """The refusal of a letter that was to go out without."""
    return NeedsSignature("本区规定反馈意见函由局领导签发，没有直接发出。请改为“送签”。", case_id=case_id)


def result_to_tell(move: Move, letter: Mapping[str, Any], *, demands: bool) -> Score:
    """The result the letter tells; refuses a letter that states another one, or demands nothing where it has to.

    What has to be put right are problems: where neither the report nor the letter names any, none is demanded.
    """
    score = final_score(move.session, move.case.id)
    if score is None:
        raise NothingEvaluated("本案卷还没有评价或复核得分，不能发函。请先完成评价。", case_id=move.case.id)
    if Decimal(letter["total_score"]) != score.total:
        raise NotTheResult(
            f"意见函得分{letter['total_score']}与评价得分{score.total}不一致，没有发出。请更正。",
            score=str(score.total),
        )
    if score.grade is not None and letter["grade"] != score.grade:
        raise NotTheResult(
            f"意见函等级“{letter['grade']}”与评价等级“{score.grade}”不一致，没有发出。请更正。", grade=score.grade
        )
    if demands and letter.get("demands") is False and (letter.get("problems") or _finds_problems(move, score)):
        raise NotTheResult(
            "本件须整改，评价报告或者意见函列有问题，意见函不能填“不要求整改”，没有发出。请写明问题和整改要求。",
            case_id=move.case.id,
        )
    if not demands and letter.get("demands"):
        raise NotTheResult(
            "本件不要求整改，意见函不能填“要求整改”，没有发出。请在“要求整改”填“否”。", case_id=move.case.id
        )
    return score


def _finds_problems(move: Move, score: Score) -> bool:
    """Whether the report behind the result names problems."""
    found = select(Submission.content["problems"]).where(Submission.id == score.submission_id)
    return bool(move.session.scalar(found))


def demands_of(move: Move, task: Task) -> bool:
    """Whether the letter demands that problems are put right: what the step said in which it was first written."""
    return (task.element if task.element in (DEMANDING, TELLING) else _written_in(move)) == DEMANDING


def _written_in(move: Move) -> str:
    """The step in which the latest letter of the case was first written."""
    written = (
        select(Task.element)
        .where(
            Task.case_id == move.case.id,
            Task.element.in_((DEMANDING, TELLING)),
            Task.state == TaskState.COMPLETED,
        )
        .order_by(Task.completed_at.desc())
        .limit(1)
    )
    return move.session.scalar(written) or DEMANDING


def number_of_letter(session: Session, submission: UUID) -> str | None:
    """The number this version went out with; None for a draft that did not go out."""
    return session.scalar(select(Letter.number).where(Letter.submission_id == submission))


def free_number(move: Move, number: str) -> tuple[str, int]:
    """The number, if no letter has it, and how many letters the case has had.

    Of two letters issued at once the second waits and is refused.
    """
    number = number.strip()
    lock = {"number": f"letter {move.case.jurisdiction} {number}"}
    move.session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:number))"), lock)
    taken = select(Letter.id).where(Letter.jurisdiction == move.case.jurisdiction, Letter.number == number)
    found = move.session.execute(
        select(taken.exists().label("taken"), _letters_of(move.case.id).label("letters"))
    ).one()
    if found.taken:
        raise NumberTaken(f"文号“{number}”已经用过，没有发出。请换一个文号。", number=number)
    return number, found.letters


def send_out(move: Move, submission: UUID, letter: Mapping[str, Any], score: Score, *, demands: bool) -> dict[str, Any]:
    """Put the letter on record and its problems on the ledger; gives the routing variables of the diagram.

    Each problem opens one row under the problem's id, unless the letter only tells the result; one that names no
    problem opens none, and the case goes on without 整改. The rows of an earlier
    letter of the case are set aside (CH-16, CH-33, JH-15); one that was reported on already stays as it is, and a
    problem of its id belongs to it.
    """
    number, letters = free_number(move, str(letter[NUMBER]))
    move.add(
        Letter,
        submission_id=submission,
        number=number,
        issued_on=date.fromisoformat(letter["letter_on"]),
        score=score.total,
        grade=letter["grade"],
        signed_by=None,
        signed_at=None,
        recalled_at=None,
        recalled_by=None,
        recall_reason=None,
    )
    kept: Mapping[str, str] = {}
    if letters:
        set_aside_rows(move, letters)
        kept = _kept_rows(move, letter)
    items = _open_rows(move, letter, _origin(move, score), kept) if demands else []
    told = {"submission": submission, "number": number, "score": score.total, "grade": letter["grade"]}
    move.record(FeedbackIssued(**told, items=tuple(items)))
    return {"has_problems": bool(items), "rectification_items": items}


def recall(move: Move, letter: Letter, reason: str) -> None:
    """Take a letter back (收回): it stays on record, its untouched rows are set aside, the case writes a new one."""
    assert move.by is not None
    letter.recalled_at, letter.recalled_by, letter.recall_reason = move.at, move.by.person_id, reason
    move.session.flush()
    judge(move, letter.submission_id, SubmissionState.WITHDRAWN)
    move.record(LetterRecalled(number=letter.number, reason=reason, submission=letter.submission_id))
    set_aside_rows(move, move.session.scalars(select(_letters_of(move.case.id))).one())
    process, step = WRITTEN_ANEW[Stage(move.stage or "")]
    known = {element.id for element in move.diagrams.elements(process)}
    move.jump(process, step if step in known else _written_in(move))


def set_aside_rows(move: Move, letters: int) -> None:
    """The open rows of the latest of so many letters stay, under an item that names the letter they stood in."""
    replaced = move.session.scalars(
        update(Rectification)
        .where(
            Rectification.case_id == move.case.id,
            Rectification.origin.in_(OF_LETTERS),
            Rectification.state == RectificationState.OPEN,
        )
        .values(state=RectificationState.REPLACED, item=Rectification.item + f"（第{letters}稿）")
        .returning(Rectification.item)
        .execution_options(synchronize_session=False)
    ).all()
    if replaced:
        move.record(RectificationReplaced(items=tuple(sorted(replaced))))


def _origin(move: Move, score: Score) -> str:
    kind = score.kind.evaluation
    whole = kind == "key_evaluation" and move.case.object_kind == "whole_department"
    return "whole_department" if whole else kind


def _letters_of(case_id: int) -> Any:
    return select(func.count()).where(Letter.case_id == case_id).scalar_subquery()


def _kept_rows(move: Move, letter: Mapping[str, Any]) -> dict[str, str]:
    """Item → state of the rows that were reported on before their letter was taken back, of the letter's problems."""
    rows = select(Rectification.item, Rectification.state).where(
        Rectification.case_id == move.case.id,
        Rectification.item.in_([problem["id"] for problem in letter.get("problems", [])]),
    )
    return {row.item: row.state for row in move.session.execute(rows)}


def _open_rows(move: Move, letter: Mapping[str, Any], origin: str, kept: Mapping[str, str]) -> list[str]:
    """The problems to be put right: new rows, and kept ones that are not struck off yet."""
    items = []
    for problem in letter.get("problems", []):
        if problem["id"] in kept:
            continue
        advice = [row["text"] for row in letter.get("suggestions", []) if row.get("problem") == problem["id"]]
        amount = problem.get("amount_wan")
        move.add(
            Rectification,
            item=problem["id"],
            origin=origin,
            category=problem["category"],
            problem=problem["fact"],
            requirement="；".join([*(each.rstrip("。；") for each in advice), letter["requirements"]]),
            amount_wan=Decimal(amount) if amount is not None else None,
            unit_id=move.case.unit_id,
            responsible_person=None,
            opened_on=day_of(move.at),
            due_on=date.fromisoformat(letter["rectify_by"]),
            state=RectificationState.OPEN,
            rounds=0,
            escalations=0,
            escalated_to=None,
            rules_improved=0,
            recovered_wan=None,
            verified_by=None,
            closed_on=None,
        )
        items.append(str(problem["id"]))
    if items:
        due_on = date.fromisoformat(letter["rectify_by"])
        move.record(RectificationOpened(items=tuple(items), origin=origin, due_on=due_on))
    return [*(item for item, state in kept.items() if state != RectificationState.CLOSED), *items]
