"""Nouns of the library: an entry, a change of it, a case that uses it, a file of entries somebody brought."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.errors import NotFound
from engine.store import Base, Row
from engine.store.base import same_tenant
from engine.store.brought import Brought
from engine.words import IndicatorScope, IndicatorState


class IndicatorNotFound(NotFound):
    """No such entry in this jurisdiction."""

    code = "indicator.not_found"


class Indicator(Row, Base):
    """One entry as it now reads; `owner_id` is the unit that keeps it, `search` what it is found by.

    `direction` is a word of the target forms (≥, ≤, =, >, <, range, qualitative); an empty `industry` is every one.
    """

    __tablename__ = "indicators"
    __table_args__ = (
        *same_tenant(owner_id="units"),
        UniqueConstraint("id", "jurisdiction"),
        UniqueConstraint("jurisdiction", "code"),
        Index("ix_indicators_industry", "jurisdiction", "industry", "code"),
        Index("ix_indicators_owner", "owner_id", "code"),
        Index("ix_indicators_level2", "jurisdiction", "level2", "code"),
    )

    code: Mapped[str]
    name: Mapped[str]
    level1: Mapped[str]
    level2: Mapped[str]
    industry: Mapped[str]
    direction: Mapped[str]
    unit: Mapped[str]
    calculation: Mapped[str]
    scope: Mapped[IndicatorScope]
    owner_id: Mapped[int]
    state: Mapped[IndicatorState]
    search: Mapped[str]
    version: Mapped[int]
    changed_at: Mapped[datetime]


class IndicatorChange(Row, Base):
    """What made version `version` of an entry out of the one before: `cells` maps a column to [before, after]."""

    __tablename__ = "indicator_changes"
    __table_args__ = (
        *same_tenant(indicator_id="indicators", changed_by="people"),
        UniqueConstraint("indicator_id", "version"),
    )

    indicator_id: Mapped[int]
    version: Mapped[int]
    cells: Mapped[dict[str, Any]]
    reason: Mapped[str]
    changed_by: Mapped[int]
    changed_at: Mapped[datetime]


class IndicatorWord(Base):
    """Two neighbouring characters of what an entry is found by; a trigger of the database keeps them.

    Row-level security lets no index over parts of a text be used, but one over whole words it does.
    """

    __tablename__ = "indicator_words"

    jurisdiction: Mapped[str] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)


class IndicatorUse(Base):
    """A version filed in this case has a row with this code of the library."""

    __tablename__ = "indicator_uses"
    __table_args__ = (*same_tenant(case_id="cases"),)

    jurisdiction: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class LibraryFile(Brought, Base):
    """A file of entries; `owner_id` is the unit of who brought it, `added` how many entries came out of it."""

    __tablename__ = "library_files"
    __table_args__ = (
        *same_tenant(brought_by="people", owner_id="units"),
        Index("ix_library_files_brought_by", "brought_by", "id"),
        Index(
            "ix_library_files_digest", "jurisdiction", "digest", "owner_id", unique=True,
            postgresql_where=text("written_at IS NOT NULL"),
        ),
    )  # fmt: skip

    owner_id: Mapped[int]
    added: Mapped[int | None]
