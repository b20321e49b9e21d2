"""A suspended case goes on."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.cases import Case, CaseState
from engine.directory import Actor
from engine.moves.standstill import change_state


def resume(session: Session, case_id: int, *, reason: str, by: Actor, at: datetime, key: str | None = None) -> Case:
    """Let a suspended case go on; what became due meanwhile takes effect at the next sweep, a stage that was launched
    meanwhile begins at once."""
    return change_state(session, case_id, "resume", CaseState.SUSPENDED, CaseState.ACTIVE, reason, by, at, key)
