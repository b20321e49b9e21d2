"""关注: whether somebody follows a case."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from engine.cases.following import followed_by
from engine.directory import Actor


def follows(session: Session, actor: Actor, case_id: int) -> bool:
    """Whether the person at the keyboard follows that case; False too for one they may not see."""
    followed = followed_by(actor).subquery()
    return bool(session.scalar(select(exists().where(followed.c.case_id == case_id))))
