"""机构考核: what became of the work of one agency: its appraisals, returns, own mean, and what it is paid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor, Unit
from engine.queries.assignments import AgencyLine, AssignmentUnknown, agencies
from engine.queries.grade_scales import Scale
from engine.queries.scope import APPRAISAL, of_visible_case
from engine.results.model import Assignment
from engine.scores import final_scores
from engine.scoring.numbers import mean
from engine.store.archives import all_of
from engine.store.base import table_of
from engine.submissions import Submission
from engine.submissions.forms.agency_appraisal import APPRAISERS, bands_told
from engine.words import Role, ScoreKind, SubmissionState

_cases, _given = table_of(Case).c, table_of(Assignment).c
MOST_CASES = 500
"""The latest cases of one agency that are told of; no agency here has had so many."""
BY = dict(APPRAISERS)


@dataclass(frozen=True, slots=True)
class AppraisalLine:
    """One appraisal: of which case, by whom (财政部门 or 被评价单位), the total, its grade, and what follows for pay.

    Rates are percent, amounts 万元; None where the sheet does not say.
    """

    submission_id: UUID
    case_id: int
    code: str
    case_name: str
    unit: str
    fiscal_year: int
    appraiser: str | None
    total: Decimal | None
    grade: str | None
    times_returned: int | None
    gross_errors: int
    payment_rate: Decimal | None
    contract_wan: Decimal | None
    penalty_wan: Decimal | None
    payable_wan: Decimal | None
    filled_at: datetime


@dataclass(frozen=True, slots=True)
class AgencyRecord:
    """One agency: its engagements and returns, the mean of the scores it gave (None: none yet), its appraisals.

    What another agency handed in, before it took a case over or after it left, is not told here.

    `scale` says which totals of an appraisal make which grade: 质量考核表：80–<90，默认值，待签核.
    """

    agency_id: int
    agency: str
    assignments: int
    running: int
    returns: int
    evaluated: int
    mean_score: Decimal | None
    scale: Scale
    lines: tuple[AppraisalLine, ...]


def agency_record(session: Session, actor: Actor, agency_id: int) -> AgencyRecord:
    """What became of an agency's work. Finance may ask about each, an agency about itself; others find none."""
    known = next((line for line in agencies(session, actor) if line.agency_id == agency_id), None)
    if known is None and Role.AGENCY in actor.roles and agency_id == actor.unit_id:
        known = AgencyLine(agency_id, session.get_one(Unit, agency_id).name, 0, 0, 0)
    if known is None:
        raise AssignmentUnknown("没有这家机构，或者您无权查看它的考核。请从菜单打开。", agency=agency_id)
    cases = _cases_of(session, actor, agency_id)
    given = _engagements(session, cases)
    scores = [
        score.total
        for case_id, score in final_scores(session, cases).items()
        if score.kind == ScoreKind.THIRD_PARTY and _engaged(given[case_id], score.scored_at) == agency_id
    ]
    return AgencyRecord(
        agency_id=agency_id,
        agency=known.agency,
        assignments=known.assignments,
        running=known.running,
        returns=known.returns,
        evaluated=len(scores),
        mean_score=mean(scores) if scores else None,
        scale={grade: f"质量考核表：{band}" for grade, band in bands_told().items()},
        lines=tuple(
            line for line in _lines(session, cases) if _engaged(given[line.case_id], line.filled_at) == agency_id
        ),
    )


def _cases_of(session: Session, actor: Actor, agency_id: int) -> Mapping[int, Any]:
    worked_on = select(_given.case_id).where(_given.agency_id == agency_id)
    rows = session.execute(
        select(_cases.id, _cases.code, _cases.name, _cases.fiscal_year, Unit.name.label("unit"))
        .join(Unit, Unit.id == _cases.unit_id)
        .where(of_visible_case(_cases.id, actor), _cases.id.in_(worked_on))
        .order_by(_cases.id.desc())
        .limit(MOST_CASES)
    )
    return {row.id: row for row in rows}


def _engagements(session: Session, cases: Mapping[int, Any]) -> Mapping[int, Sequence[Any]]:
    """Per case, who was engaged since when, the latest first."""
    found: dict[int, list[Any]] = {case_id: [] for case_id in cases}
    rows = session.execute(
        select(_given.case_id, _given.agency_id, _given.assigned_at)
        .where(_given.case_id.in_(list(cases)))
        .order_by(_given.assigned_at.desc(), _given.id.desc())
    )
    for row in rows:
        found[row.case_id].append(row)
    return found


def _engaged(given: Sequence[Any], at: datetime) -> int | None:
    """The agency that worked on a case at an instant; None before the first."""
    return next((row.agency_id for row in given if row.assigned_at <= at), None)


def _lines(session: Session, cases: Mapping[int, Any]) -> Sequence[AppraisalLine]:
    sheet = all_of(Submission)
    rows = session.execute(
        select(sheet.id, sheet.case_id, sheet.content, sheet.filled_at)
        .where(
            sheet.case_id.in_(list(cases)),
            sheet.form == APPRAISAL,
            sheet.state.not_in([state for state in SubmissionState if not state.counts]),
        )
        .order_by(sheet.filled_at.desc())
    )
    return [_line(row, cases[row.case_id]) for row in rows]


def _line(row: Any, case: Any) -> AppraisalLine:
    told: Mapping[str, Any] = row.content
    return AppraisalLine(
        submission_id=row.id,
        case_id=case.id,
        code=case.code,
        case_name=case.name,
        unit=case.unit,
        fiscal_year=case.fiscal_year,
        appraiser=BY.get(told.get("appraiser_kind", "")),
        total=_figure(told, "total_score"),
        grade=told.get("grade"),
        times_returned=told.get("times_returned"),
        gross_errors=len(told.get("gross_errors", ())),
        payment_rate=_figure(told, "payment_rate"),
        contract_wan=_figure(told, "contract_wan"),
        penalty_wan=_figure(told, "penalty_wan"),
        payable_wan=_figure(told, "payable_wan"),
        filled_at=row.filled_at,
    )


def _figure(told: Mapping[str, Any], name: str) -> Decimal | None:
    value = told.get(name)
    return None if value is None else Decimal(str(value))
