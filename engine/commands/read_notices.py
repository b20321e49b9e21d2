"""已阅: somebody has read what they were told, one notice or everything up to one."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.errors import NotFound
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.notifications import Notice


class NoticeNotFound(NotFound):
    """No such notice for this person."""

    code = "notice.not_found"


def read_notices(
    session: Session, notice_id: int, *, and_before: bool = False, by: Actor, at: datetime, key: str | None = None
) -> Receipt:
    """Note when the person a notice was written to has read it, `and_before` with all older ones; the first counts.

    Not journalled: it changes nothing of any case. A substitute reads their own, never another's.
    """

    def work() -> None:
        mine = Notice.jurisdiction == by.jurisdiction, Notice.person_id == by.person_id
        if session.scalar(select(Notice.id).where(*mine, Notice.id == notice_id)) is None:
            raise NoticeNotFound("没有这条通知，或者它不是给您的。请从“通知”打开。", notice=notice_id)
        which = Notice.id <= notice_id if and_before else Notice.id == notice_id
        session.execute(
            update(Notice).where(*mine, which, Notice.read_at.is_(None)).values(read_at=at),
            execution_options={"synchronize_session": False},
        )

    return once(session, Asked("read_notices", by, at, key, content={"notice": notice_id, "before": and_before}), work)
