"""申请延期: a unit asks for a later day, while its work is still to be done."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.events.deadlines import ExtensionRequested
from engine.cases import Case
from engine.clock import day_of
from engine.deadlines.model import Deadline
from engine.directory import Actor, NotYourUnit
from engine.moves.day_requests import keep_request, must_not_wait
from engine.moves.extending import (
    DeadlineNotFound,
    latest_day,
    must_be_put_off_able,
    must_have_a_day,
    refuse_bad_day,
    refuse_without_reason,
)
from engine.moves.move import note
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, on_case
from engine.stages import library_of
from engine.store.archives import row_by_id
from engine.tasks import Task
from engine.words import RequestKind


def request_extension(
    session: Session,
    deadline_id: UUID,
    wanted_on: date,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Ask for a later day of a deadline one's own unit has to keep; the day stays until finance has answered.

    `gave` has the request's number. Refuses a second request while the first waits, and a deadline that is over.
    """
    deadline = row_by_id(session, Deadline, deadline_id)
    if deadline is None:
        raise DeadlineNotFound("没有这个期限，或者它不属于本地区。请从案卷重新打开。", deadline_id=str(deadline_id))
    if session.scalar(select(Task.unit_id).where(Task.id == deadline.task_id)) != by.unit_id:
        raise NotYourUnit("这个期限不由您的单位办理，没有申请。请由办理的单位申请。", deadline_id=str(deadline_id))

    def work(case: Case) -> dict[str, int]:
        must_be_put_off_able(session, deadline)
        must_have_a_day(deadline)
        refuse_without_reason(reason)
        policy = library_of(session).policy_version(session, case.policy_id)
        refuse_bad_day(wanted_on, deadline.due_on, day_of(at), latest_day(policy, deadline))
        must_not_wait(session, RequestKind.EXTENSION, deadline_id)
        name, due_on = deadline.name, deadline.day
        event = ExtensionRequested(id=deadline_id, deadline=name, due_on=due_on, wanted_on=wanted_on, reason=reason)
        note(session, case, by, at, event)  # whoever asks at the same moment waits here
        return {
            "request": keep_request(session, case, RequestKind.EXTENSION, deadline, wanted_on, reason, by=by, at=at)
        }

    content = {"deadline": deadline_id, "wanted_on": wanted_on, "reason": reason}
    return on_case(session, Asked("request_extension", by, at, key, expected, content), deadline.case_id, work)
