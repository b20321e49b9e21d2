"""委托: which agency evaluates which case, and what each agency has had."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, false, func, select, true
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor, Unit
from engine.errors import NotFound
from engine.queries import cursor
from engine.queries.agency_work import UNDER_WAY
from engine.queries.counting import counting_score
from engine.queries.engagements import engagement_then
from engine.queries.scope import WHOLE_TENANT, of_visible_case
from engine.results.model import Assignment
from engine.store.archives import table_of_all
from engine.store.base import table_of
from engine.submissions import Submission
from engine.words import Role, SubmissionState, UnitKind, said_process

_cases, _given, _papers = table_of(Case).c, table_of(Assignment).c, table_of_all(Submission).c
REPORT = "F09"


@dataclass(frozen=True, slots=True)
class AssignmentFilters:
    """Which engagements: of an agency, of a year of money, only those being evaluated, one by its number."""

    agency_id: int | None = None
    fiscal_year: int | None = None
    running: bool = False
    number: int | None = None


@dataclass(frozen=True, slots=True)
class AssignmentLine:
    """One engagement; `returns` counts the versions of its report that were sent back, not those of another's.

    The score is the one that counts for the case, with whose it is.
    """

    id: int
    case_id: int
    code: str
    case_name: str
    case_state: str
    unit: str
    agency_id: int
    agency: str
    stage: str
    stage_name: str
    contract_number: str | None
    lead_evaluator: str
    assigned_at: datetime
    returns: int
    score: Decimal | None
    grade: str | None
    score_kind: str | None


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """One agency: how many engagements it has had, how many still run, how often its reports were sent back."""

    agency_id: int
    agency: str
    assignments: int
    running: int
    returns: int


class AssignmentUnknown(NotFound):
    """No such engagement for this person."""

    code = "assignment.unknown"


ALL_ASSIGNMENTS = AssignmentFilters()


def assignments(
    session: Session,
    actor: Actor,
    *,
    filters: AssignmentFilters = ALL_ASSIGNMENTS,
    limit: int = 50,
    after: str | None = None,
) -> cursor.Page[AssignmentLine]:
    """The engagements of the cases the actor may see, the latest first; an agency sees its own only."""
    agency, counting = table_of(Unit).alias("agency"), counting_score(_given.case_id)
    found = (
        select(
            _given.id, _given.case_id, _cases.code, _cases.name, _cases.state, Unit.name.label("unit"),
            _given.agency_id, agency.c.name.label("agency"), _given.stage, _given.contract_number,
            _given.lead_evaluator, _given.assigned_at, _returns().label("returns"), counting.c.total,
            counting.c.grade, counting.c.kind,
        )
        .join(Case, _cases.id == _given.case_id)
        .join(Unit, Unit.id == _cases.unit_id)
        .join(agency, agency.c.id == _given.agency_id)
        .outerjoin(counting, true())
        .where(of_visible_case(_given.case_id, actor), _given.jurisdiction == actor.jurisdiction)
    )  # fmt: skip
    if Role.AGENCY in actor.roles:
        found = found.where(_given.agency_id == actor.unit_id)
    if filters.agency_id is not None:
        found = found.where(_given.agency_id == filters.agency_id)
    if filters.fiscal_year is not None:
        found = found.where(_cases.fiscal_year == filters.fiscal_year)
    if filters.number is not None:
        found = found.where(_given.id == filters.number)
    if filters.running:
        found = found.where(UNDER_WAY)
    return cursor.turn(
        session, found, (_given.id,),
        _line,
        name="assignments", filters=filters, limit=limit, after=after,
    )  # fmt: skip


def one_assignment(session: Session, actor: Actor, number: int) -> AssignmentLine:
    """The engagement of that number; refuses one that is not there for this actor."""
    found = assignments(session, actor, filters=AssignmentFilters(number=number), limit=1).lines
    if not found:
        raise AssignmentUnknown("没有这项委派，或者您无权查看。请从清单重新打开。", assignment=number)
    return found[0]


def agencies(session: Session, actor: Actor) -> tuple[AgencyLine, ...]:
    """Every agency of the jurisdiction in figures, by name; finance sees all, an agency itself, others none."""
    sees: ColumnElement[bool] = true() if actor.roles & WHOLE_TENANT else false()
    if Role.AGENCY in actor.roles:
        sees = Unit.id == actor.unit_id
    rows = session.execute(
        select(
            Unit.id,
            Unit.name,
            func.count(_given.id).label("all"),
            func.count(_given.id).filter(UNDER_WAY).label("running"),
            func.coalesce(func.sum(_returns()).filter(_given.id.is_not(None)), 0).label("returns"),
        )
        .outerjoin(Assignment, _given.agency_id == Unit.id)
        .outerjoin(Case, _cases.id == _given.case_id)
        .where(Unit.jurisdiction == actor.jurisdiction, Unit.kind == UnitKind.AGENCY, sees)
        .group_by(Unit.id, Unit.name)
        .order_by(Unit.name)
    )
    return tuple(AgencyLine(row.id, row.name, row.all, row.running, int(row.returns)) for row in rows)


def _returns() -> Any:
    """How many reports handed in under the engagement of the row were sent back."""
    return (
        select(func.count())
        .where(
            _papers.case_id == _given.case_id,
            _papers.form == REPORT,
            _papers.state == SubmissionState.RETURNED,
            engagement_then(_papers.case_id, _papers.filled_at) == _given.id,
        )
        .correlate(table_of(Assignment))
        .scalar_subquery()
    )


def _line(row: Any) -> AssignmentLine:
    cells: list[Any] = [*row[:9], said_process(row.stage), *row[9:]]
    return AssignmentLine(*cells)
