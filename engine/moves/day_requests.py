"""Requests of units for a later day, 延期 and 补报 alike: asked once at a time, answered once, with a reason."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.deadlines.model import Deadline, ExtensionRequest
from engine.directory import Actor
from engine.errors import NotFound, WrongState
from engine.moves.extending import DeadlineNotFound
from engine.reviews import ReasonMissing
from engine.store.archives import row_by_id
from engine.texts import is_blank
from engine.words import ExtensionState, RequestKind


class RequestNotFound(NotFound):
    """No such request in this jurisdiction."""

    code = "extension.not_found"


class AlreadyAsked(WrongState):
    """A request for this deadline waits for its answer."""

    code = "extension.already_asked"


class AlreadyAnswered(WrongState):
    """The request has its answer."""

    code = "extension.already_answered"


def keep_request(
    session: Session, case: Case, kind: RequestKind, deadline: Deadline, wanted_on: date, reason: str, *, by: Actor,
    at: datetime,
) -> int:  # fmt: skip
    """Write a request of `by`, and give its number."""
    asked = ExtensionRequest(
        jurisdiction=case.jurisdiction, case_id=case.id, kind=kind, deadline_id=deadline.id, due_on=deadline.due_on,
        wanted_on=wanted_on, reason=reason, asked_by=by.person_id, asked_at=at, state=ExtensionState.ASKED,
    )  # fmt: skip
    session.add(asked)
    session.flush()
    return asked.id


def must_not_wait(session: Session, kind: RequestKind, deadline_id: UUID) -> None:
    """Refuse a second request while the first one about that deadline waits."""
    waiting = ExtensionRequest.deadline_id == deadline_id, ExtensionRequest.state == ExtensionState.ASKED
    if session.scalar(select(exists().where(*waiting))):
        raise AlreadyAsked(
            f"这个期限已经申请过{kind.label}，正等绩效股答复，没有再申请。", deadline_id=str(deadline_id)
        )


def request_of(session: Session, request_id: int) -> tuple[ExtensionRequest, Deadline]:
    """A request and the deadline it is about; refuses one this jurisdiction does not have."""
    request = session.get(ExtensionRequest, request_id)
    if request is None:
        raise RequestNotFound("没有这件申请，或者它不属于本地区。请刷新列表。", request=request_id)
    deadline = row_by_id(session, Deadline, request.deadline_id)
    if deadline is None:
        raise DeadlineNotFound("没有这个期限，或者它不属于本地区。请从案卷重新打开。", request=request_id)
    return request, deadline


def must_be_answerable(session: Session, request: ExtensionRequest, kind: RequestKind, reason: str) -> None:
    """Refuse a request of another kind or with an answer, and an answer without reason; who answers too waits here."""
    session.refresh(request, with_for_update=True)
    if request.kind != kind:
        raise RequestNotFound(f"这不是{kind.label}申请，没有办理。请刷新列表。", request=request.id)
    if request.state != ExtensionState.ASKED:
        said = request.kind.answer(request.state)
        raise AlreadyAnswered(f"这件申请已经答复（{said}），没有再办理。请刷新列表。")
    if is_blank(reason):
        raise ReasonMissing(f"答复{kind.label}申请要写明理由，没有办理。请补充。")


def keep_answer(
    session: Session, request: ExtensionRequest, state: ExtensionState, reason: str, *, by: Actor, at: datetime
) -> None:
    """Write what became of a request."""
    request.state, request.answer = state, reason
    request.answered_by, request.answered_at = by.person_id, at
    session.flush()
