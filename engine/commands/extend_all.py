"""延长期限 of one kind of deadline for a whole year; every case tells it, and the jurisdiction how many there were."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.events.deadlines import DeadlinesExtended
from engine.cases import Case
from engine.clock import day_of
from engine.deadlines.model import Deadline
from engine.directory import Actor
from engine.moves.delivering import chunks
from engine.moves.extending import can_be_put_off, extended, refuse_passed_day, refuse_without_reason
from engine.moves.firing import fire_all, note_faults
from engine.moves.move import Move
from engine.moves.receipts import Receipt
from engine.moves.redating import move_days
from engine.moves.repeating import Asked, once
from engine.moves.writing import record_outside_cases
from engine.moves.years import must_be_a_fiscal_year

CHUNK = 500
"""How many cases are written in one trip; all of them in one transaction."""


def extend_all(
    session: Session,
    fiscal_year: int,
    name: str,
    until: date,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    key: str | None = None,
) -> Receipt:
    """Move every deadline of that name in a year that can be put off to a later day; `gave` says how many.

    Those that are due later already stay. What is due by now takes effect first, so that one whose task was taken away
    stays as well. Refuses a day that is too far off for one of them.
    """
    content = {"fiscal_year": fiscal_year, "name": name, "until": until, "reason": reason}
    asked = Asked("extend_all", by, at, key, content=content)
    return once(session, asked, lambda: {"moved": _extend(session, fiscal_year, name, until, asked, reason)})


def _extend(session: Session, fiscal_year: int, name: str, until: date, asked: Asked, reason: str) -> int:
    by, at = asked.by, asked.at
    must_be_a_fiscal_year(fiscal_year)
    refuse_without_reason(reason)
    refuse_passed_day(until, day_of(at))
    meant = (
        Deadline.jurisdiction == by.jurisdiction, Deadline.name == name, can_be_put_off(), Deadline.due_on < until,
    )  # fmt: skip
    of_the_year = (
        select(Case.id)
        .where(Case.fiscal_year == fiscal_year, Case.id.in_(select(Deadline.case_id).where(*meant)))
        .order_by(Case.id)
        .with_for_update(key_share=True)
    )
    moved = 0
    for case_ids in chunks(session.scalars(of_the_year).all(), CHUNK):
        fired = fire_all(session, session.scalars(select(Case).where(Case.id.in_(case_ids))).all(), at)
        note_faults(session, fired.faults, at)
        still = select(Deadline).where(Deadline.case_id.in_(case_ids), *meant)
        deadlines = session.scalars(still.execution_options(populate_existing=True)).all()
        moved += _put_off(session, deadlines, until, asked, reason)
    told = DeadlinesExtended(deadline=name, fiscal_year=fiscal_year, after=until, count=moved, reason=reason)
    record_outside_cases(session, by.jurisdiction, [told], by=by, at=at)
    return moved


def _put_off(session: Session, deadlines: Sequence[Deadline], until: date, asked: Asked, reason: str) -> int:
    """Move these deadlines, each told in its case; gives how many moved."""
    cases = session.scalars(select(Case).where(Case.id.in_({each.case_id for each in deadlines})))
    moves = {case.id: Move(session, case, asked.by, asked.at) for case in cases}
    meant = [extended(moves[each.case_id], each, until, reason) for each in deadlines]
    move_days(session, list(moves.values()), meant)
    return len(meant)
