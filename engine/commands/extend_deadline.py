"""延长期限: one deadline moves to a later day."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from engine.deadlines.model import Deadline
from engine.directory import Actor
from engine.moves.extending import DeadlineNotFound, DeadlineNotPending
from engine.moves.putting_off import put_off
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, on_case
from engine.store.archives import row_by_id

__all__ = ["DeadlineNotFound", "DeadlineNotPending", "extend_deadline"]


def extend_deadline(
    session: Session,
    deadline_id: UUID,
    until: date,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Move one deadline to a later day, with a reason; the task shows the new day at once, reminders follow."""
    deadline = row_by_id(session, Deadline, deadline_id)
    if deadline is None:
        raise DeadlineNotFound("没有这个期限，或者它不属于本地区。请从案卷重新打开。", deadline_id=str(deadline_id))
    content = {"deadline": deadline_id, "until": until, "reason": reason}
    return on_case(
        session,
        Asked("extend_deadline", by, at, key, expected, content),
        deadline.case_id,
        lambda case: put_off(session, case, deadline, until, reason=reason, by=by, at=at),
    )
