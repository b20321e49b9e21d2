"""Whether what a program keeps in mind about its database is still so: definitions, calendars, names of units.

A number on the shelf goes up whenever somebody changes one of them, on whichever server.
"""

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.store.base import Base, table_of
from engine.store.wire import shelf_number


class Shelf(Base):
    """The one row with the number; triggers on `definitions`, `calendars` and `units` count it up."""

    __tablename__ = "shelf"

    only: Mapped[bool] = mapped_column(primary_key=True, default=True)
    number: Mapped[int]


def number_of(session: Session) -> int:
    """The number as this transaction sees it: told as a tenant's transaction began, else asked now."""
    told = shelf_number(session.connection())
    return told if told is not None else session.scalars(select(table_of(Shelf).c.number)).one()
