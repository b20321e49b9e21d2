"""延长期限 of one kind of deadline for a whole year, in one statement."""

from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.audit.events.deadlines import DeadlinesExtended
from engine.cases import Case
from engine.clock import end_of_day
from engine.deadlines.model import Deadline
from engine.directory import Actor
from engine.moves.extending import refuse_bad_extension, show_on_tasks
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.moves.writing import record_outside_cases
from engine.words import DeadlineState


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
    """Move every pending deadline of that name in a year to a later day; `gave` says how many moved."""
    content = {"fiscal_year": fiscal_year, "name": name, "until": until, "reason": reason}
    asked = Asked("extend_all", by, at, key, content=content)
    return once(session, asked, lambda: {"moved": _extend(session, fiscal_year, name, until, asked, reason)})


def _extend(session: Session, fiscal_year: int, name: str, until: date, asked: Asked, reason: str) -> int:
    by, at = asked.by, asked.at
    refuse_bad_extension(reason, until, None)
    meant = (
        Deadline.jurisdiction == by.jurisdiction,
        Deadline.name == name,
        Deadline.state == DeadlineState.PENDING,
        Deadline.due_on < until,
    )
    cases = select(Deadline.case_id).where(*meant)
    of_the_year = select(Case.id).where(Case.fiscal_year == fiscal_year, Case.id.in_(cases)).order_by(Case.id)
    locked = session.scalars(of_the_year.with_for_update(key_share=True)).all()
    moved = session.scalars(
        update(Deadline)
        .where(Deadline.case_id.in_(locked), *meant)
        .values(due_on=until, due_at=end_of_day(until))
        .returning(Deadline.task_id)
        .execution_options(synchronize_session=False)
    ).all()
    show_on_tasks(session, moved)
    told = DeadlinesExtended(deadline=name, fiscal_year=fiscal_year, after=until, count=len(moved), reason=reason)
    record_outside_cases(session, by.jurisdiction, [told], by=by, at=at)
    return len(moved)
