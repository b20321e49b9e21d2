"""答复延期申请: finance grants a later day, the one asked for or another, or declines with a reason."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from engine.audit.events.deadlines import ExtensionDeclined
from engine.cases import Case
from engine.deadlines.model import Deadline, ExtensionRequest
from engine.directory import Actor
from engine.errors import NotFound, WrongState
from engine.moves.move import note
from engine.moves.putting_off import DeadlineNotFound, put_off
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, on_case
from engine.reviews import ReasonMissing
from engine.store.archives import row_by_id
from engine.texts import is_blank
from engine.words import ExtensionState


class RequestNotFound(NotFound):
    """No such request in this jurisdiction."""

    code = "extension.not_found"


class AlreadyAnswered(WrongState):
    """The request has its answer."""

    code = "extension.already_answered"


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
    request = session.get(ExtensionRequest, request_id)
    if request is None:
        raise RequestNotFound("没有这件延期申请，或者它不属于本地区。请刷新列表。", request=request_id)
    deadline = row_by_id(session, Deadline, request.deadline_id)
    if deadline is None:
        raise DeadlineNotFound("没有这个期限，或者它不属于本地区。请从案卷重新打开。", request=request_id)

    def work(case: Case) -> None:
        session.refresh(request, with_for_update=True)
        if request.state != ExtensionState.ASKED:
            raise AlreadyAnswered(f"这件申请已经答复（{request.state.label}），没有再办理。请刷新列表。")
        if is_blank(reason):
            raise ReasonMissing("答复延期申请要写明理由，没有办理。请补充。")
        if until is None:
            declined = ExtensionDeclined(
                id=deadline.id, deadline=deadline.name, wanted_on=request.wanted_on, reason=reason
            )
            note(session, case, by, at, declined)
        else:
            put_off(session, case, deadline, until, reason=reason, by=by, at=at)
        request.state = ExtensionState.DECLINED if until is None else ExtensionState.GRANTED
        request.answered_by, request.answered_at, request.answer = by.person_id, at, reason
        session.flush()

    content = {"request": request_id, "until": until, "reason": reason}
    return on_case(session, Asked("answer_extension", by, at, key, expected, content), request.case_id, work)
