"""报送、通过、退回、撤回: the four moves of a submission, each said of the submission and not of a task."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases import Case, case_by_id, form_key
from engine.commands.complete_task import complete_task
from engine.commands.fire_deadline import fire_due
from engine.commands.move import Move, wait_for
from engine.commands.outcome import Outcome
from engine.commands.repeating import done_before, known_answer
from engine.directory import Actor
from engine.errors import NotAllowed, NotFound, WrongState
from engine.stages import diagrams_of
from engine.submissions import Submission, SubmissionState
from engine.tasks import Task, TaskState


class SubmissionNotFound(NotFound):
    """No such version in this jurisdiction."""

    code = "submission.not_found"


class NothingOpen(WrongState):
    """Nobody is waiting to confirm or judge this version any more."""

    code = "submission.closed"


class NotYours(NotAllowed):
    """Only the unit that handed it in may take it back."""

    code = "submission.not_yours"


def submit(session: Session, submission_id: UUID, *, by: Actor, at: datetime, key: str | None = None) -> Task:
    """报送: the head of the unit confirms the version its clerk filled."""
    task_id = _step_of(session, submission_id, "confirm", by, key)
    return complete_task(session, task_id, Outcome("submitted"), by=by, at=at, key=key)


def approve_submission(
    session: Session,
    submission_id: UUID,
    *,
    by: Actor,
    at: datetime,
    answers: dict[str, Any] | None = None,
    reason: str | None = None,
    key: str | None = None,
) -> Task:
    """通过: the office whose turn it is lets the version through."""
    task_id = _step_of(session, submission_id, "review", by, key)
    return complete_task(
        session, task_id, Outcome("approved", answers=answers or {}, reason=reason), by=by, at=at, key=key
    )


def return_submission(
    session: Session,
    submission_id: UUID,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    remarks: list[dict[str, Any]] | None = None,
    key: str | None = None,
) -> Task:
    """退回: the version goes back with a reason; it stays as it was, the unit works on the next one."""
    task_id = _step_of(session, submission_id, "review", by, key)
    return complete_task(session, task_id, Outcome("returned", reason=reason, remarks=remarks), by=by, at=at, key=key)


def withdraw(
    session: Session, submission_id: UUID, *, by: Actor, at: datetime, reason: str | None = None, key: str | None = None
) -> Case:
    """撤回: the unit takes back what the next office has not decided yet.

    Refuses anybody but the unit that handed it in, and a version somebody has already judged.
    """
    submission = _submission(session, submission_id)
    case = case_by_id(session, submission.case_id)
    asked = {"case_id": case.id, "submission_id": str(submission_id)}
    if done_before(session, by.jurisdiction, key, "withdraw", at, asked) is not None:
        return case
    if by.unit_id != session.scalar(select(Task.unit_id).where(Task.id == submission.task_id)):
        raise NotYours("只有报送的单位可以撤回本件，没有撤回。请由报送单位办理。", submission_id=str(submission_id))
    case.must_be_active()
    if submission.state != SubmissionState.SUBMITTED:
        raise NothingOpen("下一个部门已经办理，不能再撤回。需要修改请与审核部门联系退回。", state=submission.state)
    task = _waiting_for(session, submission_id, "review")
    key_of_catch = wait_for(case.waits, f"{task.process}.withdrawn", task.id)
    if key_of_catch is None:
        raise NothingOpen("这一步没有设撤回，不能撤回。需要修改请与审核部门联系退回。", step=task.element)
    move = Move(session, case, by, at)
    fire_due(move)
    if key_of_catch.hex() not in move.waits:
        raise NothingOpen("这一步的期限已过，流程已收回，不能再撤回。请到案卷查看最新进度。", step=task.element)
    move.change("submission_judged", submission_id=submission.id, new_state=SubmissionState.WITHDRAWN.value)
    move.record("submission.withdrawn", form=submission.form, version=submission.version, reason=reason or "")
    move.deliver(key_of_catch, {"outcome": "withdrawn"})
    move.write()
    return case


def _submission(session: Session, submission_id: UUID) -> Submission:
    submission = session.get(Submission, submission_id, populate_existing=True)
    if submission is None:
        raise SubmissionNotFound("没有这份报送件，或者它不属于本地区。请核对编号。", submission_id=str(submission_id))
    return submission


def _step_of(session: Session, submission_id: UUID, kind: str, by: Actor, key: str | None) -> UUID:
    """The step a command about a version finishes; under a known key the one it finished."""
    known = known_answer(session, by.jurisdiction, key, "complete_task")
    return UUID(known["task_id"]) if known is not None else _waiting_for(session, submission_id, kind).id


def _waiting_for(session: Session, submission_id: UUID, kind: str) -> Task:
    """The open step of that kind that looks at exactly this version."""
    submission = _submission(session, submission_id)
    case = case_by_id(session, submission.case_id)
    latest = case.forms.get(form_key(submission.form, submission.item))
    diagrams = diagrams_of(session, case.diagrams_id)
    if latest is not None and latest["id"] == submission.id.hex:
        for task in session.scalars(
            select(Task).where(Task.case_id == case.id, Task.state == TaskState.OPEN.value).order_by(Task.opened_at)
        ):
            properties = diagrams.element(task.process, task.element).properties
            judges = properties.get(f"judges_{case.object_kind}") or properties.get("judges")
            if judges == submission.form and properties.get("kind") == kind and task.item == submission.item:
                return task
    raise NothingOpen(
        "这份报送件现在没有等待办理的环节：可能已被退回、撤回或由新版本代替。请到案卷查看最新进度。",
        submission_id=str(submission_id),
    )
