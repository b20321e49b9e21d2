"""延长期限 of one kind of deadline for a whole year, in a statement for every day they began on."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from engine.audit.events.deadlines import DeadlinesExtended
from engine.cases import Case
from engine.clock import day_of
from engine.deadlines.model import Deadline
from engine.directory import Actor
from engine.moves.extending import moved_to, refuse_bad_extension, show_on_tasks
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.moves.writing import record_outside_cases
from engine.moves.years import must_be_a_fiscal_year
from engine.stages import library_of
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
    """Move every pending deadline of that name in a year, with its reminders, to a later day; `gave` says how many."""
    content = {"fiscal_year": fiscal_year, "name": name, "until": until, "reason": reason}
    asked = Asked("extend_all", by, at, key, content=content)
    return once(session, asked, lambda: {"moved": _extend(session, fiscal_year, name, until, asked, reason)})


def _extend(session: Session, fiscal_year: int, name: str, until: date, asked: Asked, reason: str) -> int:
    by, at = asked.by, asked.at
    must_be_a_fiscal_year(fiscal_year)
    refuse_bad_extension(reason, until, None)
    meant: tuple[ColumnElement[bool], ...] = (
        Deadline.jurisdiction == by.jurisdiction,
        Deadline.name == name,
        Deadline.state == DeadlineState.PENDING,
        Deadline.due_on < until,
    )
    cases = select(Deadline.case_id).where(*meant)
    of_the_year = select(Case.id).where(Case.fiscal_year == fiscal_year, Case.id.in_(cases)).order_by(Case.id)
    locked = session.scalars(of_the_year.with_for_update(key_share=True)).all()
    meant = (Deadline.case_id.in_(locked), *meant)
    moved: list[UUID | None] = []
    for policy_id, started_on in _grounds(session, meant):
        policy = library_of(session).policy_version(session, policy_id)
        cells = moved_to(session, policy, name, started_on, until, day_of(at))
        of_policy = select(Case.id).where(Case.policy_id == policy_id)
        moved += session.scalars(
            update(Deadline)
            .where(*meant, Deadline.started_on == started_on, Deadline.case_id.in_(of_policy))
            .values(cells)
            .returning(Deadline.task_id)
            .execution_options(synchronize_session=False)
        )
    show_on_tasks(session, moved)
    told = DeadlinesExtended(deadline=name, fiscal_year=fiscal_year, after=until, count=len(moved), reason=reason)
    record_outside_cases(session, by.jurisdiction, [told], by=by, at=at)
    return len(moved)


def _grounds(session: Session, meant: Sequence[ColumnElement[bool]]) -> Sequence[tuple[int, date]]:
    """What the reminder days of these deadlines rest on: the policy version of the case, the day the clock began."""
    found = select(Case.policy_id, Deadline.started_on).join(Deadline, Deadline.case_id == Case.id).where(*meant)
    return [(row.policy_id, row.started_on) for row in session.execute(found.distinct())]
