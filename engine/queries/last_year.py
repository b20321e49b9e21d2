"""上年: what the same object promised for the year before, what it reached, and the papers it handed in.

The same object is one of the same unit and kind with the same code, else with the same name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from engine.cases import ANNUAL, Case
from engine.directory import Actor
from engine.queries.scope import may_be_read, visible_case, visible_to
from engine.store.archives import all_of
from engine.store.base import table_of
from engine.submissions import Submission
from engine.submissions.forms import FORMS, FieldChange
from engine.submissions.forms.from_library import rows_again
from engine.submissions.forms.over_years import diff_over_years
from engine.words import SubmissionState

TOTAL = "total_score"
"""The cell of a self-evaluation that has its total score."""
_cases = table_of(Case).c


@dataclass(frozen=True, slots=True)
class PaperOfLastYear:
    """The version of a form that held for the same object the year before."""

    submission_id: UUID
    fiscal_year: int
    form: str
    version: int
    content: Mapping[str, Any]

    def changes_to(self, content: Mapping[str, Any]) -> tuple[FieldChange, ...]:
        """Cell by cell what a content of this year has otherwise; refuses what cannot be read as the form."""
        return tuple(diff_over_years(FORMS[self.form], self.content, content))

    def totals_with(self, content: Mapping[str, Any]) -> tuple[Decimal, Decimal] | None:
        """The total score of a content of this year and that of last year's, where both papers have one."""
        try:
            return Decimal(content[TOTAL]), Decimal(self.content[TOTAL])
        except (KeyError, TypeError, InvalidOperation):
            return None


def paper_of_last_year(
    session: Session, actor: Actor, case_id: int, form: str, item: str | None = None
) -> PaperOfLastYear | None:
    """The frozen version of that form last year, else the one that was passed last; None without either.

    Refuses a case the actor may not see; of one of last year that they may not see, there is no paper.
    """
    case = visible_case(session, actor, case_id)
    former = session.scalars(_last_year_of(case, actor)).one_or_none()
    if former is None:
        return None
    paper = all_of(Submission)
    row = session.execute(
        select(paper.id, paper.version, paper.content)
        .where(
            paper.case_id == former.id, paper.form == form, paper.item.is_not_distinct_from(item),
            or_(paper.frozen_at.is_not(None), paper.state == SubmissionState.APPROVED), may_be_read(paper, actor),
        )
        .order_by(paper.frozen_at.is_(None), paper.version.desc())
        .limit(1)
    ).one_or_none()  # fmt: skip
    return PaperOfLastYear(row.id, former.fiscal_year, form, row.version, row.content) if row is not None else None


def rows_of_last_year(session: Session, actor: Actor, case_id: int) -> list[dict[str, Any]]:
    """The indicators of last year's target of the same object, as they may be promised again; none without one.

    Refuses a case the actor may not see.
    """
    case = visible_case(session, actor, case_id)
    former = session.scalars(_last_year_of(case, actor)).one_or_none()
    if former is None or former.forms.target is None:
        return []
    done = former.forms.of("F06") or former.forms.of("F07")
    wanted = [former.forms.target.id, *([done.id] if done is not None else [])]
    paper = all_of(Submission)
    rows = session.execute(select(paper.id, paper.content).where(paper.case_id == former.id, paper.id.in_(wanted)))
    contents: Mapping[Any, Mapping[str, Any]] = {row.id: row.content for row in rows}
    target = contents.get(former.forms.target.id, {})
    return rows_again(target, contents.get(done.id, {}) if done is not None else {})


def _last_year_of(case: Case, actor: Actor) -> Select[Case]:
    return (
        select(Case)
        .where(
            visible_to(actor), _cases.unit_id == case.unit_id, _cases.fiscal_year == case.fiscal_year - 1,
            _cases.object_kind == case.object_kind, or_(_cases.code == case.code, _cases.name == case.name),
        )
        .order_by((_cases.code == case.code).desc(), _cases.without_result, _cases.process != ANNUAL, _cases.id.desc())
        .limit(1)
    )  # fmt: skip
