"""Two rows: a definition version and a launch."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, LargeBinary, SmallInteger, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store import Base, Row


class Definition(Base):
    """One version of the diagrams, or of one jurisdiction's tables, exactly as a case runs on it.

    Of each kind and name the version with the highest `turn` is in force: new cases start on it, on every server.
    """

    __tablename__ = "definitions"
    __table_args__ = (UniqueConstraint("kind", "name", "hash"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=False), primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str]
    hash: Mapped[str]
    files: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime]
    turn: Mapped[int]


class Launch(Row, Base):
    """工作部署: a stage was opened for the cases of a year; late comers join it when they arrive.

    `message` is what the cases wait for, `variables` what they are told, `scope` which of them
    (object_kinds and case_ids; empty means all). `due_on` is the day finance gave for the first step instead of the
    table's, for a stated `due_reason`.
    """

    __tablename__ = "launches"
    __table_args__ = (Index("ix_launches_list", "jurisdiction", "fiscal_year", "id"),)

    fiscal_year: Mapped[int] = mapped_column(SmallInteger)
    message: Mapped[str]
    scope: Mapped[dict[str, Any]]
    variables: Mapped[dict[str, Any]]
    launched_by: Mapped[int]
    launched_at: Mapped[datetime]
    due_on: Mapped[date | None]
    due_reason: Mapped[str | None]
