"""The papers of one case, version by version, with their scores and what was said of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session, aliased

from engine.audit.events.filings import LateFilingGranted, SubmissionFiledLate
from engine.cases import Case
from engine.clock import day_of
from engine.directory import Actor, Person
from engine.queries.scope import may_be_read
from engine.queries.stage_strip import Noted
from engine.reviews import Review
from engine.scores import Score
from engine.store.archives import all_of
from engine.submissions import Submission
from engine.submissions.forms import FORMS

OF_LATENESS = (SubmissionFiledLate.name, LateFilingGranted.name)
"""Entries that say of a version that it came late."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody said of a version."""

    outcome: str
    reason: str | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Late:
    """How a version came after its day: the day, the one it came on, and why; `granted`: finance let it in as 补报."""

    due_on: date
    came_on: date
    reason: str
    granted: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """One version of a form, who filled it in and what became of it; `score` and `grade` where it was scored.

    `late` is None for a version that came in time.
    """

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
    late: Late | None = None


def papers_of(session: Session, actor: Actor, case: Case, noted: Sequence[Noted]) -> tuple[Paper, ...]:
    """Every version this actor may read, with its score and what was said of it, by form, item and round.

    `noted` is what the case's journal says, `OF_LATENESS` among it.
    """
    filler, judge = aliased(Person), aliased(Person)
    paper, review, score = all_of(Submission), all_of(Review), all_of(Score)
    said = (
        select(
            func.jsonb_agg(
                aggregate_order_by(
                    func.jsonb_build_object(
                        text("'outcome'"), review.outcome, text("'reason'"), review.reason, text("'by'"), judge.name,
                        text("'at'"), review.at,
                    ),
                    review.at,
                )
            )
        )
        .join(judge, judge.id == review.by)
        .where(review.case_id == case.id, review.submission_id == paper.id)
        .correlate(paper)
        .scalar_subquery()
    )  # fmt: skip
    rows = session.execute(
        select(
            paper.id, paper.form, paper.item, paper.version, paper.state, paper.filled_at,
            paper.submitted_at, paper.frozen_at, filler.name.label("filled_by"), said.label("said"),
            score.kind, score.total, score.grade, score.method,
        )
        .join(filler, filler.id == paper.filled_by)
        .outerjoin(score, (score.submission_id == paper.id) & (score.case_id == case.id))
        .where(paper.case_id == case.id, may_be_read(paper, actor))
        .order_by(paper.form, paper.item, paper.version)
    )  # fmt: skip
    in_force = case.forms.target.id if case.forms.target else None
    late = _late_among(noted)
    return tuple(_paper(row, in_force, late.get(row.id)) for row in rows)


def _late_among(noted: Sequence[Noted]) -> dict[UUID, Late]:
    """Version → how it came late; one that finance let in after all names the day and stage it was let in for."""
    found: dict[UUID, Late] = {}
    let_in: set[tuple[str, date]] = set()
    for each in noted:
        match each.event:
            case LateFilingGranted(step=step, due_on=due_on):
                let_in.add((step.partition(".")[0], due_on))
            case SubmissionFiledLate(submission=UUID() as paper, step=step, due_on=due_on, reason=reason):
                granted = (step.partition(".")[0], due_on) in let_in
                found.setdefault(paper, Late(due_on, day_of(each.at), reason, granted))
    return found


def _paper(row: Any, in_force: UUID | None, late: Late | None) -> Paper:
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
        late=late,
    )
