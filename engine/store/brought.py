"""The columns of every file somebody brings to have it imported."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Row


class Brought(Row):
    """A file that was brought to be checked: `content` is the table of it as compressed CSV, None once nothing waits.

    `digest` is the SHA-256 of what was sent.
    """

    name: Mapped[str]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    brought_by: Mapped[int]
    brought_at: Mapped[datetime]
    written_at: Mapped[datetime | None]
