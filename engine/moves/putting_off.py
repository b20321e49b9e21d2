"""Moving one deadline to a later day."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from engine.cases import Case
from engine.deadlines.model import Deadline
from engine.directory import Actor
from engine.moves.extending import extended, must_be_put_off_able, refuse_without_reason
from engine.moves.move import Move
from engine.moves.redating import move_days


def put_off(
    session: Session, case: Case, deadline: Deadline, until: date, *, reason: str, by: Actor, at: datetime
) -> None:
    """The deadline is due on `until`; the task shows the new day at once, reminders are counted from it.

    One whose day has passed runs again, unless it took its task away.
    """
    must_be_put_off_able(session, deadline)
    refuse_without_reason(reason)
    move = Move(session, case, by, at)
    move_days(session, [move], [extended(move, deadline, until, reason)])
