"""What follows from a result, as rows: effects on the budget, candidates, deliberations, disclosures, samples."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Index, LargeBinary, Numeric, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store import Base, Row
from engine.store.base import MONEY, same_tenant
from engine.words import (
    DocumentKind,
    EffectKind,
    EffectState,
    Occasion,
    PublicationStep,
    RowStatus,
    SamplingState,
    Selection,
)


class ResultEffect(Row, Base):
    """One consequence of one result for one budget: proposed by a table's row, settled by a person's row of F12.

    `settled_as` is what is done instead where the row names another effect than the proposed one.
    """

    __tablename__ = "result_effects"
    __table_args__ = (
        *same_tenant(case_id="cases", decided_by="people"),
        Index("ix_result_effects_list", "jurisdiction", "budget_year", "id"),
    )

    case_id: Mapped[int] = mapped_column(index=True)
    budget_year: Mapped[int] = mapped_column(SmallInteger)
    occasion: Mapped[Occasion | None]
    effect: Mapped[EffectKind]
    rate: Mapped[Decimal | None] = mapped_column(Numeric(9, 6))
    base_wan: Mapped[Decimal | None] = mapped_column(MONEY)
    cut_wan: Mapped[Decimal | None] = mapped_column(MONEY)
    note: Mapped[str | None]
    source: Mapped[str]
    status: Mapped[RowStatus]
    state: Mapped[EffectState] = mapped_column(default=EffectState.PROPOSED)
    settled_as: Mapped[EffectKind | None]
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    exception_reason: Mapped[str | None]
    approved_by: Mapped[str | None]


class Candidate(Row, Base):
    """下年度重点评价备选 (HC-09)."""

    __tablename__ = "evaluation_candidates"
    __table_args__ = (
        *same_tenant(case_id="cases"),
        UniqueConstraint("case_id", "for_year"),
    )

    case_id: Mapped[int]
    for_year: Mapped[int] = mapped_column(SmallInteger)
    reason: Mapped[str]
    added_at: Mapped[datetime]


class Deliberation(Row, Base):
    """A government meeting or a congress committee considered a kind of document of a year (CH-18, GZ-17)."""

    __tablename__ = "deliberations"
    __table_args__ = (
        *same_tenant(case_id="cases", recorded_by="people"),
        Index("ix_deliberations_list", "jurisdiction", "fiscal_year", "id"),
    )

    fiscal_year: Mapped[int] = mapped_column(SmallInteger)
    document_kind: Mapped[DocumentKind]
    body: Mapped[PublicationStep]
    held_on: Mapped[date]
    passed: Mapped[bool]
    opinion: Mapped[str | None]
    case_id: Mapped[int | None]
    recorded_by: Mapped[int]
    recorded_at: Mapped[datetime]


class Disclosure(Row, Base):
    """One item made public, or withheld for a stated reason."""

    __tablename__ = "disclosures"
    __table_args__ = (
        *same_tenant(case_id="cases", recorded_by="people"),
        Index("ix_disclosures_list", "jurisdiction", "id"),
    )

    case_id: Mapped[int] = mapped_column(index=True)
    document_kind: Mapped[DocumentKind]
    published_on: Mapped[date | None]
    address: Mapped[str | None]
    withheld_reason: Mapped[str | None]
    recorded_by: Mapped[int]
    recorded_at: Mapped[datetime]


class Sample(Row, Base):
    """A choice among waiting cases: the frozen frame, its hash, what came out; the two seeds of a draw repeat it."""

    __tablename__ = "samples"
    __table_args__ = (
        *same_tenant(drawn_by="people"),
        Index("ix_samples_list", "jurisdiction", "fiscal_year", "id"),
    )

    fiscal_year: Mapped[int] = mapped_column(SmallInteger)
    purpose: Mapped[str]
    way: Mapped[Selection]
    frame: Mapped[list[Any]]
    frame_hash: Mapped[bytes] = mapped_column(LargeBinary)
    finance_seed: Mapped[str]
    witness_seed: Mapped[str]
    size: Mapped[int]
    drawn: Mapped[list[Any]]
    drawn_by: Mapped[int]
    drawn_at: Mapped[datetime]


class Sampling(Row, Base):
    """A draw that two people prepare: the frozen frame, the size, and the seed each of them gives unseen by the other.

    No read gives a seed; once both are there, the draw puts them on record in `samples`.
    """

    __tablename__ = "samplings"
    __table_args__ = (
        *same_tenant(opened_by="people", handler_id="people", supervisor_id="people", voided_by="people"),
        Index("ix_samplings_list", "jurisdiction", "fiscal_year", "id"),
        Index(
            "uq_samplings_open", "jurisdiction", "fiscal_year", "purpose", unique=True,
            postgresql_where=text("state = 'open'"),
        ),
    )  # fmt: skip

    fiscal_year: Mapped[int] = mapped_column(SmallInteger)
    purpose: Mapped[str]
    size: Mapped[int]
    organizer: Mapped[str]
    reason: Mapped[str | None]
    frame: Mapped[list[Any]]
    frame_hash: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[SamplingState] = mapped_column(default=SamplingState.OPEN)
    opened_by: Mapped[int]
    opened_at: Mapped[datetime]
    handler_seed: Mapped[str | None]
    handler_id: Mapped[int | None]
    handler_at: Mapped[datetime | None]
    supervisor_seed: Mapped[str | None]
    supervisor_id: Mapped[int | None]
    supervisor_at: Mapped[datetime | None]
    sample_id: Mapped[int | None]
    voided_by: Mapped[int | None]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None]


class Assignment(Row, Base):
    """委托: one agency evaluates one case, under a contract, with a named lead evaluator."""

    __tablename__ = "assignments"
    __table_args__ = (
        *same_tenant(case_id="cases", agency_id="units", assigned_by="people"),
        Index("ix_assignments_list", "jurisdiction", "id"),
        Index("ix_assignments_agency", "agency_id", "id"),
    )

    case_id: Mapped[int] = mapped_column(index=True)
    stage: Mapped[str]
    agency_id: Mapped[int]
    contract_number: Mapped[str | None]
    lead_evaluator: Mapped[str]
    task_id: Mapped[UUID | None]
    assigned_by: Mapped[int]
    assigned_at: Mapped[datetime]
