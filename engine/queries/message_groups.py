"""群机器人: the groups notices go to, with how the last message to each went."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from engine.directory import Actor, Person, Unit, seats_of
from engine.notifications import MessageGroup, Sending
from engine.queries.mail_wishes import LastMail
from engine.words import NoticeKind, Robot, Role, SendingState


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group in use, whose notices it hears, how many wait for it, and how the message tried last stands."""

    id: int
    name: str
    robot: Robot
    whose: str
    kinds: tuple[NoticeKind, ...]
    added_at: datetime
    waiting: int
    last: LastMail | None


def message_groups(session: Session, actor: Actor) -> list[GroupLine]:
    """All groups of the jurisdiction that are in use, by name. Their addresses are told to nobody."""
    actor.must_hold(Role.SYSTEM_ADMIN)
    of_it = Sending.jurisdiction == MessageGroup.jurisdiction, Sending.group_id == MessageGroup.id
    waiting = select(func.count()).where(*of_it, Sending.state == SendingState.WAITING).scalar_subquery()
    tried = select(Sending.tried_at, Sending.state, Sending.fault).where(*of_it, Sending.tried_at.is_not(None))
    last = tried.order_by(Sending.tried_at.desc(), Sending.id.desc()).limit(1).lateral("last")
    rows = session.execute(
        select(MessageGroup, func.coalesce(Unit.name, Person.name), waiting, last)
        .outerjoin(Unit, Unit.id == MessageGroup.unit_id)
        .outerjoin(Person, Person.id == MessageGroup.person_id)
        .outerjoin(last, true())
        .where(MessageGroup.jurisdiction == actor.jurisdiction, MessageGroup.ended_at.is_(None))
        .order_by(MessageGroup.name, MessageGroup.id)
    ).all()
    return [_line(*row) for row in rows]


def groups_reached(session: Session, actor: Actor) -> list[str]:
    """In which groups, by name, the notices of the person at the keyboard are told as well."""
    units = {seat.unit_id for seat in seats_of(session, actor.person_id)}
    used = MessageGroup.jurisdiction == actor.jurisdiction, MessageGroup.ended_at.is_(None)
    groups = session.scalars(select(MessageGroup).where(*used).order_by(MessageGroup.name, MessageGroup.id))
    return [f"{group.name}（{group.robot.label}）" for group in groups if group.is_for(actor.person_id, units)]


def _line(group: MessageGroup, whose: str, waiting: int, *tried: Any) -> GroupLine:
    last = None if tried[0] is None else LastMail(*tried)
    kinds = tuple(kind for kind in NoticeKind if kind in group.kinds)
    return GroupLine(group.id, group.name, group.robot, whose, kinds, group.added_at, waiting, last)
