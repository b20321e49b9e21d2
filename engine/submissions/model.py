"""What a unit, an agency or finance hands in: one row a version, never overwritten."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store import Base, Row
from engine.store.base import same_tenant
from engine.words import Scan, SubmissionState


class Submission(Base):
    """One version of one official form in one case; `frozen_at` marks the version later stages work from."""

    __tablename__ = "submissions"
    __table_args__ = (
        *same_tenant(case_id="cases", filled_by="people", submitted_by="people"),
        UniqueConstraint("id", "jurisdiction"),
        Index("ix_submissions_case", "case_id", "form"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    jurisdiction: Mapped[str]
    case_id: Mapped[int]
    task_id: Mapped[UUID]
    stage: Mapped[str]
    form: Mapped[str]
    item: Mapped[str | None]
    version: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[SubmissionState]
    content: Mapped[dict[str, Any]]
    filled_by: Mapped[int]
    filled_at: Mapped[datetime]
    submitted_by: Mapped[int | None]
    submitted_at: Mapped[datetime | None]
    frozen_at: Mapped[datetime | None]


class PaperText(Base):
    """The fingerprint of one long text of a version; by it the same words are found in a paper of another unit."""

    __tablename__ = "paper_texts"
    __table_args__ = (
        *same_tenant(case_id="cases"),
        Index("ix_paper_texts_digest", "digest", "case_id"),
        Index("ix_paper_texts_case_id", "case_id"),
    )

    submission_id: Mapped[UUID] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    jurisdiction: Mapped[str]
    case_id: Mapped[int]
    form: Mapped[str]
    digest: Mapped[UUID]


class Attachment(Row, Base):
    """A file handed in with a case; the bytes lie in the file store under their hash.

    `scan` is what a virus scanner said when it was last asked, at `scanned_at`; `scan_told` numbers the signatures it
    held a clean file against, or names what it found.
    """

    __tablename__ = "attachments"
    __table_args__ = (
        *same_tenant(case_id="cases", added_by="people"),
        Index(
            "ix_attachments_not_clean", "jurisdiction", "scan", "scanned_at", "id",
            postgresql_where=text("scan <> 'clean'"),
        ),
        Index("ix_attachments_sha256", "sha256"),
    )  # fmt: skip

    case_id: Mapped[int] = mapped_column(index=True)
    task_id: Mapped[UUID | None]
    slot: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    sha256: Mapped[str]
    added_by: Mapped[int]
    added_at: Mapped[datetime]
    scan: Mapped[Scan] = mapped_column(default=Scan.UNASKED)
    scanned_at: Mapped[datetime | None]
    scan_told: Mapped[str | None]
