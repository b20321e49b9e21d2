"""延长整改期限: finance gives a problem found outside a letter a later day, in time or when it is late."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from engine.audit.events.rectifications import RectificationExtended
from engine.clock import day_of
from engine.directory import Actor
from engine.errors import WrongState
from engine.moves.extending import refuse_bad_day, refuse_without_reason
from engine.moves.move import Move
from engine.moves.problems import await_rectified_until, latest_day_of
from engine.moves.receipts import Receipt
from engine.moves.rectifying import on_row
from engine.moves.repeating import Asked
from engine.rectifications import Rectification
from engine.words import RectificationState


class AwaitsVerdict(WrongState):
    """The unit has reported: it is finance's turn."""

    code = "rectification.awaits_verdict"


def extend_rectification(
    session: Session,
    rectification_id: int,
    until: date,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    key: str | None = None,
) -> Receipt:
    """延长整改期限: the problem is due on `until`, in the ledger too; whoever heard of it as late hears no more."""

    def work(row: Rectification, move: Move) -> None:
        refuse_without_reason(reason)
        if row.state == RectificationState.REPORTED:
            raise AwaitsVerdict(f"整改事项{row.item}已经报送整改情况，没有延期。请先核验或退回。", item=row.item)
        before = row.due_on or row.opened_on
        refuse_bad_day(until, before, day_of(at), latest_day_of(move, row))
        await_rectified_until(move, row, until)
        move.record(RectificationExtended(item=row.item, before=before, after=until, reason=reason))

    content = {"rectification": rectification_id, "until": until, "reason": reason}
    return on_row(session, Asked("extend_rectification", by, at, key, content=content), rectification_id, work)
