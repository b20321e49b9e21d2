"""The papers of one case, version by version, with their scores and what was said of them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session, aliased

from engine.cases import Case
from engine.directory import Person
from engine.reviews import Review
from engine.scores import Score
from engine.submissions import Submission
from engine.submissions.forms import FORMS


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody said of a version."""

    outcome: str
    reason: str | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Paper:
    """One version of a form, who filled it in and what became of it; `score` and `grade` where it was scored."""

    submission_id: UUID
    form: str
    title: str
    item: str | None
    version: int
    state: str
    filled_by: str
    filled_at: datetime
    submitted_at: datetime | None
    in_force: bool
    judgements: tuple[Judgement, ...]
    score_kind: str | None
    score: Decimal | None
    grade: str | None
    method: str | None


def papers_of(session: Session, case: Case) -> tuple[Paper, ...]:
    """Every version with its score and what was said of it, by form, item and round."""
    filler, judge = aliased(Person), aliased(Person)
    said = (
        select(
            func.jsonb_agg(
                aggregate_order_by(
                    func.jsonb_build_object(
                        text("'outcome'"), Review.outcome, text("'reason'"), Review.reason, text("'by'"), judge.name,
                        text("'at'"), Review.at,
                    ),
                    Review.at,
                )
            )
        )
        .join(judge, judge.id == Review.by)
        .where(Review.case_id == Submission.case_id, Review.submission_id == Submission.id)
        .correlate(Submission)
        .scalar_subquery()
    )  # fmt: skip
    rows = session.execute(
        select(
            Submission.id, Submission.form, Submission.item, Submission.version, Submission.state, Submission.filled_at,
            Submission.submitted_at, Submission.frozen_at, filler.name.label("filled_by"), said.label("said"),
            Score.kind, Score.total, Score.grade, Score.method,
        )
        .join(filler, filler.id == Submission.filled_by)
        .outerjoin(Score, (Score.submission_id == Submission.id) & (Score.case_id == Submission.case_id))
        .where(Submission.case_id == case.id)
        .order_by(Submission.form, Submission.item, Submission.version)
    )  # fmt: skip
    in_force = case.forms.target.id if case.forms.target else None
    return tuple(_paper(row, in_force) for row in rows)


def _paper(row: Any, in_force: UUID | None) -> Paper:
    judgements = tuple(
        Judgement(said["outcome"], said["reason"], said["by"], datetime.fromisoformat(said["at"]))
        for said in row.said or ()
    )
    return Paper(
        submission_id=row.id,
        form=row.form,
        title=FORMS[row.form].title,
        item=row.item,
        version=row.version,
        state=row.state,
        filled_by=row.filled_by,
        filled_at=row.filled_at,
        submitted_at=row.submitted_at,
        in_force=row.id == in_force,
        judgements=judgements,
        score_kind=row.kind,
        score=row.total,
        grade=row.grade,
        method=row.method,
    )
