"""取消关注: somebody wants to hear no more of a case."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from engine.cases.following import FollowedCase
from engine.cases.sight import visible_case
from engine.directory import Actor
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.store.base import table_of

_followed = table_of(FollowedCase)


def unfollow_case(session: Session, case_id: int, *, by: Actor, at: datetime, key: str | None = None) -> Receipt:
    """Follow a case no more; who does not follow it changes nothing by that. Not journalled, like `follow_case`."""

    def work() -> None:
        visible_case(session, by, case_id)
        mine = _followed.c.person_id == by.person_id, _followed.c.case_id == case_id
        session.execute(delete(_followed).where(*mine))

    return once(session, Asked("unfollow_case", by, at, key, content={"case": case_id}), work)
