"""手机日历: somebody takes an address for their calendar, another one, or none any more."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.notifications import CalendarFeed
from engine.store.base import table_of


def subscribe_calendar(
    session: Session, digest: bytes | None, *, by: Actor, at: datetime, key: str | None = None
) -> Receipt:
    """From now on the calendar of the person at the keyboard has the address of this digest, and no other.

    With None it has none. Whoever knows the address reads the calendar, so the address itself comes nowhere near the
    engine. Not journalled: it changes nothing of any case.
    """

    def work() -> None:
        row = insert(table_of(CalendarFeed)).values(
            person_id=by.person_id, jurisdiction=by.jurisdiction, digest=digest, made_at=at, told=[]
        )
        told = {"digest": digest, "made_at": at, "read_at": None}  # what was told before goes on being counted
        session.execute(row.on_conflict_do_update(index_elements=["person_id"], set_=told))

    content = {"digest": None if digest is None else digest.hex()}
    return once(session, Asked("subscribe_calendar", by, at, key, content=content), work)
