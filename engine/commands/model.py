"""The memory that makes commands safe to repeat."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from engine.store import Base


class DoneCommand(Base):
    """A command that was carried out under this key; the same key again gets the same answer and changes nothing."""

    __tablename__ = "done_commands"

    jurisdiction: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    command: Mapped[str]
    answer: Mapped[dict[str, Any]]
    at: Mapped[datetime]
