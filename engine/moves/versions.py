"""Finding the step that looks at one version of a form."""

from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.errors import NotFound, WrongState
from engine.moves.finishing import take_step
from engine.moves.outcome import Outcome
from engine.moves.reading import standing
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, beginning, begun
from engine.stages import diagrams_of
from engine.store.archives import archived_case, row_by_id
from engine.store.base import table_of
from engine.store.wire import Answer, Order, in_one_trip
from engine.submissions import Submission
from engine.tasks import Task
from engine.words import TaskState


class SubmissionNotFound(NotFound):
    """No such version in this jurisdiction."""

    code = "submission.not_found"


class NothingOpen(WrongState):
    """Nobody is waiting to confirm or judge this version any more."""

    code = "submission.closed"


_submissions, _cases, _tasks = table_of(Submission), table_of(Case), table_of(Task)
_WAITING = (
    select(
        _submissions.c.form, _submissions.c.item, _cases.c.forms, _cases.c.object_kind, _cases.c.diagrams_id,
        _tasks.c.id, _tasks.c.process, _tasks.c.element, _tasks.c.item.label("task_item"),
    )
    .join(_cases, _cases.c.id == _submissions.c.case_id)
    .outerjoin(_tasks, and_(_tasks.c.case_id == _cases.c.id, _tasks.c.state == TaskState.OPEN))
    .where(_submissions.c.id == bindparam("version"))
    .order_by(_tasks.c.opened_at)
)  # fmt: skip
"""A version, its case, and every step of the case somebody could work on now."""


def on_version(session: Session, asked: Asked, submission_id: UUID, kind: str, outcome: Outcome) -> Receipt:
    """The receipt of the step of that kind that looks at exactly this version, finished once."""
    *answers, found = in_one_trip(session, *beginning(asked), Order(_WAITING, {"version": submission_id}))
    receipt = begun(session, asked, answers)
    if receipt is not None:
        return receipt
    task = _one_of(session, found, submission_id, kind)
    return take_step(session, asked, standing(session, task.id), outcome)


def step_waiting_for(session: Session, submission_id: UUID, kind: str) -> Any:
    """The open step of that kind that looks at exactly this version: its id, process and element."""
    (found,) = in_one_trip(session, Order(_WAITING, {"version": submission_id}))
    return _one_of(session, found, submission_id, kind)


def submission_by_id(session: Session, submission_id: UUID) -> Submission:
    """The version of that number; refuses one this jurisdiction does not have."""
    submission = row_by_id(session, Submission, submission_id)
    if submission is None:
        raise _no_such(submission_id)
    return submission


def _one_of(session: Session, found: Answer, submission_id: UUID, kind: str) -> Any:
    """The row of the step that looks at the version; refuses when there is none."""
    if not found.rows:
        raise _not_there(session, submission_id)
    version = found.rows[0]
    latest = version.forms.of(version.form, version.item)
    diagrams = diagrams_of(session, version.diagrams_id)
    if latest is not None and latest.id == submission_id:
        for task in found.rows:
            step = diagrams.element(task.process, task.element).step if task.id is not None else None
            judges = step.judges_for(version.object_kind) if step is not None else None
            if step and judges == version.form and step.kind == kind and task.task_item == version.item:
                return task
    raise _nothing_open(submission_id)


def _not_there(session: Session, submission_id: UUID) -> Exception:
    """The refusal for a version that lies in no row: packed with a case that is over, or not known at all."""
    packed = archived_case(session, submission_id) is not None
    return _nothing_open(submission_id) if packed else _no_such(submission_id)


def _nothing_open(submission_id: UUID) -> NothingOpen:
    return NothingOpen(
        "这份报送件现在没有等待办理的阶段：可能已被退回、撤回或由新版本代替。请到案卷查看最新进度。",
        submission_id=str(submission_id),
    )


def _no_such(submission_id: UUID) -> SubmissionNotFound:
    return SubmissionNotFound("没有这份报送件，或者它不属于本地区。请核对编号。", submission_id=str(submission_id))
