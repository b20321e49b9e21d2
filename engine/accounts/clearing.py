"""What nobody asks about any more: sessions over long ago, and counted tries whose time is over."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from engine.accounts.model import Attempts, SignIn
from engine.accounts.sessions import KEPT


def forget_some(session: Session, at: datetime, most: int) -> int:
    """Forget at most so many sessions and as many tries; gives how many went. What another forgets is left to it."""
    return _forget(session, SignIn, SignIn.ends_at < at - KEPT, most) + _forget(
        session, Attempts, Attempts.ends_at <= at, most
    )


def _forget(session: Session, entity: type[SignIn | Attempts], over: ColumnElement[bool], most: int) -> int:
    some = select(entity.id).where(over).limit(most).with_for_update(skip_locked=True).cte("some")
    gone = delete(entity).where(entity.id.in_(select(some.c.id)))
    done = session.execute(gone, execution_options={"synchronize_session": False})
    return int(done.rowcount)  # type: ignore[attr-defined]
