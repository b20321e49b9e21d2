"""Moving one pending deadline to a later day: told, written, shown on its task."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from engine.audit.events.deadlines import DeadlineExtended
from engine.cases import Case
from engine.clock import day_of
from engine.deadlines.model import Deadline
from engine.directory import Actor
from engine.errors import NotFound, WrongState
from engine.moves.extending import moved_to, refuse_bad_extension, show_on_tasks
from engine.moves.move import Move
from engine.words import DeadlineState


class DeadlineNotFound(NotFound):
    """No such deadline in this jurisdiction."""

    code = "deadline.not_found"


class DeadlineNotPending(WrongState):
    """The deadline was met, fired or dropped."""

    code = "deadline.not_pending"


def must_be_pending(deadline: Deadline) -> None:
    """Refuse a deadline that is over."""
    if deadline.state != DeadlineState.PENDING:
        raise DeadlineNotPending("这个期限已经办结或已届满，不能再延长。请刷新案卷查看。", state=deadline.state)


def put_off(
    session: Session, case: Case, deadline: Deadline, until: date, *, reason: str, by: Actor, at: datetime
) -> None:
    """The deadline is due on `until`; the task shows the new day at once, reminders are counted from it."""
    must_be_pending(deadline)
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
