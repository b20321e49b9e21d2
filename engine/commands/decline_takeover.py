"""不转: whoever has a task keeps it, and tells the colleague who had asked for it why."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.audit.events.tasks import TaskTakeoverDeclined
from engine.directory import Actor
from engine.errors import InvalidInput, NotAllowed, NotFound, WrongState
from engine.moves.holding import must_be_short, on_task
from engine.moves.move import note
from engine.moves.reading import Standing
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked
from engine.tasks import TakeoverRequest
from engine.texts import is_blank


class TakeoverNotFound(NotFound):
    """No such request in this jurisdiction."""

    code = "takeover.not_found"


class TakeoverOver(WrongState):
    """The request has its answer, or the task went into other hands."""

    code = "takeover.over"


class NotTheirsToDecline(NotAllowed):
    """Only whoever has the task in hand says that they keep it."""

    code = "takeover.not_theirs"


class DeclinedWithoutReason(InvalidInput):
    """Nothing is said."""

    code = "takeover.without_reason"


def decline_takeover(
    session: Session,
    takeover_id: int,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Decline a request that waits, with a reason of at most 200 characters; the task stays where it is."""
    request = session.get(TakeoverRequest, takeover_id)
    if request is None:
        raise TakeoverNotFound("没有这个接手请求，或者它不属于本地区。请刷新任务页。", takeover=takeover_id)

    def work(found: Standing) -> None:
        found.task.must_lie_with(by)
        if not (found.held and by.is_or_stands_for(found.task.holder_id)):
            raise NotTheirsToDecline("这件任务不在您手里，由办理的同事答复，没有答复。请刷新任务页。")
        session.refresh(request)
        if request.over_at is not None:
            raise TakeoverOver("这个接手请求已经答复，或任务已转办，没有再答复。请刷新任务页。", takeover=takeover_id)
        said = must_be_short(reason)
        if is_blank(said):
            raise DeclinedWithoutReason("不转要写明理由，没有答复。请补充。")
        event = TaskTakeoverDeclined(task=found.task.id, step=found.task.step, person=request.asked_by, reason=said)
        note(session, found.case, by, at, event)  # whoever hands the task over at the same moment waits here
        request.over_at, request.declined_by, request.answer = at, by.person_id, said
        session.flush()

    asked = Asked("decline_takeover", by, at, key, expected, {"takeover": takeover_id, "reason": reason})
    return on_task(session, asked, request.task_id, work)
