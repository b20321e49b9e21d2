"""通知: what somebody was told, the latest first, and how much of it they have not read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.notifications import Notice
from engine.queries import cursor
from engine.store.base import table_of
from engine.words import NoticeKind

MANY = 99
"""More than so many are not counted."""

_notices = table_of(Notice).c


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One of one's notices, and the task or the case it is about."""

    id: int
    kind: NoticeKind
    words: str
    at: datetime
    read_at: datetime | None
    task_id: UUID | None
    case_id: int | None


def notices_of(
    session: Session, actor: Actor, *, only_unread: bool = False, limit: int = 50, after: str | None = None
) -> cursor.Page[NoticeLine]:
    """What the person at the keyboard was told, the latest first; a substitute does not find another's."""
    mine = _lines(actor)
    if only_unread:
        mine = mine.where(_notices.read_at.is_(None))
    return cursor.turn(
        session, mine, (_notices.id,), _line, name="notices", filters=(actor.person_id, only_unread), limit=limit,
        after=after,
    )  # fmt: skip


def one_notice(session: Session, actor: Actor, notice_id: int) -> NoticeLine | None:
    """One of them; None where it was written to somebody else."""
    row = session.execute(_lines(actor).where(_notices.id == notice_id)).one_or_none()
    return None if row is None else _line(row)


def unread_notices(session: Session, actor: Actor) -> int:
    """How many of them they have not read, `MANY` + 1 where there are more."""
    some = select(_notices.id).where(*_mine(actor), _notices.read_at.is_(None)).limit(MANY + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def _mine(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return _notices.jurisdiction == actor.jurisdiction, _notices.person_id == actor.person_id


def _lines(actor: Actor) -> Select[Any]:
    return select(
        _notices.id, _notices.kind, _notices.words, _notices.made_at, _notices.read_at, _notices.task_id,
        _notices.case_id,
    ).where(*_mine(actor))  # fmt: skip


def _line(row: Any) -> NoticeLine:
    return NoticeLine(row.id, row.kind, row.words, row.made_at, row.read_at, row.task_id, row.case_id)
