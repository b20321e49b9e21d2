"""A date has passed: what the tables lay down for it happens, once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from engine.moves.firing import fire_one


def fire_deadline(session: Session, deadline_id: UUID, *, at: datetime) -> bool:
    """Carry out what follows from a deadline that is due; False when it was met, fired or extended meanwhile."""
    return fire_one(session, deadline_id, at=at)
