"""已阅: somebody says that they have read what was shown to them."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.errors import NotFound
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.submissions.copies import PaperCopy


class CopyNotFound(NotFound):
    """No such copy for this person."""

    code = "copy.not_found"


def read_copy(session: Session, copy_id: int, *, by: Actor, at: datetime, key: str | None = None) -> Receipt:
    """Note when the person it was shown to has read it; the first time counts.

    Not journalled: it changes nothing of the case. A substitute reads nothing in another's place.
    """

    def work() -> None:
        mine = PaperCopy.id == copy_id, PaperCopy.person_id == by.person_id
        copy = session.scalars(select(PaperCopy).where(*mine).with_for_update()).one_or_none()
        if copy is None:
            raise CopyNotFound("没有这件抄送，或者它不是抄送给您的。请从“抄送我的”打开。", copy=copy_id)
        if copy.read_at is None:
            copy.read_at = at
            session.flush()

    return once(session, Asked("read_copy", by, at, key, content={"copy": copy_id}), work)
