"""The notice, how its person wants to hear of it elsewhere, and how it got there."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store import Base, Row
from engine.store.base import same_tenant
from engine.words import NoticeKind, Robot, SendingState

A_DAY = "((made_at AT TIME ZONE 'Asia/Shanghai')::date)"
"""Nobody is told of one task in the same words twice a day: that its day has passed, and to do it all the same."""


class Notice(Row, Base):
    """What one person is told of one entry of the journal, the `seq`th of its chain; `case_id` None: of no case.

    `task_id` is the task it is about, if it is about one. `made_at` is when it happened, not when it was written.
    """

    __tablename__ = "notices"
    __table_args__ = (
        *same_tenant(person_id="people", case_id="cases"),
        UniqueConstraint("id", "jurisdiction"),
        UniqueConstraint("person_id", "kind", "case_id", "seq", postgresql_nulls_not_distinct=True),
        Index("uq_notices_a_day", "person_id", "task_id", "words", text(A_DAY), unique=True),
        Index("ix_notices_newest", "person_id", "id"),
        Index("ix_notices_unread", "person_id", postgresql_where=text("read_at IS NULL")),
    )

    person_id: Mapped[int]
    kind: Mapped[NoticeKind]
    case_id: Mapped[int | None]
    seq: Mapped[int]
    task_id: Mapped[UUID | None]
    words: Mapped[str]
    made_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class MailWishes(Base):
    """通知设置: where and how one wants mail. `kinds` are those notices that go out; none without an `address`.

    `digest`: all of a day together on the next working morning instead of one by one. Nothing goes out from the hour
    `quiet_from` until the hour `quiet_until` in China; both None: at any hour.
    """

    __tablename__ = "mail_wishes"
    __table_args__ = (*same_tenant(person_id="people"),)

    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    jurisdiction: Mapped[str]
    address: Mapped[str | None]
    kinds: Mapped[list[Any]]
    digest: Mapped[bool] = mapped_column(default=False)
    quiet_from: Mapped[int | None] = mapped_column(SmallInteger)
    quiet_until: Mapped[int | None] = mapped_column(SmallInteger)
    changed_at: Mapped[datetime]


class CalendarFeed(Base):
    """手机日历: the address at which the calendar of one person is read, as SHA-256; None once it was given up.

    `told` is what it was told last (`calendar`), `read_at` when it was asked, within the hour.
    """

    __tablename__ = "calendar_feeds"
    __table_args__ = (*same_tenant(person_id="people"), UniqueConstraint("digest"))

    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    jurisdiction: Mapped[str]
    digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    told: Mapped[list[Any]]


class MessageGroup(Row, Base):
    """群机器人: a group in which a robot tells what people of a unit, or one person, are told, of these `kinds`.

    `sealed` is the robot's address with what it signs with; `ended_at` is when nothing more was told there.
    """

    __tablename__ = "message_groups"
    __table_args__ = (
        *same_tenant(unit_id="units", person_id="people", added_by="people"),
        UniqueConstraint("id", "jurisdiction"),
        CheckConstraint("(unit_id IS NULL) <> (person_id IS NULL)", name="for_one"),
        Index("ix_message_groups_used", "jurisdiction", "id", postgresql_where=text("ended_at IS NULL")),
    )

    name: Mapped[str]
    robot: Mapped[Robot]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    unit_id: Mapped[int | None]
    person_id: Mapped[int | None]
    kinds: Mapped[list[Any]]
    added_by: Mapped[int]
    added_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    def is_for(self, person_id: int, units: Collection[int]) -> bool:
        """Whether what this person, who has offices in these units, is told is told there too."""
        return person_id == self.person_id or self.unit_id in units


class Sending(Row, Base):
    """A mail, or a line of a message to a group, to be sent or sent.

    It is of a notice, or (`notice_id` None) to try whether it arrives.

    Tried `attempts` times, the next time not before `not_before`; `fault` says why the last one did not succeed.
    """

    __tablename__ = "sendings"
    __table_args__ = (
        *same_tenant(person_id="people", notice_id="notices", group_id="message_groups"),
        Index("uq_sendings_mail", "notice_id", unique=True, postgresql_where=text("group_id IS NULL")),
        Index("uq_sendings_group", "group_id", "notice_id", unique=True, postgresql_where=text("group_id IS NOT NULL")),
        Index("ix_sendings_waiting", "jurisdiction", "not_before", "id", postgresql_where=text("state = 'waiting'")),
        Index("ix_sendings_person", "person_id", "id"),
        Index("ix_sendings_group", "group_id", "tried_at", "id", postgresql_where=text("group_id IS NOT NULL")),
    )

    person_id: Mapped[int]
    notice_id: Mapped[int | None]
    group_id: Mapped[int | None]
    state: Mapped[SendingState] = mapped_column(default=SendingState.WAITING)
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    not_before: Mapped[datetime]
    fault: Mapped[str | None]
    tried_at: Mapped[datetime | None]
