"""核验: finance strikes a problem found outside the letter off the ledger, or returns it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit import Entry
from engine.audit.events.rectifications import RectificationClosed, RectificationReturned
from engine.cases import case_by_id
from engine.clock import day_of
from engine.directory import Actor, Role
from engine.errors import WrongState
from engine.moves.rectifying import must_be_by_hand, note, rectification_by_id, repeated
from engine.rectifications import Rectification, RectificationState
from engine.reviews import ReasonMissing, must_not_be_own


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
) -> Rectification:
    """核验: finance strikes such a problem off, or returns it with a reason; never who reported it."""
    by.must_hold(Role.PERFORMANCE_OFFICE)
    row = rectification_by_id(session, rectification_id)
    if repeated(session, row, "settle_rectification", by, at, key):
        return row
    must_be_by_hand(row)
    row.must_be_open()
    if row.state != RectificationState.REPORTED:
        raise NotReported(f"整改事项{row.item}还没有报送整改情况，不能核验。请等单位报送。", item=row.item)
    must_not_be_own(by, _reporter(session, row))
    case = case_by_id(session, row.case_id)
    if accepted:
        row.state, row.verified_by, row.closed_on = RectificationState.CLOSED.value, by.person_id, day_of(at)
        session.flush()
        rules, recovered = row.rules_improved, row.recovered_wan
        event = RectificationClosed(item=row.item, rules_improved=rules, recovered_wan=recovered)
        note(session, case, by, at, event)
    elif not (reason or "").strip():
        raise ReasonMissing("退回整改要写明原因，没有办理。请补充。", item=row.item)
    else:
        row.state, row.rounds = RectificationState.RETURNED.value, row.rounds + 1
        session.flush()
        note(session, case, by, at, RectificationReturned(item=row.item, reason=reason))
    return row


def _reporter(session: Session, row: Rectification) -> int | None:
    return session.scalar(
        select(Entry.by)
        .where(
            Entry.jurisdiction == row.jurisdiction,
            Entry.case_id == row.case_id,
            Entry.type == "rectification.reported",
            Entry.payload["item"].astext == row.item,
        )
        .order_by(Entry.seq.desc())
        .limit(1)
    )
