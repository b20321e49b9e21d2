"""动态口令要求: whether it stands, and who of those concerned has none yet."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.accounts.model import Account
from engine.accounts.rules import MUST_HAVE_ONE, second_factor_required
from engine.directory import Actor, Appointment, Person
from engine.moves.permissions import must_be_let_in
from engine.words import Role


@dataclass(frozen=True, slots=True)
class Concerned:
    """Somebody who must have a second factor where it is asked for, and whether they have; `elsewhere`: exempt."""

    name: str
    login: str
    roles: tuple[Role, ...]
    has_one: bool
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class SecondFactors:
    """The rule, and everybody concerned with an open account."""

    required: bool
    people: tuple[Concerned, ...]


def second_factors(session: Session, actor: Actor) -> SecondFactors:
    """The rule of the actor's jurisdiction and its administrators and leaders, those without a second factor first."""
    must_be_let_in("require_second_factor", actor)
    rows = session.execute(
        select(Person.id, Person.name, Person.login, Appointment.role, Account.totp_since, Account.oidc_subject)
        .join(Appointment, Appointment.person_id == Person.id)
        .join(Account, Account.person_id == Person.id)
        .where(
            Person.jurisdiction == actor.jurisdiction,
            Appointment.role.in_(MUST_HAVE_ONE),
            Account.closed_at.is_(None),
        )
        .order_by(Account.totp_since.is_not(None), Person.id, Appointment.id)
    ).all()
    roles: dict[int, list[Role]] = {}
    for row in rows:
        roles.setdefault(row.id, []).append(row.role)
    people = {
        row.id: Concerned(
            row.name, row.login, tuple(dict.fromkeys(roles[row.id])), row.totp_since is not None,
            row.oidc_subject is not None,
        )
        for row in rows
    }  # fmt: skip
    return SecondFactors(second_factor_required(session, actor.jurisdiction), tuple(people.values()))
