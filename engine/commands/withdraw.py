"""撤回: a unit takes back what the next office has not decided yet."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.events.papers import SubmissionWithdrawn
from engine.cases import Case
from engine.directory import Actor
from engine.errors import NotAllowed
from engine.moves.move import Move, wait_for
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, on_case
from engine.moves.updates import judge
from engine.moves.versions import NothingOpen, step_waiting_for, submission_by_id
from engine.store.archives import all_of
from engine.tasks import Task
from engine.words import SubmissionState


class NotYours(NotAllowed):
    """Only the unit that handed it in may take it back."""

    code = "submission.not_yours"


def withdraw(
    session: Session,
    submission_id: UUID,
    *,
    reason: str | None = None,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """撤回: the unit takes back what the next office has not decided yet.

    Refuses anybody but the unit that handed it in, and a version somebody has already judged.
    """
    submission = submission_by_id(session, submission_id)
    task = all_of(Task)
    filler = select(task.unit_id).where(task.case_id == submission.case_id, task.id == submission.task_id)
    if by.unit_id != session.scalar(filler):
        raise NotYours("只有报送的单位可以撤回本件，没有撤回。请由报送单位办理。", submission_id=str(submission_id))

    def work(case: Case) -> None:
        if submission.state != SubmissionState.SUBMITTED:
            raise NothingOpen("下一个部门已经办理，不能再撤回。需要修改请与审核部门联系退回。", state=submission.state)
        task = step_waiting_for(session, submission_id, "review")
        key_of_catch = wait_for(case.waits, f"{task.process}.withdrawn", task.id)
        if key_of_catch is None:
            raise NothingOpen("这一步没有设撤回，不能撤回。需要修改请与审核部门联系退回。", step=task.element)
        move = Move(session, case, by, at)
        judge(move, submission.id, SubmissionState.WITHDRAWN)
        form, version = submission.form, submission.version
        event = SubmissionWithdrawn(form=form, paper_version=version, reason=reason or "", submission=submission.id)
        move.record(event)
        move.deliver(key_of_catch, {"outcome": "withdrawn"})
        move.write()

    content = {"submission": submission_id, "reason": reason}
    return on_case(session, Asked("withdraw", by, at, key, expected, content), submission.case_id, work)
