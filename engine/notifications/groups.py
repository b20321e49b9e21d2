"""The messages of groups as rows: left with the notices, taken up a group at a time, one message for all that waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine.deadlines.calendar import WorkingCalendar
from engine.directory import Appointment
from engine.notifications.model import MessageGroup, Notice, Sending
from engine.notifications.rules import goes_out_at
from engine.notifications.sendings import LEASE, Line, end_badly
from engine.store.base import table_of
from engine.words import SendingState

QUIET_FROM, QUIET_UNTIL = 22, 7
"""No group is disturbed at night; what comes meanwhile goes out in the morning."""

MOST = 2000
"""So many notices are taken up together, of all groups."""

TRIAL = "这是一条试发的消息。看到它，说明通知可以发到这个群。"
_ENDED = "机器人已停用"
_sendings = table_of(Sending)


@dataclass(frozen=True, slots=True)
class GroupMessage:
    """What one robot is to say; `sendings` are the rows it settles."""

    sendings: tuple[int, ...]
    sealed: bytes
    lines: tuple[Line, ...]


def leave_for_groups(session: Session, notices: Sequence[int], calendar: WorkingCalendar) -> int:
    """Leave for every group what its people were told by these notices, each thing once; gives how many."""
    groups = session.scalars(select(MessageGroup).where(MessageGroup.ended_at.is_(None))).all()
    if not groups:
        return 0
    told = session.scalars(select(Notice).where(Notice.id.in_(notices)).order_by(Notice.id)).all()
    units = _units_of(session, {notice.person_id for notice in told})
    rows = [row for group in groups for row in _rows(group, told, units, calendar)]
    if rows:
        session.execute(insert(_sendings).on_conflict_do_nothing(), rows)
    return len(rows)


def _rows(
    group: MessageGroup, told: Sequence[Notice], units: dict[int, set[int]], calendar: WorkingCalendar
) -> list[dict[str, Any]]:
    once = {
        (notice.case_id, notice.seq, notice.kind): notice
        for notice in reversed(told)
        if notice.kind in group.kinds and group.is_for(notice.person_id, units.get(notice.person_id, set()))
    }
    return [
        {
            "jurisdiction": group.jurisdiction, "person_id": notice.person_id, "notice_id": notice.id,
            "group_id": group.id,
            "not_before": goes_out_at(
                notice.made_at, calendar, digest=False, quiet_from=QUIET_FROM, quiet_until=QUIET_UNTIL
            ),
        }
        for notice in sorted(once.values(), key=lambda notice: notice.id)
    ]  # fmt: skip


def _units_of(session: Session, people: set[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    asked = select(Appointment.person_id, Appointment.unit_id).where(Appointment.person_id.in_(people))
    for row in session.execute(asked) if people else ():
        found.setdefault(row.person_id, set()).add(row.unit_id)
    return found


def take_up_for_groups(session: Session, at: datetime) -> list[GroupMessage]:
    """What is due for every group, which nobody else sends from now on; that of a robot no longer used is given up."""
    due = (
        select(Sending.id)
        .where(Sending.state == SendingState.WAITING, Sending.not_before <= at, Sending.group_id.is_not(None))
        .order_by(Sending.not_before, Sending.id)
        .limit(MOST)
        .with_for_update(skip_locked=True)
    )
    mine = session.scalars(due).all()
    if not mine:
        return []
    session.execute(
        update(Sending)
        .where(Sending.id.in_(mine))
        .values(attempts=Sending.attempts + 1, tried_at=at, not_before=at + LEASE),
        execution_options={"synchronize_session": False},
    )
    rows = session.execute(
        select(
            Sending.id, Sending.group_id, MessageGroup.sealed, MessageGroup.ended_at, Notice.kind, Notice.words,
            Notice.task_id, Notice.case_id,
        )
        .join(MessageGroup, MessageGroup.id == Sending.group_id)
        .outerjoin(Notice, Notice.id == Sending.notice_id)
        .where(Sending.id.in_(mine))
        .order_by(Sending.group_id, Sending.id)
    ).all()  # fmt: skip
    ended = [row.id for row in rows if row.ended_at is not None]
    if ended:
        end_badly(session, ended, at, _ENDED, for_good=True)
    return [_message(list(of_group)) for _, of_group in groupby(
        (row for row in rows if row.ended_at is None), lambda row: row.group_id
    )]  # fmt: skip


def _message(rows: Sequence[Any]) -> GroupMessage:
    lines = tuple(Line(row.kind, row.words or TRIAL, row.task_id, row.case_id) for row in rows)
    return GroupMessage(tuple(row.id for row in rows), rows[0].sealed, lines)
