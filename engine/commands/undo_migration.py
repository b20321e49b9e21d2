"""撤回迁移: a case goes back to the diagrams and tables it was on, until anything else has happened to it."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.moves.migrating import go_back
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, on_case


def undo_migration(
    session: Session,
    case_id: int,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Take back the migration of a case that stands where it was put; open tasks, drafts and deadlines stay.

    Refuses where the last thing on record is not a migration.
    """
    asked = Asked("undo_migration", by, at, key, expected, {"case": case_id, "reason": reason})
    return on_case(session, asked, case_id, lambda case: go_back(session, case, reason, by=by, at=at))
