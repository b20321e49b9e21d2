"""Taking a task into one's hands, and the event that says so."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.audit.events import Event
from engine.cases import Case
from engine.directory import Actor
from engine.moves.move import Move
from engine.store.base import table_of
from engine.tasks import NotYourTask, Task, TaskState

_tasks = table_of(Task)


def hold(session: Session, task: Task, holder: int | None, new_holder: int) -> None:
    taken = session.execute(
        update(_tasks)
        .where(
            _tasks.c.id == task.id,
            _tasks.c.state == TaskState.OPEN.value,
            _tasks.c.holder_id.is_(None) if holder is None else _tasks.c.holder_id == holder,
        )
        .values(holder_id=new_holder)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]  # CursorResult, typed as Result
        raise NotYourTask("这件任务刚被同事签收，您没有签收成功。请刷新待办。", task_id=str(task.id))
    session.refresh(task)


def note(session: Session, case: Case, by: Actor, at: datetime, event: Event) -> None:
    """Write the event, and with it the case: every command locks the case before anything that hangs on it."""
    move = Move(session, case, by, at)
    move.record(event)
    move.write()
