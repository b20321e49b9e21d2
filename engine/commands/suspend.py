"""A case stands still for a while."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.cases import Case, CaseState
from engine.directory import Actor
from engine.moves.standstill import change_state


def suspend(session: Session, case_id: int, *, reason: str, by: Actor, at: datetime, key: str | None = None) -> Case:
    """Let a case stand still; its tasks stay, its deadlines do not fire until it is resumed."""
    return change_state(session, case_id, "suspend", CaseState.ACTIVE, CaseState.SUSPENDED, reason, by, at, key)
