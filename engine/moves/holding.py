"""Taking a task into one's hands, and the event that says so."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from engine.errors import InvalidInput
from engine.moves.permissions import must_be_permitted, must_stand
from engine.moves.reading import Standing, standing
from engine.moves.receipts import Receipt, written_in
from engine.moves.repeating import Asked, beginning, begun, done, must_be_as_seen
from engine.store.base import table_of
from engine.tasks import NotYourTask, TakeoverRequest, Task
from engine.words import TaskState

_tasks, _requests = table_of(Task), table_of(TakeoverRequest)
LONGEST = 200


class TakeoverText(InvalidInput):
    """More is said about taking a task over than a line."""

    code = "takeover.text"


def on_task(
    session: Session, asked: Asked, task_id: UUID, work: Callable[[Standing], Mapping[str, Any] | None]
) -> Receipt:
    """The receipt of work beside finishing a task, done once; the task must be open and its case at work."""
    must_be_permitted(asked.command, asked.by)
    found = standing(session, task_id, *beginning(asked))
    found.task.must_lie_in_unit_of(asked.by)
    known = begun(session, asked, found.answers)
    if known is not None:
        return known
    must_be_as_seen(session, asked, found.case)
    found.task.must_be_open()
    must_stand(asked.command, found.case)
    since = len(written_in(session))
    gave = work(found)
    return done(session, asked, since, found.case, {"task": str(task_id), **(gave or {})})


def must_be_short(said: str) -> str:
    """What was said about taking a task over, trimmed; refuses more than a line."""
    if len(said.strip()) > LONGEST:
        raise TakeoverText(f"理由不超过{LONGEST}字，没有办理。请缩短。", length=len(said))
    return said.strip()


def hold(session: Session, task: Task, new_holder: int, at: datetime) -> None:
    """The task lies in somebody's hands from now on, unless it went into other hands meanwhile.

    With that every request to take it over is over.
    """
    holder = task.holder_id
    taken = session.execute(
        update(_tasks)
        .where(
            _tasks.c.id == task.id,
            _tasks.c.state == TaskState.OPEN,
            _tasks.c.holder_id.is_(None) if holder is None else _tasks.c.holder_id == holder,
        )
        .values(holder_id=new_holder)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]  # CursorResult, typed as Result
        raise NotYourTask("这件任务刚被同事签收，您没有签收成功。请刷新待办。", task_id=str(task.id))
    set_committed_value(task, "holder_id", new_holder)
    waiting = _requests.c.task_id == task.id, _requests.c.over_at.is_(None)
    session.execute(update(_requests).where(*waiting).values(over_at=at))
