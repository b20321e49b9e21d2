"""A case ends before its time."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.cases import Case, CaseState
from engine.directory import Actor
from engine.moves.standstill import change_state


def cancel(session: Session, case_id: int, *, reason: str, by: Actor, at: datetime, key: str | None = None) -> Case:
    """End a case before its time; open tasks are taken back, deadlines dropped, the papers stay."""
    return change_state(session, case_id, "cancel", None, CaseState.CANCELLED, reason, by, at, key)
