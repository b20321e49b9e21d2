"""A deadline fired in a transaction of its own, safe against a failing diagram."""

from datetime import datetime
from uuid import UUID

from engine.moves.firing import fire_one
from engine.moves.incidents import Attempt, guarded
from engine.store import Database


def fire_guarded(database: Database, jurisdiction: str, deadline_id: UUID, *, at: datetime) -> bool:
    """`fire_deadline` in a transaction of its own; False when there was nothing to do."""
    attempt = Attempt("fire_deadline", {"deadline_id": str(deadline_id)}, deadline_id=deadline_id)
    return guarded(database, jurisdiction, lambda s: fire_one(s, deadline_id, at=at), attempt, at=at)
