"""What is due by now in every jurisdiction: the question the clock asks every minute."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases import Case, CaseState, Incident
from engine.deadlines.model import Deadline, DeadlineState
from engine.store.base import table_of

_cases, _deadlines, _incidents = table_of(Case).c, table_of(Deadline).c, table_of(Incident).c


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
    stuck = select(_incidents.id).where(_incidents.case_id == _deadlines.case_id, _incidents.state == "open")
    state = select(_cases.state).where(_cases.id == _deadlines.case_id).scalar_subquery()
    rows = session.execute(
        select(_deadlines.jurisdiction, _deadlines.id, _deadlines.case_id, _deadlines.due_at)
        .where(
            _deadlines.state == DeadlineState.PENDING.value,
            _deadlines.due_at <= at,
            state != CaseState.SUSPENDED.value,
            ~stuck.exists(),
        )
        .order_by(_deadlines.due_at, _deadlines.id)
        .limit(most)
    )
    return [DueDeadline(*row) for row in rows]
