"""What is due in every jurisdiction, and when the next thing will be: the questions the clock asks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all
from sqlalchemy.orm import Session

from engine.deadlines.due import held_by_nothing, takes_effect
from engine.deadlines.model import Deadline
from engine.deadlines.reminding import reminds
from engine.store.base import table_of

_deadlines = table_of(Deadline).c


@dataclass(frozen=True, slots=True)
class DueDeadline:
    """One deadline whose time is over or, as a `reminder`, one whose reminder day has come; since when it is due."""

    jurisdiction: str
    deadline_id: UUID
    case_id: int
    due_at: datetime
    reminder: bool = False


def due_until(session: Session, at: datetime, *, most: int = 1000) -> list[DueDeadline]:
    """Deadlines and reminders due by `at`, the oldest first, at most `most`; ask in a transaction of EVERYWHERE.

    Those of suspended cases wait until they are resumed, those of a case with an open fault until it is put right.
    """
    over = _oldest(_deadlines.due_at, False, takes_effect(at), most)
    to_remind = _oldest(_deadlines.remind_at, True, reminds(at), most)
    both = union_all(over.subquery().select(), to_remind.subquery().select()).subquery().c
    rows = session.execute(select(*both).order_by(both.since, both.id).limit(most))
    return [DueDeadline(*row) for row in rows]


def next_instant(session: Session) -> datetime | None:
    """When next something takes effect or is to be reminded of, anywhere; past when it waits already, None for never.

    Ask in a transaction of EVERYWHERE. What waits for a suspended case or a fault is not counted.
    """
    over = _oldest(_deadlines.due_at, False, held_by_nothing(), 1)
    to_remind = _oldest(_deadlines.remind_at, True, (*held_by_nothing(), _deadlines.remind_at.is_not(None)), 1)
    both = union_all(over.subquery().select(), to_remind.subquery().select()).subquery().c
    found: datetime | None = session.scalar(select(func.min(both.since)))
    return found


def _oldest(since: Any, reminder: bool, conditions: tuple[ColumnElement[bool], ...], most: int) -> Select[Any]:
    return (
        select(
            _deadlines.jurisdiction, _deadlines.id, _deadlines.case_id, since.label("since"),
            literal(reminder).label("reminder"),
        )
        .where(*conditions)
        .order_by(since, _deadlines.id)
        .limit(most)
    )  # fmt: skip
