"""From accounts to actors: in which offices a person stands today, and for whom."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.directory.model import Actor, Appointment, Person, Role, Substitution
from engine.errors import NotAllowed, NotFound


class PersonNotFound(NotFound):
    """No such account in this jurisdiction."""

    code = "directory.no_person"


class NotSubstitute(NotAllowed):
    """The person was not asked to act for the other one on this day."""

    code = "directory.not_substitute"


def actor_of(session: Session, login: str) -> Actor:
    """The person with this account, in the offices of the unit they are appointed to."""
    person = session.scalar(select(Person).where(Person.login == login))
    if person is None:
        raise PersonNotFound(f"没有账号“{login}”。请核对账号，或请系统管理员建账号。", login=login)
    return _actor(session, person)


def acting_as(session: Session, substitute: Actor, absent_id: int, on: date) -> Actor:
    """`substitute` with the offices of the absent person, while the substitution holds on `on`.

    Separation of duty is judged for both persons: the actor keeps its own `person_id` and gains `acting_for`.
    """
    stands = session.scalar(
        select(Substitution.id).where(
            Substitution.absent_id == absent_id,
            Substitution.substitute_id == substitute.person_id,
            Substitution.from_on <= on,
            Substitution.until_on >= on,
            Substitution.revoked.is_(False),
        )
    )
    absent = session.get(Person, absent_id)
    if stands is None or absent is None:
        raise NotSubstitute(
            "您今天没有这位同事的代理授权，不能代为办理。请其本人或安全管理员办理委托代理。", absent=absent_id
        )
    theirs = _actor(session, absent)
    return Actor(
        person_id=substitute.person_id,
        name=substitute.name,
        jurisdiction=theirs.jurisdiction,
        unit_id=theirs.unit_id,
        roles=theirs.roles,
        acting_for=absent.id,
    )


def _actor(session: Session, person: Person) -> Actor:
    offices = session.execute(
        select(Appointment.unit_id, Appointment.role).where(Appointment.person_id == person.id).order_by(Appointment.id)
    ).all()
    if not offices:
        raise NotAllowed(f"{person.name}还没有任职，不能办理业务。请系统管理员设置岗位。", person=person.id)
    unit_id = offices[0].unit_id
    roles = frozenset(Role(row.role) for row in offices if row.unit_id == unit_id)
    return Actor(person.id, person.name, person.jurisdiction, unit_id, roles)
