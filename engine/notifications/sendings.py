"""The mails of a jurisdiction as rows: left with the notices, taken up by one sender, sent, tried again or given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine.accounts.model import Account
from engine.deadlines.calendar import WorkingCalendar
from engine.notifications.model import MailWishes, Notice, Sending
from engine.notifications.rules import goes_out_at, next_try
from engine.store.base import table_of
from engine.words import NoticeKind, SendingState

LEASE = timedelta(minutes=10)
"""A sender that took mails up and died gives them back after that."""

TRIAL = "这是一封试发的邮件。收到它，说明通知可以发到这个地址。"
_NOWHERE = "没有邮箱地址，或账号已停用"
_sendings = table_of(Sending)


@dataclass(frozen=True, slots=True)
class Line:
    """One notice in a mail."""

    kind: NoticeKind | None
    words: str
    task_id: UUID | None = None
    case_id: int | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """What is to go to one address; `sendings` are the rows it settles."""

    sendings: tuple[int, ...]
    address: str
    lines: tuple[Line, ...]


def leave_for_mail(session: Session, notices: Sequence[int], calendar: WorkingCalendar) -> int:
    """Leave a mail for each of these notices whose person wants one; gives how many."""
    wanted = (
        select(Notice.id, Notice.jurisdiction, Notice.person_id, Notice.kind, Notice.made_at, MailWishes)
        .join(MailWishes, MailWishes.person_id == Notice.person_id)
        .where(Notice.id.in_(notices), MailWishes.address.is_not(None))
    )
    rows = [
        {
            "jurisdiction": row.jurisdiction, "person_id": row.person_id, "notice_id": row.id,
            "not_before": goes_out_at(
                row.made_at, calendar, digest=row.MailWishes.digest, quiet_from=row.MailWishes.quiet_from,
                quiet_until=row.MailWishes.quiet_until,
            ),
        }
        for row in session.execute(wanted)
        if row.kind in row.MailWishes.kinds
    ]  # fmt: skip
    if rows:
        session.execute(insert(_sendings).on_conflict_do_nothing(), rows)
    return len(rows)


def take_up(session: Session, at: datetime, most: int) -> list[Mail]:
    """At most `most` mails that are due, which nobody else sends from now on; what can go nowhere is given up."""
    due = (
        select(Sending.id)
        .where(Sending.state == SendingState.WAITING, Sending.not_before <= at, Sending.group_id.is_(None))
        .order_by(Sending.not_before, Sending.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    mine = session.scalars(due).all()
    if not mine:
        return []
    taken = update(Sending).where(Sending.id.in_(mine))
    session.execute(
        taken.values(attempts=Sending.attempts + 1, tried_at=at, not_before=at + LEASE),
        execution_options={"synchronize_session": False},
    )
    rows = session.execute(_told(mine)).all()
    gone = [row.id for row in rows if row.address is None or row.closed_at is not None]
    if gone:
        end_badly(session, gone, at, _NOWHERE, for_good=True)
    return list(_mails([row for row in rows if row.id not in gone]))


def end_well(session: Session, sendings: Sequence[int]) -> None:
    """Keep that these were sent."""
    mine = update(Sending).where(Sending.id.in_(sendings))
    session.execute(mine.values(state=SendingState.SENT, fault=None), execution_options={"synchronize_session": False})


def end_badly(session: Session, sendings: Sequence[int], at: datetime, fault: str, *, for_good: bool = False) -> None:
    """Keep why these were not sent, and when they are tried again, if ever."""
    for sending in session.scalars(select(Sending).where(Sending.id.in_(sendings)).order_by(Sending.id)):
        again = None if for_good else next_try(sending.attempts, at)
        sending.fault = fault
        sending.state = SendingState.GIVEN_UP if again is None else SendingState.WAITING
        sending.not_before = again or sending.not_before
    session.flush()


def _told(sendings: Sequence[int]) -> Any:
    return (
        select(
            Sending.id, Sending.person_id, MailWishes.address, MailWishes.digest, Account.closed_at, Notice.kind,
            Notice.words, Notice.task_id, Notice.case_id,
        )
        .outerjoin(MailWishes, MailWishes.person_id == Sending.person_id)
        .outerjoin(Account, Account.person_id == Sending.person_id)
        .outerjoin(Notice, Notice.id == Sending.notice_id)
        .where(Sending.id.in_(sendings))
        .order_by(Sending.person_id, Sending.id)
    )  # fmt: skip


def _mails(rows: Sequence[Any]) -> Sequence[Mail]:
    found = []
    for _, of_person in groupby(rows, lambda row: row.person_id):
        told = list(of_person)
        for together in [told] if told[0].digest else [[row] for row in told]:
            lines = tuple(Line(row.kind, row.words or TRIAL, row.task_id, row.case_id) for row in together)
            found.append(Mail(tuple(row.id for row in together), told[0].address, lines))
    return found
