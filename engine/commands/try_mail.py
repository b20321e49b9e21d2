"""发送一条试试: a mail to oneself, to see whether mail arrives."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.errors import WrongState
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.notifications import MailWishes, Sending

PAUSE = timedelta(minutes=1)


class TrialRefused(WrongState):
    """There is no address, or one was just tried."""

    code = "mail.trial_refused"


def try_mail(session: Session, *, by: Actor, at: datetime, key: str | None = None) -> Receipt:
    """Leave a mail to the person at the keyboard, once a minute; what became of it is shown with their settings."""

    def work() -> None:
        wishes = session.get(MailWishes, by.person_id, with_for_update=True)
        if wishes is None or wishes.address is None:
            raise TrialRefused("还没有邮箱地址，没有试发。请先写好地址并保存。")
        mine = Sending.person_id == by.person_id, Sending.group_id.is_(None), Sending.notice_id.is_(None)
        lately = *mine, Sending.not_before > at - PAUSE
        if session.scalar(select(Sending.id).where(*lately).limit(1)) is not None:
            raise TrialRefused("一分钟内已经试发过，没有再发。请稍等再试。")
        session.add(Sending(jurisdiction=by.jurisdiction, person_id=by.person_id, notice_id=None, not_before=at))
        session.flush()

    return once(session, Asked("try_mail", by, at, key, content={}), work)
