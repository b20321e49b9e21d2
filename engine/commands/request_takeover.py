"""请求接手: somebody of the office would like the task that a colleague has in hand."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.events.tasks import TaskTakeoverRequested
from engine.directory import Actor
from engine.errors import WrongState
from engine.moves.holding import must_be_short, on_task
from engine.moves.move import note
from engine.moves.reading import Standing
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked
from engine.store.base import table_of
from engine.tasks import TakeoverRequest

_requests = table_of(TakeoverRequest).c


class NothingToTakeOver(WrongState):
    """Nobody else has the task in hand."""

    code = "takeover.nothing_to_take_over"


def request_takeover(
    session: Session,
    task_id: UUID,
    *,
    reason: str = "",
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Ask whoever has the task to hand it over, perhaps with a reason (at most 200 characters); its day stays.

    A substitute asks for the person they stand for. `gave` has the number of the request; while it waits, asking again
    changes nothing. It is answered by 转办 or declined, and over with the task.
    """

    def work(found: Standing) -> dict[str, int]:
        task = found.task
        task.must_lie_with(by)
        said = must_be_short(reason)
        if not found.held or task.holder_id is None:
            raise NothingToTakeOver("现在没有人在办理这件任务，不用请求接手。请直接签收。", task_id=str(task_id))
        if by.is_or_stands_for(task.holder_id):
            raise NothingToTakeOver("这件任务就在您手里，不用请求接手。请直接办理。", task_id=str(task_id))
        person = by.acting_for or by.person_id
        mine = _requests.task_id == task_id, _requests.asked_by == person, _requests.over_at.is_(None)
        waiting = session.scalar(select(_requests.id).where(*mine))
        if waiting is not None:
            return {"takeover": waiting}
        event = TaskTakeoverRequested(task=task_id, step=task.step, person=person, holder=task.holder_id, reason=said)
        note(session, found.case, by, at, event)  # whoever asks at the same moment waits here
        request = TakeoverRequest(
            jurisdiction=by.jurisdiction, case_id=task.case_id, task_id=task_id, holder_id=task.holder_id,
            asked_by=person, asked_at=at, reason=said,
        )  # fmt: skip
        session.add(request)
        session.flush()
        return {"takeover": request.id}

    asked = Asked("request_takeover", by, at, key, expected, {"task": task_id, "reason": reason})
    return on_task(session, asked, task_id, work)
