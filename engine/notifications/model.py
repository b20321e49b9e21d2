"""The notice."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from engine.store import Base, Row
from engine.store.base import same_tenant
from engine.words import NoticeKind


class Notice(Row, Base):
    """What one person is told of one entry of the journal, the `seq`th of its chain; `case_id` None: of no case.

    `task_id` is the task it is about, if it is about one. `made_at` is when it happened, not when it was written.
    """

    __tablename__ = "notices"
    __table_args__ = (
        *same_tenant(person_id="people", case_id="cases"),
        UniqueConstraint("id", "jurisdiction"),
        UniqueConstraint("person_id", "kind", "case_id", "seq", postgresql_nulls_not_distinct=True),
        Index("ix_notices_newest", "person_id", "id"),
        Index("ix_notices_unread", "person_id", postgresql_where=text("read_at IS NULL")),
    )

    person_id: Mapped[int]
    kind: Mapped[NoticeKind]
    case_id: Mapped[int | None]
    seq: Mapped[int]
    task_id: Mapped[UUID | None]
    words: Mapped[str]
    made_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
