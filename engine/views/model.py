"""The one noun: a saved view."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from engine.errors import NotFound
from engine.store import Base, Row
from engine.store.base import same_tenant


class ViewNotFound(NotFound):
    """No such view, or not this person's."""

    code = "view.not_found"


class SavedView(Row, Base):
    """A list under a name: `asked` maps a filter of its address to what was chosen, `shared_with` are offices.

    `page` names the list, as its address does (`tasks`).
    """

    __tablename__ = "saved_views"
    __table_args__ = (
        *same_tenant(person_id="people"),
        UniqueConstraint("person_id", "page", "name"),
        Index("ix_saved_views_page", "jurisdiction", "page"),
    )

    person_id: Mapped[int]
    page: Mapped[str]
    name: Mapped[str]
    asked: Mapped[dict[str, Any]]
    shared_with: Mapped[list[Any]]
    saved_at: Mapped[datetime]
