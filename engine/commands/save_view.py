"""存为视图: a list as it is filtered now, kept under a name, for oneself or for offices too."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.store.base import table_of
from engine.views import MOST_VIEWS, SavedView, ViewRefused, must_be_a_view

_views = table_of(SavedView).c


def save_view(
    session: Session,
    page: str,
    name: str,
    asked: Mapping[str, str],
    *,
    shared_with: Sequence[str] = (),
    by: Actor,
    at: datetime,
    key: str | None = None,
) -> Receipt:
    """Keep what the address of a list asks for (`asked`, filter → value) under a name; one of that name is replaced.

    Everybody who holds an office of `shared_with` finds it beside their own; it holds no data, so they see through it
    what they may see. `gave` says the view. Refuses a list or filters that are not known, and more than fifty views.
    Not journalled: it changes nothing of any case.
    """
    offices = sorted(set(shared_with))

    def work() -> dict[str, int]:
        must_be_a_view(page, name, asked, offices)
        mine = (_views.person_id == by.person_id, _views.page == page)
        kept = session.scalars(select(SavedView).where(*mine, _views.name == name)).one_or_none()
        if kept is None:
            if (session.scalar(select(func.count()).where(*mine)) or 0) >= MOST_VIEWS:
                raise ViewRefused(f"最多存 {MOST_VIEWS} 个视图，没有保存。请先删去不用的。")
            kept = SavedView(jurisdiction=by.jurisdiction, person_id=by.person_id, page=page, name=name)
            session.add(kept)
        kept.asked, kept.shared_with, kept.saved_at = dict(asked), offices, at
        session.flush()
        return {"view": kept.id}

    content = {"page": page, "name": name, "asked": dict(asked), "shared_with": offices}
    return once(session, Asked("save_view", by, at, key, content=content), work)
