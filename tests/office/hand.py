"""The hand that fills in the papers of the office: a desk of the rehearsal over the task of a test.

What nobody wishes otherwise is written as the people of a rehearsal write it, so forms are filled in in one place.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases import Case, FundLine
from engine.directory import Actor
from engine.moves.gate import kind_of
from engine.process import Element
from engine.rehearsal.desk import Desk as RehearsalDesk
from engine.rehearsal.desk import Memory
from engine.rehearsal.people import Town
from engine.rehearsal.subjects import Money, Subject
from engine.tasks import Task
from engine.words import CaseKind
from tests.factories import Bureau

SEED = 1
SELF_SCORE, SCORE, GRADE = Decimal("92.66"), "87.75", "中"
"""Where the table is silent somebody must write a grade; a person decides later."""


def hand(
    session: Session,
    bureau: Bureau,
    case: Case,
    task: Task,
    element: Element,
    by: Actor,
    at: datetime,
    said: Mapping[str, Any],
) -> RehearsalDesk:
    """A rehearsal person with this task before them, who gave the answers `said`; what is not wished is normal."""
    known = {**said, "document_kind": kind_of(session, case)}
    return RehearsalDesk(
        session=session,
        seed=SEED,
        town=_town(bureau),
        case=case,
        subject=_subject(session, case),
        memory=Memory(said=known),
        task=task,
        element=element,
        by=by,
        at=at,
        times=task.round,
    )


def _town(bureau: Bureau) -> Town:
    town = Town(bureau.jurisdiction, bureau.finance_id)
    for actor in bureau.everybody():
        for role in actor.roles:
            town.staff.setdefault((actor.unit_id, role), []).append(actor)
    return town


def _subject(session: Session, case: Case) -> Subject:
    lines = session.scalars(select(FundLine).where(FundLine.case_id == case.id).order_by(FundLine.line_no))
    return Subject(
        kind=CaseKind(case.object_kind),
        code=case.code,
        name=case.name,
        unit="示例单位甲",
        department="示例主管部门",
        agency="示例机构",
        fiscal_year=case.fiscal_year,
        lines=[Money(line.name, line.amount_wan, SELF_SCORE) for line in lines],
        third_party_score=Decimal(SCORE),
        published_grade=GRADE,
        facts=case.facts,
    )
