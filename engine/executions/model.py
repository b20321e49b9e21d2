"""Two rows: a figure of a case as of a day, and a file such figures came in."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Numeric, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store import Base
from engine.store.base import same_tenant
from engine.store.brought import Brought
from engine.words import Light


class ExecutionFigure(Base):
    """执行数 of a case from 1 January to the end of the day `as_of`, in 万元: one version, kept as it came.

    `lines` says it for every fund line (its number → text of the amount), or is empty where only the whole is known.
    `planned_wan` is what was to be paid by then. `time_progress` and `money_light` are what the tables made of it;
    None where they say nothing.
    """

    __tablename__ = "execution_figures"
    __table_args__ = (
        *same_tenant(case_id="cases", reported_by="people", file_id="execution_files"),
        UniqueConstraint("case_id", "version"),
        Index("ix_execution_figures_newest", "case_id", text("as_of DESC"), text("version DESC")),
        Index("ix_execution_figures_reported_by", "reported_by"),
        Index("ix_execution_figures_file", "file_id", postgresql_where=text("file_id IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    jurisdiction: Mapped[str]
    case_id: Mapped[int]
    version: Mapped[int] = mapped_column(SmallInteger)
    as_of: Mapped[date]
    executed_wan: Mapped[Decimal]
    planned_wan: Mapped[Decimal | None]
    lines: Mapped[dict[str, Any]]
    source: Mapped[str]
    time_progress: Mapped[Decimal | None] = mapped_column(Numeric(7, 6))
    money_light: Mapped[Light | None]
    reported_by: Mapped[int]
    reported_at: Mapped[datetime]
    file_id: Mapped[int | None]


class ExecutionFile(Brought, Base):
    """A file of such figures; `figures` of it were written, `left_out` rows were not."""

    __tablename__ = "execution_files"
    __table_args__ = (
        *same_tenant(brought_by="people"),
        UniqueConstraint("id", "jurisdiction"),
        Index("ix_execution_files_brought_by", "brought_by", "id"),
        Index(
            "ix_execution_files_digest", "jurisdiction", "digest", unique=True,
            postgresql_where=text("written_at IS NOT NULL"),
        ),
    )  # fmt: skip

    figures: Mapped[int] = mapped_column(default=0)
    left_out: Mapped[int] = mapped_column(default=0)
