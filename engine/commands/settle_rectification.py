"""核验: finance strikes a problem found outside the letter off the ledger, or returns it."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit import Entry
from engine.audit.events.rectifications import RectificationClosed, RectificationReturned
from engine.clock import day_of
from engine.directory import Actor
from engine.errors import WrongState
from engine.moves.move import Move
from engine.moves.problems import await_rectified_again, nothing_awaited
from engine.moves.receipts import Receipt
from engine.moves.rectifying import on_row
from engine.moves.repeating import Asked
from engine.rectifications import Rectification
from engine.reviews import ReasonMissing, must_not_be_own
from engine.store.archives import all_of
from engine.texts import is_blank
from engine.words import RectificationState


class NotReported(WrongState):
    """There is nothing to verify yet."""

    code = "rectification.not_reported"


def settle_rectification(
    session: Session,
    rectification_id: int,
    *,
    by: Actor,
    at: datetime,
    accepted: bool = True,
    reason: str | None = None,
    key: str | None = None,
) -> Receipt:
    """核验: finance strikes such a problem off, or returns it with a reason; never who reported it."""

    def work(row: Rectification, move: Move) -> None:
        if row.state != RectificationState.REPORTED:
            raise NotReported(f"整改事项{row.item}还没有报送整改情况，不能核验。请等单位报送。", item=row.item)
        report = _latest_report(session, row)
        must_not_be_own(by, *(person for person in (report.by, report.acting_for) if person is not None))
        if accepted:
            row.state, row.verified_by, row.closed_on = RectificationState.CLOSED, by.person_id, day_of(at)
            rules, recovered = row.rules_improved, row.recovered_wan
            move.record(RectificationClosed(item=row.item, rules_improved=rules, recovered_wan=recovered))
            nothing_awaited(move, row)
            return
        if is_blank(reason):
            raise ReasonMissing("退回整改要写明原因，没有办理。请补充。", item=row.item)
        row.state, row.rounds = RectificationState.RETURNED, row.rounds + 1
        await_rectified_again(move, row, day_of(report.at))
        move.record(RectificationReturned(item=row.item, reason=reason, due_on=row.due_on))

    content = {"rectification": rectification_id, "accepted": accepted, "reason": reason}
    return on_row(session, Asked("settle_rectification", by, at, key, content=content), rectification_id, work)


def _latest_report(session: Session, row: Rectification) -> Any:
    """Who reported last, for whom, and when."""
    entry = all_of(Entry)
    return session.execute(
        select(entry.by, entry.acting_for, entry.at)
        .where(
            entry.jurisdiction == row.jurisdiction,
            entry.case_id == row.case_id,
            entry.type == "rectification.reported",
            entry.payload["item"].astext == row.item,
        )
        .order_by(entry.seq.desc())
        .limit(1)
    ).one()
