"""From accounts to actors: in which offices a person stands today, and for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.directory.model import Actor, Appointment, Person, Substitution, Unit
from engine.errors import NotAllowed, NotFound
from engine.words import Role


class PersonNotFound(NotFound):
    """No such account in this jurisdiction."""

    code = "directory.no_person"


class UnitNotFound(NotFound):
    """No such unit in this jurisdiction."""

    code = "directory.no_unit"


class NotSubstitute(NotAllowed):
    """The person was not asked to act for the other one on this day."""

    code = "directory.not_substitute"


class SeatNotChosen(NotAllowed):
    """The person has offices in several units and has to say in which one to act; `seats` lists them."""

    code = "directory.seat_not_chosen"


class NoOffice(NotAllowed):
    """The person holds no office, or none there."""

    code = "directory.no_office"


@dataclass(frozen=True, slots=True)
class Seat:
    """身份: the offices of one person in one unit."""

    unit_id: int
    unit_name: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Entrusted:
    """An absent person one may act for today, until which day at the latest, and in which of their seats."""

    absent_id: int
    name: str
    until_on: date
    seats: tuple[Seat, ...]


def seats_of(session: Session, person_id: int) -> tuple[Seat, ...]:
    """In which units a person holds which offices, the first appointment first."""
    rows = session.execute(
        select(Appointment.unit_id, Appointment.role, Unit.name)
        .join(Unit, Unit.id == Appointment.unit_id)
        .where(Appointment.person_id == person_id)
        .order_by(Appointment.id)
    ).all()
    units = dict.fromkeys((row.unit_id, row.name) for row in rows)
    return tuple(
        Seat(unit_id, name, frozenset(row.role for row in rows if row.unit_id == unit_id)) for unit_id, name in units
    )


def actor_of(session: Session, login: str, *, unit_id: int | None = None, roles: Sequence[Role] = ()) -> Actor:
    """The person with this account, in the offices of one unit; of `roles` only, if some are named.

    Who holds offices in several units names one of them. Refuses an office the person does not hold.
    """
    person = session.scalar(select(Person).where(Person.login == login))
    if person is None:
        raise PersonNotFound(f"没有账号“{login}”。请核对账号，或请系统管理员建账号。", login=login)
    return _actor(session, person, unit_id, roles)


def acting_as(
    session: Session,
    substitute: Actor,
    absent_id: int,
    on: date,
    *,
    unit_id: int | None = None,
    roles: Sequence[Role] = (),
) -> Actor:
    """`substitute` with the offices of the absent person, while the substitution holds on `on`, as far as it goes.

    Separation of duty is judged for both persons: the actor keeps its own `person_id` and gains `acting_for`.
    """
    granted = session.scalars(
        select(Substitution).where(
            Substitution.absent_id == absent_id,
            Substitution.substitute_id == substitute.person_id,
            Substitution.from_on <= on,
            Substitution.until_on >= on,
            Substitution.revoked.is_(False),
        )
    ).all()
    absent = session.get(Person, absent_id)
    if not granted or absent is None:
        raise NotSubstitute(
            "您今天没有这位同事的代理授权，不能代为办理。请其本人或安全管理员办理委托代理。", absent=absent_id
        )
    theirs = _actor(session, absent, unit_id, roles)
    entrusted = theirs.roles & _scope(granted)
    if not entrusted:
        raise NotSubstitute("代理授权不包括这个岗位，不能代为办理。请其本人办理，或扩大授权范围。", absent=absent_id)
    return Actor(
        person_id=substitute.person_id,
        name=substitute.name,
        jurisdiction=theirs.jurisdiction,
        unit_id=theirs.unit_id,
        roles=entrusted,
        acting_for=absent.id,
    )


def entrusted_to(session: Session, person_id: int, on: date) -> tuple[Entrusted, ...]:
    """For whom a person may act on this day, and in which seats; who entrusted nothing they hold is left out."""
    rows = session.execute(
        select(Substitution, Person.name)
        .join(Person, Person.id == Substitution.absent_id)
        .where(
            Substitution.substitute_id == person_id,
            Substitution.from_on <= on,
            Substitution.until_on >= on,
            Substitution.revoked.is_(False),
        )
        .order_by(Substitution.absent_id, Substitution.id)
    ).all()
    found = []
    for absent_id, name in dict.fromkeys((grant.absent_id, name) for grant, name in rows):
        grants = [grant for grant, _ in rows if grant.absent_id == absent_id]
        seats = (
            Seat(seat.unit_id, seat.unit_name, seat.roles & _scope(grants)) for seat in seats_of(session, absent_id)
        )
        until_on = max(grant.until_on for grant in grants)
        found.append(Entrusted(absent_id, name, until_on, tuple(seat for seat in seats if seat.roles)))
    return tuple(each for each in found if each.seats)


def _scope(granted: Sequence[Substitution]) -> frozenset[Role]:
    """The offices several grants entrust together."""
    return frozenset(role for grant in granted for role in grant.scope)


def _actor(session: Session, person: Person, unit_id: int | None, roles: Sequence[Role]) -> Actor:
    return seated(person, seats_of(session, person.id), unit_id=unit_id, roles=roles)


def seated(person: Person, seats: Sequence[Seat], *, unit_id: int | None = None, roles: Sequence[Role] = ()) -> Actor:
    """The person in the offices of one of these seats, which are all theirs; otherwise as `actor_of`."""
    if not seats:
        raise NoOffice(f"{person.name}还没有任职，不能办理业务。请系统管理员设置岗位。", person=person.id)
    chosen = [seat for seat in seats if unit_id in (None, seat.unit_id)]
    if len(chosen) > 1:
        told = "、".join(seat.unit_name for seat in seats)
        raise SeatNotChosen(
            f"{person.name}在{told}都有任职，请先选择以哪个单位的身份办理。", seats=[seat.unit_id for seat in seats]
        )
    held = chosen[0].roles & frozenset(roles or Role) if chosen else frozenset()
    if not held:
        raise NoOffice(f"{person.name}没有这个岗位，不能以此身份办理。请重新选择身份。", person=person.id)
    return Actor(person.id, person.name, person.jurisdiction, chosen[0].unit_id, held)
