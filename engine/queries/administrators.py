"""找谁: who looks after accounts, offices and the running of the system, so that help can name people."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.directory import Actor, Appointment, Person
from engine.words import Role

ASKED = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.OPERATOR, Role.POLICY_OWNER)
MOST = 5
"""So many of each are named."""


def administrators(session: Session, actor: Actor) -> dict[Role, tuple[str, ...]]:
    """Office → names of those appointed to it in the actor's jurisdiction, at most five; nobody where there is none."""
    rows = session.execute(
        select(Appointment.role, Person.name)
        .join(Person, Person.id == Appointment.person_id)
        .where(Appointment.jurisdiction == actor.jurisdiction, Appointment.role.in_(ASKED))
        .order_by(Appointment.id)
    ).all()
    return {role: tuple(dict.fromkeys(name for held, name in rows if held == role))[:MOST] for role in ASKED}
