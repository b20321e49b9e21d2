"""答复延期申请: finance grants a later day, the one asked for or another, or declines with a reason."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from engine.audit.events.deadlines import ExtensionDeclined
from engine.cases import Case
from engine.directory import Actor
from engine.moves.day_requests import keep_answer, must_be_answerable, request_of
from engine.moves.move import note
from engine.moves.putting_off import put_off
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, on_case
from engine.words import ExtensionState, RequestKind


def answer_extension(
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
    """Grant the day `until`, or (None) decline; either with a reason. A granted one moves the deadline at once."""
    request, deadline = request_of(session, request_id)

    def work(case: Case) -> None:
        must_be_answerable(session, request, RequestKind.EXTENSION, reason)
        if until is None:
            declined = ExtensionDeclined(
                id=deadline.id, deadline=deadline.name, wanted_on=request.wanted_on, reason=reason
            )
            note(session, case, by, at, declined)
        else:
            put_off(session, case, deadline, until, reason=reason, by=by, at=at)
        state = ExtensionState.DECLINED if until is None else ExtensionState.GRANTED
        keep_answer(session, request, state, reason, by=by, at=at)

    content = {"request": request_id, "until": until, "reason": reason}
    return on_case(session, Asked("answer_extension", by, at, key, expected, content), request.case_id, work)
