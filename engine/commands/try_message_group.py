"""发送一条试试: a message to a group, to see whether its robot speaks."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.errors import WrongState
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.moves.talking import group_in_use
from engine.notifications import Sending

PAUSE = timedelta(minutes=1)


class GroupTrialRefused(WrongState):
    """One was just tried."""

    code = "message_group.trial_refused"


def try_message_group(session: Session, group_id: int, *, by: Actor, at: datetime, key: str | None = None) -> Receipt:
    """Leave a message to the group, once a minute; what became of it is shown beside it."""

    def work() -> None:
        row = group_in_use(session, group_id)
        lately = Sending.group_id == row.id, Sending.notice_id.is_(None), Sending.not_before > at - PAUSE
        if session.scalar(select(Sending.id).where(*lately).limit(1)) is not None:
            raise GroupTrialRefused("一分钟内已经试发过，没有再发。请稍等再试。")
        session.add(
            Sending(
                jurisdiction=by.jurisdiction, person_id=by.person_id, notice_id=None, group_id=row.id, not_before=at
            )
        )
        session.flush()

    return once(session, Asked("try_message_group", by, at, key, content={"group": group_id}), work)
