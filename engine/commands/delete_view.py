"""删去视图: a list somebody kept under a name is not kept any more."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.views import SavedView, ViewNotFound


def delete_view(session: Session, view_id: int, *, by: Actor, at: datetime, key: str | None = None) -> Receipt:
    """Forget a view of one's own, for everybody it was shared with too. Refuses a view of somebody else."""

    def work() -> None:
        kept = session.get(SavedView, view_id)
        if kept is None or kept.person_id != by.person_id:
            raise ViewNotFound("没有这个视图，或者不是您存的，没有删去。请刷新后再看。", view=view_id)
        session.delete(kept)
        session.flush()

    return once(session, Asked("delete_view", by, at, key, content={"view": view_id}), work)
