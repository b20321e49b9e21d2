"""人员负荷: how much open work each person of a unit has, for those who answer for it."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, func, literal, select
from sqlalchemy.orm import Session

from engine.directory import Actor, Appointment, Person
from engine.queries.desks import of_no_suspended_case, tasks
from engine.store.base import table_of
from engine.words import Role, TaskState

MAY_SEE = frozenset({Role.UNIT_HEAD, Role.DEPARTMENT})
WITHOUT_DAY = date.max
"""The rank of a task that is not due on any day."""
_appointments, _people = table_of(Appointment).c, table_of(Person).c


@dataclass(frozen=True, slots=True)
class Load:
    """What one person has taken (`name` None: what nobody took yet): open, of these late, and the next day."""

    name: str | None
    tasks: int
    overdue: int
    next_due_on: date | None


def unit_load(session: Session, actor: Actor, *, on: date) -> tuple[Load, ...]:
    """The work of the actor's unit person by person, who is late first, what lies in the pool last; `on` is today.

    Everybody who works there is told of, with nothing to do as well. All the tasks of 本单位全部, however many; nobody
    but heads and departments is told.
    """
    if not actor.roles & MAY_SEE:
        return ()
    told = {"jurisdiction": actor.jurisdiction, "unit": actor.unit_id, "today": on}
    return tuple(Load(*row) for row in session.execute(_loads(), told))


@cache
def _loads() -> Select[Any]:
    late = func.count().filter(tasks.due_rank < bindparam("today")).label("late")
    ahead = (tasks.due_rank >= bindparam("today"), tasks.due_rank < WITHOUT_DAY)
    next_on = func.min(tasks.due_rank).filter(*ahead).label("next_on")
    work = (
        select(tasks.holder_id, func.count().label("many"), late, next_on)
        .where(
            tasks.unit_id == bindparam("unit"), tasks.jurisdiction == bindparam("jurisdiction"),
            tasks.state == literal(TaskState.OPEN.value, literal_execute=True), of_no_suspended_case(),
        )
        .group_by(tasks.holder_id)
        .subquery("work")
    )  # fmt: skip
    staff = (
        select(_appointments.person_id)
        .where(
            _appointments.unit_id == bindparam("unit", type_=BigInteger()),
            _appointments.jurisdiction == bindparam("jurisdiction"),
            _appointments.role.in_([role for role in Role if role.lane is not None]),
        )
        .distinct()
        .subquery("staff")
    )
    person, many = func.coalesce(staff.c.person_id, work.c.holder_id), func.coalesce(work.c.many, 0)
    overdue = func.coalesce(work.c.late, 0)
    return (
        select(_people.name, many, overdue, work.c.next_on)
        .select_from(staff.join(work, work.c.holder_id == staff.c.person_id, full=True))
        .outerjoin(Person, _people.id == person)
        .order_by(person.is_(None), overdue.desc(), many.desc(), _people.name, person)
    )
