"""签收: a person takes a task out of the office's pool."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from engine.accounts import stopped_now
from engine.accounts.refusals import AccountClosed
from engine.audit.events.tasks import TaskClaimed
from engine.directory import Actor
from engine.moves.holding import hold, on_task
from engine.moves.move import note
from engine.moves.reading import Standing
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked


def claim(
    session: Session,
    task_id: UUID,
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """签收: take a task out of the office's pool. Of two people at once one gets it; doing it again changes nothing."""

    def work(found: Standing) -> None:
        found.must_be_for(by)
        if found.task.holder_id != by.person_id:
            if stopped_now(session, [by.person_id]):
                raise AccountClosed("您的账号刚刚停用，没有签收。请联系系统管理员。", person=by.person_id)
            note(session, found.case, by, at, TaskClaimed(task=task_id, step=found.task.step))
            hold(session, found.task, by.person_id, at)

    return on_task(session, Asked("claim", by, at, key, expected, {"task": task_id}), task_id, work)
