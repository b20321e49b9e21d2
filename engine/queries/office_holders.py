"""由谁办理: who holds an office today, and who stands in for whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, select, tuple_
from sqlalchemy.orm import Session, aliased

from engine.directory import Appointment, Person, Substitution
from engine.words import Role

Office = tuple[int, Role]
"""A unit and an office in it."""


@dataclass(frozen=True, slots=True)
class Substitute:
    """Who acts for an absent colleague, until and with that day."""

    person_id: int
    name: str
    until_on: date


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody appointed to the office, and who stands in for them today."""

    person_id: int
    name: str
    substitutes: tuple[Substitute, ...]


def office_holders(session: Session, offices: Iterable[Office], on: date) -> dict[Office, tuple[Holder, ...]]:
    """Every office asked for with the people appointed to it on that day; an office nobody holds has nobody.

    A substitute is told where the substitution goes as far as that office.
    """
    asked = list(dict.fromkeys(offices))
    stand_in = aliased(Person)
    holds = and_(
        Substitution.absent_id == Person.id,
        Substitution.from_on <= on,
        Substitution.until_on >= on,
        Substitution.revoked.is_(False),
    )
    rows = session.execute(
        select(
            Appointment.unit_id, Appointment.role, Person.id, Person.name, stand_in.id.label("stand_in_id"),
            stand_in.name.label("stand_in"), Substitution,
        )
        .join(Person, Person.id == Appointment.person_id)
        .outerjoin(Substitution, holds)
        .outerjoin(stand_in, stand_in.id == Substitution.substitute_id)
        .where(tuple_(Appointment.unit_id, Appointment.role).in_(list(asked)))
        .order_by(Appointment.id, Substitution.id)
    )  # fmt: skip
    found: dict[Office, dict[int, Holder]] = {office: {} for office in asked}
    for row in rows:
        people = found[row.unit_id, Role(row.role)]
        holder = people.get(row.id, Holder(row.id, row.name, ()))
        if row.Substitution is not None and Role(row.role) in row.Substitution.scope:
            substitute = Substitute(row.stand_in_id, row.stand_in, row.Substitution.until_on)
            holder = Holder(row.id, row.name, (*holder.substitutes, substitute))
        people[row.id] = holder
    return {office: tuple(people.values()) for office, people in found.items()}
