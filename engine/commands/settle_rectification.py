"""核验: finance strikes a problem found outside the letter off the ledger, or returns it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit import Entry
from engine.audit.events.rectifications import RectificationClosed, RectificationReturned
from engine.cases import Case
from engine.clock import day_of
from engine.directory import Actor
from engine.errors import WrongState
from engine.moves.move import note
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

    def work(row: Rectification, case: Case) -> None:
        if row.state != RectificationState.REPORTED:
            raise NotReported(f"整改事项{row.item}还没有报送整改情况，不能核验。请等单位报送。", item=row.item)
        must_not_be_own(by, *_reporters(session, row))
        if accepted:
            row.state, row.verified_by, row.closed_on = RectificationState.CLOSED, by.person_id, day_of(at)
            rules, recovered = row.rules_improved, row.recovered_wan
            event = RectificationClosed(item=row.item, rules_improved=rules, recovered_wan=recovered)
            note(session, case, by, at, event)
            return
        if is_blank(reason):
            raise ReasonMissing("退回整改要写明原因，没有办理。请补充。", item=row.item)
        row.state, row.rounds = RectificationState.RETURNED, row.rounds + 1
        note(session, case, by, at, RectificationReturned(item=row.item, reason=reason))

    content = {"rectification": rectification_id, "accepted": accepted, "reason": reason}
    return on_row(session, Asked("settle_rectification", by, at, key, content=content), rectification_id, work)


def _reporters(session: Session, row: Rectification) -> tuple[int | None, ...]:
    """Who reported last, and for whom."""
    entry = all_of(Entry)
    found = session.execute(
        select(entry.by, entry.acting_for)
        .where(
            entry.jurisdiction == row.jurisdiction,
            entry.case_id == row.case_id,
            entry.type == "rectification.reported",
            entry.payload["item"].astext == row.item,
        )
        .order_by(entry.seq.desc())
        .limit(1)
    ).one()
    return tuple(person for person in found if person is not None)
