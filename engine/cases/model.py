"""The case and what hangs on it directly: fund lines and incidents."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.cases.papers import CasePapers, Papers
from engine.errors import NotFound, WrongState
from engine.store import Base, Row
from engine.store.base import MONEY, SCORE, same_tenant
from engine.words import CaseKind, CaseState, IncidentState, Stage

ANNUAL = "case"
"""The process of a case that goes through the year, unlike one about the end of a policy."""


class CaseNotFound(NotFound):
    """No such case in this jurisdiction."""

    code = "case.not_found"


class CaseNotActive(WrongState):
    """The case is suspended, closed or cancelled."""

    code = "case.not_active"


_STANDSTILL = {
    CaseState.SUSPENDED: "案卷已暂停，恢复后才能办理。请联系财政绩效股。",
    CaseState.CLOSED: "案卷已办结归档，不能再办理；需要更正请联系财政绩效股。",
    CaseState.CANCELLED: "案卷已取消，不能再办理。需要继续请联系财政绩效股另立案卷。",
}


TO_PUBLISH = "jsonb_exists_any(forms, '{target,F06}'::text[])"
"""Of a case that has what goes out with the budget or the accounts: an approved target, a self-evaluation."""
_OF_A_YEAR = ("jurisdiction", "fiscal_year", "object_kind", "code")


class Case(Row, Base):
    """One appraisal object in one fiscal year (the year of the money).

    Of an object and year there is one case on each process at most that did not end without a result: after one that
    did, another may begin, which names it as its `predecessor_id`.

    `amount_wan` is the amount in force, `asked_wan` what its unit asked for (None: of an earlier release, not known),
    `settled_wan` what was last found right or approved (None: nothing yet).

    `facts` are what the decision tables ask about the object besides its kind and amount; `forms` is which version of
    each form counts; `waits` maps the key of a waiting message catch to its message and, for a boundary event, its
    host task; `search` is what it is found by (`search_words`).
    """

    __tablename__ = "cases"
    __table_args__ = (
        *same_tenant(
            unit_id="units", department_id="units", finance_id="units", agency_id="units", predecessor_id="cases"
        ),
        UniqueConstraint("id", "jurisdiction"),
        Index("uq_cases_of_a_year", *_OF_A_YEAR, "process", unique=True, postgresql_where=text("NOT without_result")),
        Index("ix_cases_without_result", *_OF_A_YEAR, postgresql_where=text("without_result")),
        Index("ix_cases_predecessor", "predecessor_id", postgresql_where=text("predecessor_id IS NOT NULL")),
        Index("ix_cases_stage", "jurisdiction", "fiscal_year", "stage", postgresql_where=text("state = 'active'")),
        Index("ix_cases_year", "jurisdiction", "fiscal_year", "id"),
        Index("ix_cases_to_publish", "jurisdiction", "fiscal_year", "id", postgresql_where=text(TO_PUBLISH)),
        Index("ix_cases_name", "jurisdiction", "fiscal_year", "name", "id"),
        Index("ix_cases_unit", "unit_id", "fiscal_year", "id"),
        Index("ix_cases_department", "department_id", "fiscal_year", "id"),
        Index("ix_cases_unit_stage", "unit_id", "fiscal_year", "stage", postgresql_include=["jurisdiction"]),
        Index(
            "ix_cases_department_stage",
            "department_id",
            "fiscal_year",
            "stage",
            postgresql_include=["jurisdiction", "unit_id"],
        ),
        Index("ix_cases_agency", "agency_id", "id", postgresql_where=text("agency_id IS NOT NULL")),
        Index("ix_cases_suspended", "jurisdiction", "id", postgresql_where=text("state = 'suspended'")),
    )

    object_kind: Mapped[CaseKind]
    code: Mapped[str]
    name: Mapped[str]
    search: Mapped[str] = mapped_column(server_default="")
    unit_id: Mapped[int]
    department_id: Mapped[int | None]
    finance_id: Mapped[int]
    agency_id: Mapped[int | None]
    fiscal_year: Mapped[int] = mapped_column(SmallInteger)
    amount_wan: Mapped[Decimal] = mapped_column(MONEY)
    asked_wan: Mapped[Decimal | None] = mapped_column(MONEY)
    settled_wan: Mapped[Decimal | None] = mapped_column(MONEY)
    facts: Mapped[dict[str, Any]]
    forms: Mapped[CasePapers] = mapped_column(Papers)
    waits: Mapped[dict[str, Any]]
    state: Mapped[CaseState] = mapped_column(default=CaseState.ACTIVE)
    stage: Mapped[Stage | None]
    diagrams_id: Mapped[int] = mapped_column(ForeignKey("definitions.id"))
    policy_id: Mapped[int] = mapped_column(ForeignKey("definitions.id"))
    process: Mapped[str] = mapped_column(default="case")
    process_state: Mapped[bytes] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column(default=1)
    journal_seq: Mapped[int] = mapped_column(default=0)
    journal_head: Mapped[bytes] = mapped_column(LargeBinary)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    without_result: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    predecessor_id: Mapped[int | None]

    def must_be_active(self) -> None:
        """Refuse work on a case that stands still, saying which way it does."""
        if self.state != CaseState.ACTIVE:
            raise CaseNotActive(_STANDSTILL[self.state], case_id=self.id, state=self.state)


def ends_without_result(state: CaseState, process: str, papers: CasePapers) -> bool:
    """Whether a case that ends in this state leaves its object free to begin anew in the same year.

    So does one that is cancelled, and one on its annual way that was turned down (不予支持, 不予入库, 不予安排): it
    closes before a target was approved.
    """
    return state == CaseState.CANCELLED or (process == ANNUAL and papers.target is None)


class FundLine(Base):
    """One of the sums a case is financed from (HX-16: a project may hold several)."""

    __tablename__ = "fund_lines"
    __table_args__ = (*same_tenant(case_id="cases"),)

    case_id: Mapped[int] = mapped_column(primary_key=True)
    line_no: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    jurisdiction: Mapped[str]
    name: Mapped[str]
    amount_wan: Mapped[Decimal] = mapped_column(MONEY)
    self_score: Mapped[Decimal | None] = mapped_column(SCORE)


class Incident(Row, Base):
    """An automatic step that failed: what, where, and whether it was put right. The case stands as it did before."""

    __tablename__ = "incidents"
    __table_args__ = (
        *same_tenant(case_id="cases"),
        Index("ix_incidents_open", "jurisdiction", "id", postgresql_where=text("state = 'open'")),
    )

    case_id: Mapped[int] = mapped_column(index=True)
    task_id: Mapped[UUID | None]
    command: Mapped[str]
    arguments: Mapped[dict[str, Any]]
    element: Mapped[str | None]
    message: Mapped[str]
    state: Mapped[IncidentState] = mapped_column(default=IncidentState.OPEN)
    attempts: Mapped[int] = mapped_column(SmallInteger, default=1)
    raised_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]


def case_by_id(session: Session, case_id: int) -> Case:
    """The case as it stands now, or a refusal when this jurisdiction has none of that number."""
    case = session.get(Case, case_id, populate_existing=True)
    if case is None:
        raise CaseNotFound("没有这份案卷，或者它不属于本地区。请核对编号。", case_id=case_id)
    return case
