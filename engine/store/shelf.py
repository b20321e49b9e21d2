"""Whether what a program keeps in mind about its database is still so: definitions, calendars, names of units.

A number on the shelf goes up whenever somebody changes one of them, on whichever server.
"""

from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base


class Shelf(Base):
    """The one row with the number; triggers on `definitions`, `calendars` and `units` count it up."""

    __tablename__ = "shelf"

    only: Mapped[bool] = mapped_column(primary_key=True, default=True)
    number: Mapped[int]
