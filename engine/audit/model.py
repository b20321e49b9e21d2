"""The journal: append-only, one chain a case, anchored daily."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, LargeBinary, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from engine.store import Base, Row


class Entry(Row, Base):
    """One thing that happened. `case_id` 0 is the jurisdiction's own chain (samples, launches, calendars).

    `hash` is SHA-256 over the previous entry's hash and this entry's content, see `chain.link`. `version` is
    the event's, None on entries written before events had one; `stage` is where the case stood then.
    """

    __tablename__ = "journal"
    __table_args__ = (Index("uq_journal_chain", "jurisdiction", "case_id", "seq", unique=True),)

    case_id: Mapped[int]
    seq: Mapped[int]
    type: Mapped[str]
    payload: Mapped[dict[str, Any]]
    by: Mapped[int | None]
    acting_for: Mapped[int | None]
    at: Mapped[datetime]
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    version: Mapped[int | None] = mapped_column(SmallInteger)
    stage: Mapped[str | None]


class ChainHead(Base):
    """The last link of a jurisdiction's own chain; a case keeps its own head."""

    __tablename__ = "journal_heads"

    jurisdiction: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int]
    head: Mapped[bytes] = mapped_column(LargeBinary)


class Anchor(Base):
    """All chain heads of a day in one hash: hand it out, and the day can no longer be rewritten."""

    __tablename__ = "journal_anchors"

    jurisdiction: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    entries: Mapped[int]
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    anchored_at: Mapped[datetime]
