"""A score as a row: who gave it, by which method version, and the grade the table made of it."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.store import Base
from engine.store.base import SCORE, same_tenant
from engine.words import ScoreKind

KIND_OF_FORM = {
    "F06": ScoreKind.SELF,
    "F07": ScoreKind.SELF,
    "F08": ScoreKind.SPOT_REVIEW,
    "F09": ScoreKind.THIRD_PARTY,
}
"""The forms that carry a score → who gives it."""


class Score(Base):
    """One total of one submission; kept with the method set and the grade row that made it.

    `method` names a method set, or the sum of a form's own rows.
    """

    __tablename__ = "scores"
    __table_args__ = (
        *same_tenant(case_id="cases", submission_id="submissions"),
        Index("ix_scores_case", "case_id", "kind"),
        Index("ix_scores_submission", "submission_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    jurisdiction: Mapped[str]
    case_id: Mapped[int]
    submission_id: Mapped[UUID]
    kind: Mapped[ScoreKind]
    total: Mapped[Decimal] = mapped_column(SCORE)
    method: Mapped[str]
    grade: Mapped[str | None]
    basis: Mapped[dict[str, Any]]
    scored_at: Mapped[datetime]

    @property
    def ruled_grade(self) -> str | None:
        """The grade the table gave, whatever was settled since; None: 本区未规定."""
        settled = self.basis.get("settled")
        return self.grade if settled is None else settled["instead_of"]
