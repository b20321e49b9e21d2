"""停用 before it happens: what somebody holds, office by office, and which colleagues could have it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.accounts import Account
from engine.directory import Actor, Unit
from engine.moves.permissions import must_be_let_in
from engine.queries.office_holders import Holder, office_holders
from engine.tasks import Task
from engine.words import Role, TaskState


@dataclass(frozen=True, slots=True)
class HeldThere:
    """How many open tasks of one office somebody holds, and the colleagues of the office who can sign in."""

    unit_id: int
    unit: str
    role: Role
    tasks: int
    colleagues: tuple[Holder, ...]


def held_by(session: Session, by: Actor, person_id: int, on: date) -> Sequence[HeldThere]:
    """What would have to go to somebody else, for who stops people; numbers only, no business data."""
    must_be_let_in("stop_person", by)
    rows = session.execute(
        select(Task.unit_id, Unit.name, Task.role, func.count())
        .join(Unit, Unit.id == Task.unit_id)
        .where(Task.holder_id == person_id, Task.state == TaskState.OPEN)
        .group_by(Task.unit_id, Unit.name, Task.role)
        .order_by(Unit.name, Task.role)
    ).all()
    holders = office_holders(session, [(unit_id, Role(role)) for unit_id, _, role, _ in rows], on) if rows else {}
    able = set(session.scalars(select(Account.person_id).where(Account.closed_at.is_(None)))) if rows else set()
    return [
        HeldThere(
            unit_id, unit, Role(role), tasks,
            tuple(
                each for each in holders[unit_id, Role(role)] if each.person_id in able and each.person_id != person_id
            ),
        )
        for unit_id, unit, role, tasks in rows
    ]  # fmt: skip
