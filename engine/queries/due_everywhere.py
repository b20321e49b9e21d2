"""What is due by now in every jurisdiction: the question the clock asks every minute."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadlines.due import takes_effect
from engine.deadlines.model import Deadline
from engine.store.base import table_of

_deadlines = table_of(Deadline).c


@dataclass(frozen=True, slots=True)
class DueDeadline:
    """One deadline whose time is over."""

    jurisdiction: str
    deadline_id: UUID
    case_id: int
    due_at: datetime


def due_until(session: Session, at: datetime, *, most: int = 1000) -> list[DueDeadline]:
    """Pending deadlines due by `at`, the oldest first, at most `most`; ask in a transaction of EVERYWHERE.

    Those of suspended cases wait until they are resumed, those of a case with an open fault until it is put right.
    """
    rows = session.execute(
        select(_deadlines.jurisdiction, _deadlines.id, _deadlines.case_id, _deadlines.due_at)
        .where(*takes_effect(at))
        .order_by(_deadlines.due_at, _deadlines.id)
        .limit(most)
    )
    return [DueDeadline(*row) for row in rows]
