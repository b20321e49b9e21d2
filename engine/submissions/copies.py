"""抄送: a version of a paper shown to a colleague, who has nothing to do about it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store import Base, Row
from engine.store.base import same_tenant
from engine.words import Role

RECEIVERS = frozenset(role for role in Role if role.lane is not None and role is not Role.AGENCY)
"""Offices a paper may be shown to: those of the diagrams; an agency only sees the cases it was given."""


class PaperCopy(Row, Base):
    """One version shown to one person; `read_at` is when they said that they had read it.

    Form, item and version are those of the submission, which is packed away once its case is over.
    """

    __tablename__ = "paper_copies"
    __table_args__ = (
        *same_tenant(case_id="cases", person_id="people", copied_by="people"),
        UniqueConstraint("jurisdiction", "submission_id", "person_id"),
        Index("ix_paper_copies_person", "person_id", "copied_at"),
    )

    case_id: Mapped[int] = mapped_column(index=True)
    submission_id: Mapped[UUID]
    form: Mapped[str]
    item: Mapped[str | None]
    version: Mapped[int] = mapped_column(SmallInteger)
    person_id: Mapped[int]
    note: Mapped[str]
    copied_by: Mapped[int]
    copied_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
