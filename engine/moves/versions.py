"""Finding the step that looks at one version of a form."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases import case_by_id, form_key
from engine.errors import NotFound, WrongState
from engine.moves.finishing import take_step
from engine.moves.outcome import Outcome
from engine.moves.reading import standing
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, begin
from engine.stages import diagrams_of
from engine.submissions import Submission
from engine.tasks import Task, TaskState


class SubmissionNotFound(NotFound):
    """No such version in this jurisdiction."""

    code = "submission.not_found"


class NothingOpen(WrongState):
    """Nobody is waiting to confirm or judge this version any more."""

    code = "submission.closed"


def on_version(session: Session, asked: Asked, submission_id: UUID, kind: str, outcome: Outcome) -> Receipt:
    """The receipt of the step of that kind that looks at exactly this version, finished once."""
    known = begin(session, asked)
    if known is not None:
        return known
    task = step_waiting_for(session, submission_id, kind)
    return take_step(session, asked, standing(session, task.id), outcome)


def submission_by_id(session: Session, submission_id: UUID) -> Submission:
    """The version of that number; refuses one this jurisdiction does not have."""
    submission = session.get(Submission, submission_id, populate_existing=True)
    if submission is None:
        raise SubmissionNotFound("没有这份报送件，或者它不属于本地区。请核对编号。", submission_id=str(submission_id))
    return submission


def step_waiting_for(session: Session, submission_id: UUID, kind: str) -> Task:
    """The open step of that kind that looks at exactly this version."""
    submission = submission_by_id(session, submission_id)
    case = case_by_id(session, submission.case_id)
    latest = case.forms.get(form_key(submission.form, submission.item))
    diagrams = diagrams_of(session, case.diagrams_id)
    if latest is not None and latest["id"] == submission.id.hex:
        for task in session.scalars(
            select(Task).where(Task.case_id == case.id, Task.state == TaskState.OPEN.value).order_by(Task.opened_at)
        ):
            step = diagrams.element(task.process, task.element).step
            judges = step.judges_for(case.object_kind)
            if judges == submission.form and step.kind == kind and task.item == submission.item:
                return task
    raise NothingOpen(
        "这份报送件现在没有等待办理的环节：可能已被退回、撤回或由新版本代替。请到案卷查看最新进度。",
        submission_id=str(submission_id),
    )
