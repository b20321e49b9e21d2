"""停用群机器人: nothing more is told in a group; what waits for it is given up."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.audit.events.notices import MessageGroupEnded
from engine.directory import Actor
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.moves.talking import group_in_use
from engine.moves.writing import record_outside_cases


def end_message_group(session: Session, group_id: int, *, by: Actor, at: datetime, key: str | None = None) -> Receipt:
    """End it. Refuses one that is ended already."""

    def work() -> None:
        row = group_in_use(session, group_id)
        row.ended_at = at
        told = MessageGroupEnded(group=row.id, group_name=row.name)
        record_outside_cases(session, by.jurisdiction, [told], by=by, at=at)

    return once(session, Asked("end_message_group", by, at, key, content={"group": group_id}), work)
