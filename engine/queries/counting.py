"""Which score of a case counts, as a part of larger questions."""

from typing import Any

from sqlalchemy import Select, case, func, select

from engine.cases import Case
from engine.scores import Score
from engine.store.base import table_of
from engine.submissions import Submission
from engine.words import ScoreKind, SubmissionState

_cases, _scores, _papers = table_of(Case).c, table_of(Score).c, table_of(Submission).c

DROPPED = (SubmissionState.RETURNED, SubmissionState.WITHDRAWN)
"""Papers in these states count for nothing."""


def counting_score(case_id: Any) -> Any:
    """Kind, total and grade of the score that counts for the case of the row beside it: to be joined."""
    return _counting(case_id, _scores.kind, _scores.total, _scores.grade).lateral("counting")


def counting_grade() -> Any:
    """The grade of the score that counts for the case of the row, "" where it got none: to be compared."""
    return _counting(_cases.id, func.coalesce(_scores.grade, "")).correlate(table_of(Case)).scalar_subquery()


def counting_total() -> Any:
    """The total of the score that counts for the case of the row: to be compared."""
    return _counting(_cases.id, _scores.total).correlate(table_of(Case)).scalar_subquery()


def _counting(case_id: Any, *columns: Any) -> Select[Any]:
    """The weightiest score first, of one kind that of the latest version."""
    rank = case({kind: at for at, kind in enumerate(ScoreKind)}, value=_scores.kind)
    return (
        select(*columns)
        .join(Submission, _papers.id == _scores.submission_id)
        .where(_scores.case_id == case_id, _papers.state.not_in(DROPPED))
        .order_by(rank, _scores.scored_at.desc(), _papers.version.desc())
        .limit(1)
    )
