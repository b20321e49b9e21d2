"""手机日历: whose a calendar address is, and the days its person has to keep."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.accounts.model import Account
from engine.cases import Case
from engine.deadlines.model import Deadline
from engine.deadlines.problems import RECTIFY
from engine.directory import Actor, Person, seats_of
from engine.notifications import CalendarFeed
from engine.notifications.calendar import OwnDay
from engine.queries.scope import Seat
from engine.queries.worklist import WorkItem, worklist
from engine.rectifications import Rectification
from engine.words import CaseState, DeadlineState, Role

MOST = 200
"""So many of the most pressing tasks, and of the problems to be put right, are in a calendar."""

_PUT_RIGHT = frozenset({Role.UNIT_CLERK, Role.UNIT_HEAD})


@dataclass(frozen=True, slots=True)
class FeedShown:
    """The calendar address somebody has: since when, and when it was last asked."""

    made_at: datetime
    read_at: datetime | None


def calendar_feed(session: Session, actor: Actor) -> FeedShown | None:
    """Of the person at the keyboard; None where they have none."""
    mine = CalendarFeed.jurisdiction == actor.jurisdiction, CalendarFeed.person_id == actor.person_id
    kept = session.scalars(select(CalendarFeed).where(*mine, CalendarFeed.digest.is_not(None))).one_or_none()
    return None if kept is None else FeedShown(kept.made_at, kept.read_at)


def feed_owner(session: Session, digest: bytes) -> Person | None:
    """Whose calendar has the address of this digest; None for one nobody has, or has any more, or who has left."""
    closed = select(Account.id).where(Account.person_id == Person.id, Account.closed_at.is_not(None)).exists()
    owned = select(Person).join(CalendarFeed, CalendarFeed.person_id == Person.id)
    return session.scalars(owned.where(CalendarFeed.digest == digest, ~closed)).one_or_none()


def own_days(session: Session, person: Person, on: date) -> list[OwnDay]:
    """What somebody has in hand or lies in a pool of theirs, and the problems of their unit, with its day.

    What lies still with its case has none. Who stands in for others finds their own only.
    """
    seats = seats_of(session, person.id)
    if not seats:
        return []
    actor = Actor(person.id, person.name, person.jurisdiction, seats[0].unit_id, seats[0].roles)
    held = [Seat(seat.unit_id, seat.roles) for seat in seats]
    tasks = [item for item in worklist(session, actor, on=on, seats=held, limit=MOST).items if item.due_on is not None]
    seen = {(item.case_id, item.item) for item in tasks if item.item is not None}
    units = [seat.unit_id for seat in seats if seat.roles & _PUT_RIGHT]
    problems = [row for row in _problems(session, units) if (row.case_id, row.item) not in seen] if units else []
    return [
        *(_of_task(item, item.due_on) for item in tasks if item.due_on is not None),
        *(
            OwnDay(str(row.id), row.due_on, f"{row.name}：整改{row.item}截止", f"/rectifications/{row.number}")
            for row in problems
        ),
    ]


def _of_task(item: WorkItem, due_on: date) -> OwnDay:
    about = f"（{item.item}）" if item.item else ""
    return OwnDay(str(item.task_id), due_on, f"{item.name}：{item.step}{about}截止", f"/tasks/{item.task_id}")


def _problems(session: Session, units: list[int]) -> list[Any]:
    asked = (
        select(
            Deadline.id, Deadline.case_id, Deadline.due_on, Rectification.id.label("number"), Rectification.item,
            Case.name,
        )
        .join(Rectification, Rectification.id == Deadline.rectification_id)
        .join(Case, Case.id == Deadline.case_id)
        .where(
            Rectification.unit_id.in_(units),
            Deadline.name == RECTIFY,
            Deadline.state == DeadlineState.PENDING,
            Deadline.due_on.is_not(None),
            Case.state != CaseState.SUSPENDED,
        )
        .order_by(Deadline.due_on, Deadline.id)
        .limit(MOST)
    )  # fmt: skip
    return list(session.execute(asked).all())
