"""What is due in every jurisdiction, and when the next thing will be: the questions the clock asks.

They are the one look across tenants. The database answers them by functions of its own, and only to `Database.lookout`.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import column, func, select
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class DueDeadline:
    """One deadline whose time is over or, as a `reminder`, one whose reminder day has come; since when it is due."""

    jurisdiction: str
    deadline_id: UUID
    case_id: int
    due_at: datetime
    reminder: bool = False


_TOLD = ("jurisdiction", "deadline_id", "case_id", "since", "reminder")


def due_until(session: Session, at: datetime, *, most: int = 1000) -> list[DueDeadline]:
    """Deadlines and reminders due by `at`, the oldest first, at most `most`; ask in a `lookout`, others hear nothing.

    Those of suspended cases wait until they are resumed, those of a case with an open fault until it is put right.
    """
    rows = session.execute(select(func.due_everywhere(at, most).table_valued(*map(column, _TOLD))))
    return [DueDeadline(*row) for row in rows]


def next_instant(session: Session) -> datetime | None:
    """When next something takes effect or is to be reminded of, anywhere; past when it waits already, None for never.

    Ask in a `lookout`. What waits for a suspended case or a fault is not counted.
    """
    found: datetime | None = session.scalar(select(func.next_instant()))
    return found
