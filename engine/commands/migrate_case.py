"""Running cases stay on the diagrams and tables they began with; here one moves to today's."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor
from engine.moves.migrating import migrate


def migrate_case(
    session: Session, case_id: int, *, reason: str, by: Actor, at: datetime, key: str | None = None
) -> Case:
    """Put a case on today's diagrams and tables; its open tasks, drafts and deadlines stay as they are."""
    return migrate(session, case_id, reason=reason, by=by, at=at, key=key)
