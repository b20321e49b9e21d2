"""Views of a list somebody kept, and those that were shared with their offices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.directory import Actor, Person
from engine.store.base import table_of
from engine.views import SavedView
from engine.words import Role

MOST_SHARED = 200
_views = table_of(SavedView).c


@dataclass(frozen=True, slots=True)
class ViewLine:
    """A view: what its list is asked for, whose it is (`by`), with which offices it is shared."""

    id: int
    name: str
    asked: Mapping[str, str]
    shared_with: tuple[Role, ...]
    by: str
    mine: bool


def saved_views(session: Session, actor: Actor, page: str) -> Sequence[ViewLine]:
    """The actor's own views of a list, then those shared with an office they act in, each by name."""
    shared = [_views.shared_with.contains([role.value]) for role in sorted(actor.roles)]
    own = _views.person_id == actor.person_id
    rows = session.execute(
        select(SavedView, Person.name)
        .join(Person, Person.id == _views.person_id)
        .where(_views.jurisdiction == actor.jurisdiction, _views.page == page, or_(own, *shared))
        .order_by(own.desc(), _views.name, _views.id)
        .limit(MOST_SHARED)
    )
    return [
        ViewLine(
            view.id, view.name, {str(name): str(value) for name, value in view.asked.items()},
            tuple(role for role in Role if role in view.shared_with), who, view.person_id == actor.person_id,
        )
        for view, who in rows
    ]  # fmt: skip
