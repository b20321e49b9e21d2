"""任职: who is on the list, which offices there are where, and which go together in one person."""

from datetime import date

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from engine.audit.events.directory import Dismissed
from engine.directory import Appointment, Person, PersonNotFound, Substitution, Unit, UnitNotFound
from engine.errors import InvalidInput, NotAllowed, WrongState
from engine.moves.conflicts import last_outside_cases
from engine.texts import is_blank
from engine.words import Role, UnitKind

LONGEST_NAME = 100
_ADMINISTRATORS = tuple(role for role in Role if role.is_administrator)
_PLACES = {
    Role.FINANCE_DIVISION: UnitKind.FINANCE,
    Role.PERFORMANCE_OFFICE: UnitKind.FINANCE,
    Role.BUREAU_LEADER: UnitKind.FINANCE,
    Role.AGENCY: UnitKind.AGENCY,
}
"""Offices of one kind of unit only, where the diagrams look for them."""


class AdministratorsApart(NotAllowed):
    """系统, 安全 and 审计管理员 are three people, always."""

    code = "directory.administrators_apart"


class LastAdministrator(WrongState):
    """Nobody else holds this administrator's office."""

    code = "directory.last_administrator"


class OfficeRefused(InvalidInput):
    """There is no such office, or not in this kind of unit."""

    code = "directory.office_refused"


class NameRefused(InvalidInput):
    """A name or a login nobody could read or type."""

    code = "directory.name_refused"


def person_by_id(session: Session, person_id: int) -> Person:
    """The person. Refuses a number nobody has here."""
    person = session.get(Person, person_id)
    if person is None:
        raise PersonNotFound("没有这个人，或者不属于本地区，没有办理。请从组织目录中选择。", person=person_id)
    return person


def unit_by_id(session: Session, unit_id: int) -> Unit:
    """The unit. Refuses a number none has here."""
    unit = session.get(Unit, unit_id)
    if unit is None:
        raise UnitNotFound("没有这个单位，或者不属于本地区，没有办理。请从组织目录中选择。", unit=unit_id)
    return unit


def is_a_name(told: str) -> bool:
    """Whether there is something to be seen, not too long, and nothing that cannot be seen."""
    return not is_blank(told) and told == told.strip() and len(told) <= LONGEST_NAME and told.isprintable()


def must_be_a_name(what: str, told: str) -> None:
    """Refuse what is no name."""
    if not is_a_name(told):
        raise NameRefused(
            f"{what}应是1至{LONGEST_NAME}个看得见的字，首尾没有空格，没有登记。请重新填写。", length=len(told)
        )


def has_office(kind: UnitKind, role: Role) -> bool:
    """Whether units of this kind have the office."""
    return (_PLACES.get(role) or kind) == kind and (kind != UnitKind.AGENCY or role is Role.AGENCY)


def must_suit(unit: Unit, role: Role) -> None:
    """Refuse an office the unit does not have."""
    if not has_office(unit.kind, role):
        raise OfficeRefused(
            f"“{unit.name}”是{unit.kind.label}，没有{role.label}这个岗位，没有办理。请选择对应的单位或岗位。",
            unit=unit.id, role=role,
        )  # fmt: skip


def one_at_a_time(session: Session, jurisdiction: str) -> None:
    """Whoever else changes who is an administrator here waits until this transaction is over."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:kind))"), {"kind": f"administrators {jurisdiction}"})


def must_stay_apart(session: Session, person: Person, roles: frozenset[Role], on: date) -> None:
    """Refuse to give a person an administrator's office who has another one within reach.

    Within reach is what they hold in any unit, and what a substitution names that is not over on `on`, today's or a
    coming one. `one_at_a_time` comes first, or two could be given at once.
    """
    given = roles.intersection(_ADMINISTRATORS)
    if not given:
        return
    one_at_a_time(session, person.jurisdiction)
    together = given | _within_reach(session, person.id, on)
    if len(together) > 1:
        told = "、".join(role.label for role in Role if role in together)
        raise AdministratorsApart(
            f"{told}不能由一个人担任，通过代理也不行，没有办理。请另选一位同事。",
            person=person.id,
            roles=sorted(together),
        )


def must_not_be_the_last(session: Session, appointment: Appointment) -> None:
    """Refuse to leave an administrator's office empty."""
    if not appointment.role.is_administrator:
        return
    one_at_a_time(session, appointment.jurisdiction)
    others = select(func.count()).where(Appointment.role == appointment.role, Appointment.id != appointment.id)
    if not session.scalar(others):
        who = last_outside_cases(session, appointment.jurisdiction, Dismissed, office=[appointment.role])
        another = f"，另一位已免去{who}" if who else ""
        raise LastAdministrator(
            f"这是本地区唯一的{appointment.role.label}{another}，没有免去。请先授予另一位同事，再免去这一位。",
            person=appointment.person_id,
        )


def _within_reach(session: Session, person_id: int, on: date) -> frozenset[Role]:
    held = session.scalars(
        select(Appointment.role).where(Appointment.person_id == person_id, Appointment.role.in_(_ADMINISTRATORS))
    )
    entrusted = session.scalars(
        select(Substitution).where(
            Substitution.substitute_id == person_id, Substitution.revoked.is_(False), Substitution.until_on >= on
        )
    )
    return frozenset(held).union(*(each.scope for each in entrusted)).intersection(_ADMINISTRATORS)
