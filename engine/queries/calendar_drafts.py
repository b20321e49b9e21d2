"""工作日历待确认: years somebody wrote, for those who may put them in force and did not write them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadlines.model import CalendarEdition
from engine.directory import Actor, Person
from engine.moves.permissions import permits
from engine.words import EditionState


@dataclass(frozen=True, slots=True)
class WaitingDraft:
    """A year that waits for a second person: who wrote it, when."""

    year: int
    drafted_by: str
    drafted_at: datetime


def drafts_to_confirm(session: Session, actor: Actor) -> tuple[WaitingDraft, ...]:
    """The years this actor may confirm, the nearest first; none of their own, none for who confirms no calendar."""
    if not permits("confirm_calendar", actor):
        return ()
    rows = session.execute(
        select(CalendarEdition.year, Person.name, CalendarEdition.drafted_at)
        .join(Person, Person.id == CalendarEdition.drafted_by)
        .where(
            CalendarEdition.jurisdiction == actor.jurisdiction,
            CalendarEdition.state == EditionState.DRAFT,
            CalendarEdition.drafted_by.not_in(sorted(actor.persons)),
        )
        .order_by(CalendarEdition.year)
    )
    return tuple(WaitingDraft(*row) for row in rows)
