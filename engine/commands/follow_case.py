"""关注: somebody wants to hear what is done in a case they may see."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine.cases.following import MOST_FOLLOWED, FollowedCase, followed_by
from engine.cases.sight import visible_case
from engine.directory import Actor
from engine.errors import WrongState
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.store.base import table_of


class FollowsTooMany(WrongState):
    """They follow as many cases as one can."""

    code = "case.follows_too_many"


def follow_case(session: Session, case_id: int, *, by: Actor, at: datetime, key: str | None = None) -> Receipt:
    """Follow a case, at most a hundred at a time; doing it again changes nothing. Nobody else is told.

    Not journalled: it changes nothing of the case. Nobody follows a case in another's place.
    """

    def work() -> None:
        visible_case(session, by, case_id)
        followed = set(session.scalars(followed_by(by)))
        if case_id not in followed and len(followed) >= MOST_FOLLOWED:
            raise FollowsTooMany(f"最多关注 {MOST_FOLLOWED} 份案卷，没有关注。请先取消不再看的。", case_id=case_id)
        row = {"jurisdiction": by.jurisdiction, "person_id": by.person_id, "case_id": case_id, "followed_at": at}
        session.execute(insert(table_of(FollowedCase)).values(row).on_conflict_do_nothing())

    return once(session, Asked("follow_case", by, at, key, content={"case": case_id}), work)
