"""The feedback letter and the ledger it fills."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.errors import WrongState
from engine.store import Base, Row
from engine.store.base import MONEY, SCORE, same_tenant
from engine.words import RectificationOrigin, RectificationState, Role, Supervision


class RectificationNotOpen(WrongState):
    """The ledger row is closed already."""

    code = "rectification.not_open"


class StoppingTooLate(WrongState):
    """Nobody stops the money for what has been put right."""

    code = "rectification.stopping_too_late"


class Letter(Row, Base):
    """绩效评价结果反馈意见函: its number is unique in the jurisdiction; the latest of a case counts.

    `recalled_at`, `recalled_by` and `recall_reason` say that it was taken back (收回).
    """

    __tablename__ = "letters"
    __table_args__ = (
        *same_tenant(case_id="cases", signed_by="people", recalled_by="people"),
        UniqueConstraint("jurisdiction", "number"),
        Index("ix_letters_list", "jurisdiction", "id"),
    )

    case_id: Mapped[int] = mapped_column(index=True)
    submission_id: Mapped[UUID]
    number: Mapped[str]
    issued_on: Mapped[date]
    score: Mapped[Decimal | None] = mapped_column(SCORE)
    grade: Mapped[str | None]
    signed_by: Mapped[int | None]
    signed_at: Mapped[datetime | None]
    recalled_at: Mapped[datetime | None]
    recalled_by: Mapped[int | None]
    recall_reason: Mapped[str | None]


class Rectification(Row, Base):
    """One problem: the requirement, the person responsible, what was done, who verified it.

    `escalations` counts how often others were asked to see to it, `escalated_to` is the office it reached; it is not
    known of what was escalated by earlier releases.
    """

    __tablename__ = "rectifications"
    __table_args__ = (
        *same_tenant(case_id="cases", unit_id="units", verified_by="people"),
        UniqueConstraint("id", "jurisdiction"),
        UniqueConstraint("case_id", "item"),
        Index("ix_rectifications_ledger", "jurisdiction", "id"),
        Index("ix_rectifications_unit", "unit_id", "id"),
    )

    case_id: Mapped[int] = mapped_column(index=True)
    item: Mapped[str]
    origin: Mapped[RectificationOrigin]
    category: Mapped[str]
    problem: Mapped[str]
    requirement: Mapped[str]
    amount_wan: Mapped[Decimal | None] = mapped_column(MONEY)
    unit_id: Mapped[int]
    responsible_person: Mapped[str | None]
    opened_on: Mapped[date]
    due_on: Mapped[date | None]
    state: Mapped[RectificationState] = mapped_column(default=RectificationState.OPEN)
    rounds: Mapped[int] = mapped_column(SmallInteger, default=0)
    escalations: Mapped[int] = mapped_column(SmallInteger, default=0)
    escalated_to: Mapped[Role | None]
    rules_improved: Mapped[int] = mapped_column(SmallInteger, default=0)
    recovered_wan: Mapped[Decimal | None] = mapped_column(MONEY)
    verified_by: Mapped[int | None]
    closed_on: Mapped[date | None]

    @property
    def is_over(self) -> bool:
        """Whether nobody has to put it right any more."""
        return self.state in (RectificationState.CLOSED, RectificationState.REPLACED)

    def must_be_open(self) -> None:
        """Refuse a problem that was closed, or that a later letter put in other words."""
        if self.is_over:
            raise RectificationNotOpen(
                f"整改事项{self.item}已经销号，不能再办理。如发现新问题，请另立一项。", item=self.item
            )

    def must_not_be_over(self, instead: str = f"请选“{Supervision.URGE.label}”办结这次督办。") -> None:
        """Refuse to stop the money for a problem that was struck off meanwhile; `instead` says what to do."""
        if self.is_over:
            raise StoppingTooLate(
                f"整改事项{self.item}已经销号，不能再提出停止拨款，没有办理。{instead}",
                item=self.item,
            )
