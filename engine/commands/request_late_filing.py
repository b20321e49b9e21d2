"""申请补报: a unit asks to hand in after all what a deadline has taken away."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from engine.audit.events.filings import LateFilingRequested
from engine.cases import Case
from engine.clock import day_of
from engine.directory import Actor, NotYourUnit
from engine.moves.day_requests import keep_request, must_not_wait
from engine.moves.late_filing import must_lead_back, refuse_bad_day, taken_away
from engine.moves.move import note
from engine.moves.reading import standing
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, on_case
from engine.words import RequestKind


def request_late_filing(
    session: Session,
    task_id: UUID,
    wanted_on: date,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Ask to hand in, until `wanted_on`, the step of a task of one's own unit that its deadline took away.

    Nothing moves until finance has answered; `gave` has the request's number. Refuses a second request while the first
    waits, a step the table does not let hand in late, and a case that has gone on.
    """
    task = standing(session, task_id).task
    if task.unit_id != by.unit_id:
        raise NotYourUnit("这件任务不由您的单位办理，没有申请。请由办理的单位申请。", task_id=str(task_id))

    def work(case: Case) -> dict[str, int]:
        closed = taken_away(session, case, task)
        must_lead_back(case, task, closed)
        refuse_bad_day(reason, wanted_on, day_of(at), closed.latest(day_of(at)))
        deadline = closed.deadline
        must_not_wait(session, RequestKind.LATE_FILING, deadline.id)
        event = LateFilingRequested(
            id=deadline.id, deadline=deadline.name, due_on=deadline.day, wanted_on=wanted_on, reason=reason,
            task=task.id, step=task.step,
        )  # fmt: skip
        note(session, case, by, at, event)  # whoever asks at the same moment waits here
        kept = keep_request(session, case, RequestKind.LATE_FILING, deadline, wanted_on, reason, by=by, at=at)
        return {"request": kept}

    content = {"task": task_id, "wanted_on": wanted_on, "reason": reason}
    return on_case(session, Asked("request_late_filing", by, at, key, expected, content), task.case_id, work)
