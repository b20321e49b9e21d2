"""因工作日历变动的期限: days of one's own unit that a calendar confirmed lately moved, the old beside the new."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, SmallInteger, Text, cast, exists, func, select, text, true
from sqlalchemy.orm import Session

from engine.audit import Entry
from engine.audit.events.calendars import DeadlineRedated
from engine.cases import Case
from engine.deadlines.model import NOT_OVER, CalendarEdition, Deadline
from engine.directory import Actor, Unit
from engine.moves.permissions import READS
from engine.store.base import table_of
from engine.tasks import Task
from engine.words import DeadlineState, TaskState

TOLD_FOR = timedelta(days=14)
"""So long after the calendar was confirmed its moves are told, and no longer than the deadline runs."""
MOST_DAYS = 200
_cases, _tasks, _days = table_of(Case).c, table_of(Task).c, table_of(Deadline).c
_journal, _editions = table_of(Entry).c, table_of(CalendarEdition).c


@dataclass(frozen=True, slots=True)
class RedatedDay:
    """One deadline of an open task: the day it had, the one it has, and by which notice of which year.

    `deadline` is its name, as `stage.step`.
    """

    deadline_id: UUID
    deadline: str
    task_id: UUID
    case_id: int
    code: str
    name: str
    unit: str
    before: date
    after: date
    year: int
    source: tuple[str, ...]
    moved_at: datetime


def redated_days(session: Session, actor: Actor, *, at: datetime) -> tuple[RedatedDay, ...]:
    """What moved within `TOLD_FOR` before `at` in the actor's unit and still runs, the nearest day first.

    Days that were moved again since by a person are left out; none for offices that hand nothing in.
    """
    if actor.roles.isdisjoint(READS["see_redated_days"].offices):
        return ()
    rows = session.execute(_statement(actor, at - TOLD_FOR))
    return tuple(RedatedDay(**dict(row._mapping) | {"source": tuple(row.source)}) for row in rows)


def _statement(actor: Actor, since: datetime) -> Select[Any]:
    lately = exists().where(_editions.jurisdiction == actor.jurisdiction, _editions.confirmed_at >= since)
    told = (
        select(
            cast(_journal.payload["before"].astext, Date).label("before"),
            cast(_journal.payload["after"].astext, Date).label("after"),
            cast(_journal.payload["year"].astext, SmallInteger).label("year"),
            _journal.payload["source"].label("source"),
            _journal.at,
        )
        .where(
            _journal.jurisdiction == actor.jurisdiction,
            _journal.case_id == _days.case_id,
            _journal.type == DeadlineRedated.name,
            _journal.payload["id"].astext == func.replace(cast(_days.id, Text), "-", ""),
            _journal.at >= since,
        )
        .order_by(_journal.seq.desc())
        .limit(1)
        .lateral("told")
    )
    return (
        select(
            _days.id.label("deadline_id"), _days.name.label("deadline"), _tasks.id.label("task_id"), _tasks.case_id,
            _cases.code, _cases.name, Unit.name.label("unit"), told.c.before, told.c.after, told.c.year, told.c.source,
            told.c.at.label("moved_at"),
        )
        .select_from(Task)
        .join(Deadline, (_days.case_id == _tasks.case_id) & (_days.task_id == _tasks.id))
        .join(Case, _cases.id == _tasks.case_id)
        .join(Unit, Unit.id == _cases.unit_id)
        .join(told, true())
        .where(
            lately,
            _tasks.jurisdiction == actor.jurisdiction,
            _tasks.unit_id == actor.unit_id,
            _tasks.state == TaskState.OPEN,
            text(f"deadlines.{NOT_OVER}"),
            _days.state == DeadlineState.PENDING,
            _days.due_on == told.c.after,
        )
        .order_by(_days.due_on, _cases.code, _days.id)
        .limit(MOST_DAYS)
    )  # fmt: skip
