"""驾驶舱: the year in counts: where the cases stand, which grades they got, how far self and third party differ."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, not_, or_, select, true
from sqlalchemy.orm import Session

from engine.cases import Case, FundLine
from engine.directory import Actor, Unit
from engine.queries.counting import DROPPED, counting_score
from engine.queries.scope import visible_to
from engine.results.statistics import DEPARTMENT_KIND, KIND_BY_ENDING
from engine.scores import Score
from engine.store.base import table_of
from engine.submissions import Submission
from engine.tasks import Task
from engine.words import CaseState, TaskState

_cases, _tasks, _scores, _papers, _lines = (table_of(t).c for t in (Case, Task, Score, Submission, FundLine))


@dataclass(frozen=True, slots=True)
class StageCount:
    """Cases of one stage in one state: `status` is running, overdue, suspended, closed or cancelled."""

    stage: str | None
    status: str
    cases: int
    amount_wan: Decimal
    fund_lines: int


@dataclass(frozen=True, slots=True)
class GradeCount:
    """Cases whose score that counts has this grade (None: 本区未规定), by kind of object and of score."""

    object_kind: str
    score_kind: str
    grade: str | None
    cases: int


@dataclass(frozen=True, slots=True)
class Gap:
    """One project: its own score, the third party's, and by how much it thought better of itself."""

    case_id: int
    name: str
    unit: str
    self_score: Decimal
    third_party_score: Decimal

    @property
    def difference(self) -> Decimal:
        """Self minus third party."""
        return self.self_score - self.third_party_score


@dataclass(frozen=True, slots=True)
class Share:
    """Which cases are counted: of one kind of unit (部门, 乡镇, 街道办), of one nature of project; None: any."""

    unit_kind: str | None = None
    nature: str | None = None


EVERYTHING = Share()


def of_share(share: Share) -> ColumnElement[bool]:
    """The condition on a case and its unit beside it, under which they are counted.

    The nature is the one the case was opened with; what was opened without one has none.
    """
    nature = true() if share.nature is None else _cases.facts["project_nature"].astext == share.nature
    return of_kind(share.unit_kind) & nature


def of_kind(unit_kind: str | None) -> ColumnElement[bool]:
    """The condition on `units` under which a unit is of that kind by its name, as the statistics tell kinds; None: any.

    The same as `kind_of_unit`, for the database.
    """
    if unit_kind is None:
        return true()
    endings = [ending for ending, kind in KIND_BY_ENDING.items() if unit_kind in (kind, DEPARTMENT_KIND)]
    named = or_(*(Unit.name.endswith(ending, autoescape=True) for ending in endings))
    return not_(named) if unit_kind == DEPARTMENT_KIND else named


def stage_counts(
    session: Session, actor: Actor, fiscal_year: int, *, on: date, share: Share = EVERYTHING
) -> tuple[StageCount, ...]:
    """Cases, money and fund lines by stage and status; `on` is today."""
    late = exists().where(_tasks.case_id == _cases.id, _tasks.state == TaskState.OPEN, _tasks.due_on < on)
    status = case((_cases.state != CaseState.ACTIVE, _cases.state), (late, "overdue"), else_="running")
    many = select(func.count()).where(_lines.case_id == _cases.id).scalar_subquery()
    each = (
        select(_cases.stage, status.label("status"), _cases.amount_wan, many.label("lines"))
        .join(Unit, Unit.id == _cases.unit_id)
        .where(visible_to(actor), _cases.fiscal_year == fiscal_year, of_share(share))
        .subquery()
    )
    rows = session.execute(
        select(each.c.stage, each.c.status, func.count(), func.sum(each.c.amount_wan), func.sum(each.c.lines))
        .group_by(each.c.stage, each.c.status)
        .order_by(each.c.stage, each.c.status)
    )
    return tuple(StageCount(stage, status, cases, amount, int(lines)) for stage, status, cases, amount, lines in rows)


def grade_counts(session: Session, actor: Actor, fiscal_year: int) -> tuple[GradeCount, ...]:
    """How many cases got which grade, by the score that counts. One statement."""
    counting = counting_score(_cases.id)
    rows = session.execute(
        select(_cases.object_kind, counting.c.kind, counting.c.grade, func.count())
        .select_from(table_of(Case).join(counting, true()))
        .where(visible_to(actor), _cases.fiscal_year == fiscal_year)
        .group_by(_cases.object_kind, counting.c.kind, counting.c.grade)
        .order_by(_cases.object_kind, counting.c.kind, counting.c.grade)
    )
    return tuple(GradeCount(*row) for row in rows)


def gaps(session: Session, actor: Actor, fiscal_year: int, *, most: int = 10) -> tuple[Gap, ...]:
    """The projects that scored themselves highest above the third party, at most `most` of them. One statement."""
    own, theirs = _latest("self"), _latest("third_party")
    rows = session.execute(
        select(_cases.id, _cases.name, Unit.name, own.c.total, theirs.c.total)
        .select_from(table_of(Case).join(Unit, Unit.id == _cases.unit_id).join(own, true()).join(theirs, true()))
        .where(visible_to(actor), _cases.fiscal_year == fiscal_year)
        .order_by((own.c.total - theirs.c.total).desc(), _cases.id)
        .limit(most)
    )
    return tuple(Gap(*row) for row in rows)


def _latest(kind: str) -> Any:
    """The latest counting score of that kind of the case beside it."""
    return (
        select(_scores.total)
        .join(Submission, _papers.id == _scores.submission_id)
        .where(_scores.case_id == _cases.id, _scores.kind == kind, _papers.state.not_in(DROPPED))
        .order_by(_scores.scored_at.desc(), _papers.version.desc())
        .limit(1)
        .lateral(kind)
    )
