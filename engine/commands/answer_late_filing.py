"""答复补报申请: finance opens the step again until a day, the one asked for or another, or declines with a reason."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from engine.audit.events.filings import LateFilingDeclined
from engine.cases import Case
from engine.clock import day_of
from engine.directory import Actor
from engine.moves.day_requests import keep_answer, must_be_answerable, request_of
from engine.moves.late_filing import lead_back, refuse_bad_day, taken_away
from engine.moves.move import note
from engine.moves.reading import standing
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, on_case
from engine.words import ExtensionState, RequestKind


def answer_late_filing(
    session: Session,
    request_id: int,
    until: date | None,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Let the unit hand in until `until`, or (None) decline; either with a reason, also when the case is over.

    Granted, the step is open again at once with the unit's draft; `gave` then has its task.
    """
    request, deadline = request_of(session, request_id)

    def work(case: Case) -> dict[str, str]:
        must_be_answerable(session, request, RequestKind.LATE_FILING, reason)
        assert deadline.task_id is not None  # it took a task away
        task = standing(session, deadline.task_id).task
        opened: UUID | None = None
        if until is None:
            declined = LateFilingDeclined(
                id=deadline.id, deadline=deadline.name, wanted_on=request.wanted_on, reason=reason, task=task.id,
                step=task.step,
            )  # fmt: skip
            note(session, case, by, at, declined)
        else:
            closed, why = taken_away(session, case, task), request.reason
            refuse_bad_day(reason, until, day_of(at), closed.latest(day_of(at)))
            opened = lead_back(session, case, task, closed, until, why, reason=reason, by=by, at=at)
        request.opened_task_id = opened
        state = ExtensionState.DECLINED if until is None else ExtensionState.GRANTED
        keep_answer(session, request, state, reason, by=by, at=at)
        return {"task": str(opened)} if opened is not None else {}

    content = {"request": request_id, "until": until, "reason": reason}
    return on_case(session, Asked("answer_late_filing", by, at, key, expected, content), request.case_id, work)
