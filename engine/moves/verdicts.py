"""认定 that may still be given otherwise: what a person decided where no table says anything, until it has gone out."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.clock import day_of
from engine.moves.facts import decide_for
from engine.scores import final_score
from engine.stages import library_of
from engine.tasks import Task
from engine.words import TaskState

Place = tuple[str, str]
DEMAND, GRADE = ("feedback", "decide_rectification_required"), ("key_evaluation", "decide_evaluation_grade")
UNTIL: Mapping[Place, frozenset[str]] = {
    DEMAND: frozenset({"issue_feedback_letter", "issue_result_notice", "sign_letter", "revise_letter"}),
    GRADE: frozenset({"appraise_agency"}),
}
"""Process and step of a verdict → the steps of its process in which nobody outside finance has heard of it yet."""


def verdict_to_reopen(session: Session, case: Case, at: datetime) -> Place | None:
    """The verdict the case stands right behind; None where there is none, or the table has an answer by now."""
    found = session.execute(
        select(Task.process, Task.element, Task.state).where(
            Task.case_id == case.id, Task.state.in_((TaskState.OPEN, TaskState.COMPLETED))
        )
    ).all()
    now = {(row.process, row.element) for row in found if row.state is TaskState.OPEN}
    given = {(row.process, row.element) for row in found if row.state is TaskState.COMPLETED}
    for place, until in UNTIL.items():
        if place in given and any(process == place[0] and step in until for process, step in now):
            return None if place == DEMAND and _is_laid_down(session, case, at) else place
    return None


def _is_laid_down(session: Session, case: Case, at: datetime) -> bool:
    """Whether the table says by now whether problems have to be put right, as after a correction."""
    score = final_score(session, case.id)
    if score is None:
        return False
    policy = library_of(session).policy_version(session, case.policy_id)
    known = {"grade": score.grade, "evaluation_kind": score.kind.evaluation}
    return not decide_for(case, policy, "rectification_required", known, day_of(at)).undefined


def can_be_reopened(session: Session, case_id: int, at: datetime) -> bool:
    """Whether there is a verdict behind which the case stands now."""
    return verdict_to_reopen(session, session.get_one(Case, case_id), at) is not None
