"""One grade of a result from its acceptance on: the table's, the one an accepted report explains, or a person's.

Where no table gives a grade to the score, whoever is asked for it at a step settles it (认定); where a table gives one
that nobody has laid down, a report may name another with its reason, and whoever accepts the report accepts that one.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine.audit.digests import content_of_score, digest_of
from engine.audit.events.papers import GradeSettled
from engine.cases import CasePaper
from engine.moves import updates
from engine.moves.change import Change
from engine.moves.outcome import Outcome
from engine.process import Element
from engine.scores import Score, final_score
from engine.store.base import table_of
from engine.submissions import Submission
from engine.words import GradeGround, OutcomeWord

GRADE = "grade"
REPORTS = ("F08", "F09")
"""The forms in which whoever scores names a grade."""
_scores, _papers = table_of(Score).c, table_of(Submission).c


def settle_grade(change: Change, element: Element, outcome: Outcome, judged: CasePaper | None) -> dict[str, Any]:
    """Settle what this step says of the grade; gives the routing variable where it is another than before."""
    asked = any(question.variable == GRADE for question in element.step.asks)
    if asked and outcome.answers.get(GRADE):
        score = final_score(change.session, change.case.id)
        if score is not None:
            _settle(change, score, str(outcome.answers[GRADE]), GradeGround.PERSON, outcome.reason)
    elif judged is not None and judged.form in REPORTS and not OutcomeWord(outcome.word).sends_back:
        return _as_reported(change, judged)
    return {}


def grade_now(change: Change, score: Score) -> str | None:
    """The grade of a score as this move leaves it."""
    return updates.settled_grades(change).get(score.submission_id, score.grade)


def _as_reported(change: Change, paper: CasePaper) -> dict[str, Any]:
    """The grade of a report that explains why it is not the table's."""
    found = change.session.execute(
        select(Score, _papers.content)
        .join(Submission, _papers.id == _scores.submission_id)
        .where(_scores.submission_id == paper.id)
    ).one_or_none()
    if found is None:
        return {}
    score, content = found
    named = content.get(GRADE)
    why = (content.get("explanations") or {}).get(GRADE)
    if score.grade is None or named in (None, score.grade) or not why:
        return {}
    _settle(change, score, named, GradeGround.REPORT, why)
    return {GRADE: named}


def _settle(change: Change, score: Score, grade: str, ground: GradeGround, reason: str | None) -> None:
    before = digest_of(content_of_score(_row(score)))
    person = change.by.person_id if change.by is not None else None
    told = {"ground": ground.value, "reason": reason, "person": person, "instead_of": score.ruled_grade}
    kept = {**score.basis, "settled": told}
    updates.settle_grade(change, score.submission_id, grade, kept)
    after = digest_of(content_of_score({**_row(score), "grade": grade, "basis": kept}))
    change.record(
        GradeSettled(
            grade=grade,
            ground=ground.value,
            reason=reason,
            instead_of=score.grade,
            submission=score.submission_id,
            before=before,
            digest=after,
        )  # fmt: skip
    )


def _row(score: Score) -> Mapping[str, Any]:
    return {name: getattr(score, name) for name in ("kind", "total", "grade", "method", "basis")}
