"""Running cases stay on the diagrams and tables they began with; here one moves to today's."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.moves.migrating import migrate
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, on_case


def migrate_case(
    session: Session,
    case_id: int,
    *,
    reason: str,
    second: Actor,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Put a case on today's diagrams and tables; its open tasks, drafts and deadlines stay as they are.

    `second` agrees to it and is put on record.
    """
    content = {"case": case_id, "reason": reason, "second": second.person_id}
    asked = Asked("migrate_case", by, at, key, expected, content)
    return on_case(session, asked, case_id, lambda case: migrate(session, case, reason, second, by=by, at=at))
