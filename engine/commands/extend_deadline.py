"""延长期限: one deadline moves to a later day."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from engine.audit.events.deadlines import DeadlineExtended
from engine.cases import Case
from engine.clock import day_of
from engine.deadlines.model import Deadline
from engine.directory import Actor
from engine.errors import NotFound, WrongState
from engine.moves.extending import moved_to, refuse_bad_extension, show_on_tasks
from engine.moves.move import Move
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, on_case
from engine.store.archives import row_by_id
from engine.words import DeadlineState


class DeadlineNotFound(NotFound):
    """No such deadline in this jurisdiction."""

    code = "deadline.not_found"


class DeadlineNotPending(WrongState):
    """The deadline was met, fired or dropped."""

    code = "deadline.not_pending"


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
    """Move one pending deadline to a later day, with a reason; the task shows the new day at once, reminders follow."""
    deadline = row_by_id(session, Deadline, deadline_id)
    if deadline is None:
        raise DeadlineNotFound("没有这个期限，或者它不属于本地区。请从案卷重新打开。", deadline_id=str(deadline_id))

    def work(case: Case) -> None:
        if deadline.state != DeadlineState.PENDING:
            raise DeadlineNotPending("这个期限已经办结或已届满，不能再延长。请刷新案卷查看。", state=deadline.state)
        refuse_bad_extension(reason, until, deadline.due_on)
        move = Move(session, case, by, at)
        name, before = deadline.name, deadline.due_on
        move.record(DeadlineExtended(id=deadline.id, deadline=name, before=before, after=until, reason=reason))
        move.write()
        moved = moved_to(session, move.policy, name, deadline.started_on, until, day_of(at))
        for cell, value in moved.items():
            setattr(deadline, cell, value)
        session.flush()
        show_on_tasks(session, [deadline.task_id])

    content = {"deadline": deadline_id, "until": until, "reason": reason}
    return on_case(session, Asked("extend_deadline", by, at, key, expected, content), deadline.case_id, work)
