"""The opinion and its two guards: nobody reviews what they filed, and a return says why."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.directory import Actor
from engine.errors import InvalidInput, NotAllowed
from engine.store import Base
from engine.store.base import same_tenant
from engine.words import OutcomeWord


class OwnSubmission(NotAllowed):
    """Nobody reviews what they filed, not through a substitute either."""

    code = "review.own_submission"


class ReasonMissing(InvalidInput):
    """A return, a decision or an exception needs a reason in words."""

    code = "review.reason_missing"


class Review(Base):
    """One office's judgement of one version (or, without a version, a decision it took)."""

    __tablename__ = "reviews"
    __table_args__ = (
        *same_tenant(case_id="cases", by="people"),
        Index("ix_reviews_case", "case_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    jurisdiction: Mapped[str]
    case_id: Mapped[int]
    task_id: Mapped[UUID]
    submission_id: Mapped[UUID | None]
    outcome: Mapped[OutcomeWord]
    reason: Mapped[str | None]
    remarks: Mapped[list[Any] | None]
    by: Mapped[int]
    at: Mapped[datetime]


def must_not_be_own(by: Actor, *filed_by: int | None) -> None:
    """Refuse an actor who filed or confirmed the version, in person or as somebody's substitute."""
    if any(by.is_or_stands_for(person_id) for person_id in filed_by):
        raise OwnSubmission("您是本件的填报人，不能审核本件，以代理人身份也不行。请转办给其他审核人。")
