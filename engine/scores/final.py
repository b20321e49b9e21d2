"""Which score of a case counts: the evaluation's before the spot review's before the unit's own."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, case, select
from sqlalchemy.orm import Session

from engine.scores.model import Score
from engine.submissions import Submission
from engine.words import ScoreKind, SubmissionState

_RANK = case({kind: rank for rank, kind in enumerate(ScoreKind)}, value=Score.kind)
_DROPPED = tuple(state for state in SubmissionState if not state.counts)


def final_score(session: Session, case_id: int) -> Score | None:
    """The score that counts for a case now, or None while nobody scored it; returned and withdrawn papers never do."""
    return session.scalar(_counting(Score.case_id == case_id).limit(1))


def final_scores(session: Session, case_ids: Iterable[int]) -> dict[int, Score]:
    """The score that counts for each of these cases; cases without one are missing."""
    found: dict[int, Score] = {}
    for score in session.scalars(_counting(Score.case_id.in_(list(case_ids)))):
        found.setdefault(score.case_id, score)
    return found


def _counting(which: ColumnElement[bool]) -> Select[Score]:
    """Weightiest first; of one kind the latest version."""
    return (
        select(Score)
        .join(Submission, Submission.id == Score.submission_id)
        .where(which, Submission.state.not_in(_DROPPED))
        .order_by(_RANK, Score.scored_at.desc(), Submission.version.desc())
    )
