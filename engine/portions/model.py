"""The one noun: a long work and how far it has come."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from engine.store import Base, Row
from engine.store.base import same_tenant


class LongWork(Row, Base):
    """One work of `kind` on `subject` (a launch's or a file's number, the key of a batch).

    `total` and `done` count its items, `failed` is among them; `seconds_each` is what an item took in the last
    portion. Instants are those of the watch, which in a demo is not the clock: `portion_at` of the last portion,
    `continued_at` when it went on after it had stood still. `content` is what its portions need and what they gave.
    """

    __tablename__ = "long_works"
    __table_args__ = (*same_tenant(begun_by="people"), UniqueConstraint("jurisdiction", "kind", "subject"))

    kind: Mapped[str]
    subject: Mapped[str]
    content: Mapped[dict[str, Any]]
    total: Mapped[int]
    done: Mapped[int]
    failed: Mapped[int]
    seconds_each: Mapped[Decimal | None]
    begun_by: Mapped[int]
    begun_at: Mapped[datetime]
    portion_at: Mapped[datetime]
    continued_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
