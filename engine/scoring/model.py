"""A score as a row: who gave it, by which method version, and the grade the table made of it."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.store import Base
from engine.store.base import SCORE


class Score(Base):
    """One total of one submission; kept with the method set and the grade row that made it.

    `kind` is self, spot_review, third_party or department; `given` is the total as the agency's paper states it,
    where only the total was handed in (a published result).
    """

    __tablename__ = "scores"
    __table_args__ = (Index("ix_scores_case", "case_id", "kind"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    jurisdiction: Mapped[str]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submissions.id"))
    kind: Mapped[str]
    total: Mapped[Decimal] = mapped_column(SCORE)
    method: Mapped[str]
    grade: Mapped[str | None]
    basis: Mapped[dict[str, Any]]
    scored_at: Mapped[datetime]
