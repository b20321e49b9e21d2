"""通知设置: what somebody wants by mail, and what became of the last one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.notifications import MailWishes, Sending
from engine.words import NoticeKind, SendingState

USUAL = (
    NoticeKind.NEW_TASK,
    NoticeKind.RETURNED,
    NoticeKind.DUE_SOON,
    NoticeKind.DUE_TODAY,
    NoticeKind.OVERDUE,
    NoticeKind.FINISHED,
    NoticeKind.ACT_FINISHED,
)
"""What is ticked for who never chose."""


@dataclass(frozen=True, slots=True)
class WishesShown:
    """As they were kept last; `last` says how the mail tried last stands, None where none was."""

    address: str
    kinds: frozenset[NoticeKind]
    digest: bool
    quiet_from: int | None
    quiet_until: int | None
    last: "LastMail | None"


@dataclass(frozen=True, slots=True)
class LastMail:
    """The mail that was tried last: when, how it stands, and why it did not go."""

    at: datetime
    state: SendingState
    fault: str | None


def mail_wishes(session: Session, actor: Actor) -> WishesShown:
    """Of the person at the keyboard."""
    mine = MailWishes.jurisdiction == actor.jurisdiction, MailWishes.person_id == actor.person_id
    kept = session.scalars(select(MailWishes).where(*mine)).one_or_none()
    tried = (
        select(Sending)
        .where(
            Sending.jurisdiction == actor.jurisdiction,
            Sending.person_id == actor.person_id,
            Sending.group_id.is_(None),
            Sending.tried_at.is_not(None),
        )
        .order_by(Sending.tried_at.desc(), Sending.id.desc())
    )
    sent = session.scalars(tried.limit(1)).one_or_none()
    last = None if sent is None or sent.tried_at is None else LastMail(sent.tried_at, sent.state, sent.fault)
    if kept is None:
        return WishesShown("", frozenset(USUAL), False, None, None, last)
    kinds = frozenset(map(NoticeKind, kept.kinds))
    return WishesShown(kept.address or "", kinds, kept.digest, kept.quiet_from, kept.quiet_until, last)
