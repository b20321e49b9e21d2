"""验收评价报告: finance takes the agency's report, or sends it back with what is to be mended (JH-18, HX-25)."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.events.evaluations import EvaluationAccepted, EvaluationReturned
from engine.clock import day_of
from engine.directory import Actor
from engine.errors import WrongState
from engine.moves.facts import decide_for
from engine.moves.finishing import finish
from engine.moves.grading import grade_now
from engine.moves.move import Move
from engine.moves.outcome import Outcome
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked
from engine.scores import Score
from engine.tasks import Task

REPORT = "F09"


class ReportNotSound(WrongState):
    """The report cannot be accepted as it is: no score, or a grade the score does not give."""

    code = "evaluation.report_not_sound"


def accept_evaluation(
    session: Session,
    task_id: UUID,
    *,
    accepted: bool = True,
    reason: str | None = None,
    remarks: list[dict[str, Any]] | None = None,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Accept the latest report, or return it with a reason; how often it came back is kept for the agency's quality.

    Refuses to accept a report whose grade is not the one the jurisdiction's table gives its score.
    """
    outcome = Outcome("approved" if accepted else "returned", reason=reason, remarks=remarks)

    def also(move: Move, task: Task) -> None:
        latest = move.forms.latest[REPORT, task.item]
        score = session.scalar(select(Score).where(Score.submission_id == latest.id))
        facts: dict[str, Any] = {"paper_version": latest.version, "reason": reason}
        if score is not None:
            facts |= {"score": score.total, "grade": grade_now(move, score)}
        if accepted:
            _must_be_sound(move, score)
        move.record(EvaluationAccepted(**facts) if accepted else EvaluationReturned(**facts))

    asked = Asked("accept_evaluation", by, at, key, expected, {"task": task_id, **outcome.told()})
    return finish(session, asked, task_id, outcome, named="accept_evaluation", also=also)


def _must_be_sound(move: Move, score: Score | None) -> None:
    if score is None:
        raise ReportNotSound("评价报告还没有得分，不能验收。请退回机构补齐。", case_id=move.case.id)
    answer = decide_for(move.case, move.policy, "grade", {"score": Decimal(score.total)}, day_of(move.at))
    if not answer.undefined and score.grade is not None and answer.outputs["grade"] != score.grade:
        raise ReportNotSound(
            f"报告得分{score.total}，按本区规定等级是“{answer.outputs['grade']}”，报告写的是“{score.grade}”，不能验收。"
            "请退回机构更正。",
            score=str(score.total),
            grade=score.grade,
        )
