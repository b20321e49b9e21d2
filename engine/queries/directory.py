"""组织与人员: the units, who works in each, in which offices, with how much in hand, and who stands in for whom."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from engine.accounts import Account, SignIn
from engine.directory import Actor, Appointment, Person, PersonNotFound, Seat, Substitution, Unit
from engine.moves.permissions import READS
from engine.tasks import Task
from engine.words import Role, TaskState, UnitKind

_V = TypeVar("_V")
PAGE = 50
NEEDED: Mapping[UnitKind, tuple[Role, ...]] = MappingProxyType(
    {
        UnitKind.UNIT: (Role.UNIT_CLERK, Role.UNIT_HEAD),
        UnitKind.DEPARTMENT: (Role.DEPARTMENT,),
        UnitKind.AGENCY: (Role.AGENCY,),
    }
)
"""The offices without which the work of such a unit lies still; a department has clerk and head for its own objects
only, the finance bureau has its divisions."""
_IN_ORDER = (UnitKind.FINANCE, UnitKind.DEPARTMENT, UnitKind.UNIT, UnitKind.AGENCY)


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit of the tree, with how many people hold an office there, and the units below it.

    `lacking` are the offices its steps lie with and nobody holds: what is sent there waits for nobody.
    """

    id: int
    name: str
    kind: UnitKind
    people: int
    below: tuple["UnitLine", ...] = ()
    lacking: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person: their seats, open tasks in their hands, the last sign-in (None: never).

    `account` is None where they have no account, else whether it is open; `elsewhere`: 统一身份认证 vouches for them.
    """

    id: int
    login: str
    name: str
    seats: tuple[Seat, ...]
    held: int
    account: bool | None
    second_factor: bool
    last_seen: datetime | None
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class SubstitutionLine:
    """Somebody stands in for somebody; `roles` empty means everything entrusted without a list."""

    id: int
    absent_id: int
    absent: str
    substitute: str
    from_on: date
    until_on: date
    roles: tuple[Role, ...]
    revoked: bool

    def is_over(self, on: date) -> bool:
        """Whether there is nothing left to revoke."""
        return self.revoked or self.until_on < on


def unit_tree(session: Session, by: Actor) -> tuple[UnitLine, ...]:
    """All units, those of a department below it; for who keeps the directory."""
    _must_keep_it(by)
    counts = select(Appointment.unit_id, func.count(Appointment.person_id.distinct())).group_by(Appointment.unit_id)
    people = _by_number(session, counts)
    held = {
        (row.unit_id, row.role) for row in session.execute(select(Appointment.unit_id, Appointment.role).distinct())
    }
    below = defaultdict(list)
    for unit in session.scalars(select(Unit).order_by(Unit.name, Unit.id)):
        below[unit.department_id].append(unit)
    return tuple(_branch(unit, below, people, held) for kind in _IN_ORDER for unit in below[None] if unit.kind == kind)


def people_of(
    session: Session, by: Actor, *, unit_id: int | None = None, text: str = "", after: int = 0
) -> tuple[Sequence[PersonLine], int | None]:
    """Fifty people from behind number `after` on, and the number to go on behind (None: these were the last).

    Of one unit only, and whose name or login has the text, where told; who has no office yet is in no unit.
    """
    _must_keep_it(by)
    where: list[ColumnElement[bool]] = [Person.id > after]
    if unit_id is not None:
        here = select(Appointment.person_id).where(Appointment.unit_id == unit_id)
        where.append(Person.id.in_(here))
    if text:
        where.append(Person.name.contains(text, autoescape=True) | Person.login.contains(text, autoescape=True))
    found = session.scalars(select(Person).where(*where).order_by(Person.id).limit(PAGE + 1)).all()
    lines = _lines(session, found[:PAGE])
    return lines, lines[-1].id if len(found) > PAGE else None


def person_line(session: Session, by: Actor, person_id: int) -> PersonLine:
    """One person. Refuses a number nobody has here."""
    _must_keep_it(by)
    person = session.get(Person, person_id)
    if person is None:
        raise PersonNotFound("没有这个人，或者不属于本地区。请从组织目录中选择。", person=person_id)
    return _lines(session, [person])[0]


def substitutions_of(session: Session, person_id: int) -> Sequence[SubstitutionLine]:
    """Who stands in for a person and for whom they stand in, the latest first."""
    mine = (Substitution.absent_id == person_id) | (Substitution.substitute_id == person_id)
    absent, substitute = aliased(Person), aliased(Person)
    rows = session.execute(
        select(Substitution, absent.name, substitute.name)
        .join(absent, absent.id == Substitution.absent_id)
        .join(substitute, substitute.id == Substitution.substitute_id)
        .where(mine)
        .order_by(Substitution.until_on.desc(), Substitution.id.desc())
        .limit(PAGE)
    )
    return [
        SubstitutionLine(
            row.id, row.absent_id, of, who, row.from_on, row.until_on, tuple(map(Role, row.roles or ())), row.revoked
        )
        for row, of, who in rows
    ]


def colleagues_of(session: Session, person_id: int) -> Sequence[tuple[int, str, str]]:
    """Who could stand in for a person: number, name and unit of everybody in one of their units but themselves."""
    units = select(Appointment.unit_id).where(Appointment.person_id == person_id)
    rows = session.execute(
        select(Person.id, Person.name, func.min(Unit.name))
        .join(Appointment, Appointment.person_id == Person.id)
        .join(Unit, Unit.id == Appointment.unit_id)
        .where(Appointment.unit_id.in_(units), Person.id != person_id)
        .group_by(Person.id, Person.name)
        .order_by(Person.name, Person.id)
    )
    return [(number, name, unit) for number, name, unit in rows]


def _must_keep_it(by: Actor) -> None:
    by.must_hold(*(role for role in Role if role in READS["see_directory"].offices))


def _branch(
    unit: Unit,
    below: Mapping[int | None, Sequence[Unit]],
    people: Mapping[int, int],
    held: Collection[tuple[int, Role]],
) -> UnitLine:
    under = tuple(_branch(each, below, people, held) for each in below.get(unit.id, ()))
    lacking = tuple(role for role in NEEDED.get(unit.kind, ()) if (unit.id, role) not in held)
    return UnitLine(unit.id, unit.name, unit.kind, people.get(unit.id, 0), under, lacking)


def _lines(session: Session, people: Sequence[Person]) -> list[PersonLine]:
    ids = [person.id for person in people]
    seats = _seats(session, ids)
    held = _by_number(
        session,
        select(Task.holder_id, func.count())
        .where(Task.holder_id.in_(ids), Task.state == TaskState.OPEN)
        .group_by(Task.holder_id),
    )
    last = select(SignIn.person_id, func.max(SignIn.begun_at)).where(SignIn.person_id.in_(ids))
    seen = _by_number(session, last.group_by(SignIn.person_id))
    accounts = {
        account.person_id: account for account in session.scalars(select(Account).where(Account.person_id.in_(ids)))
    }
    return [
        PersonLine(
            person.id, person.login, person.name, seats.get(person.id, ()), held.get(person.id, 0),
            _is_open(accounts.get(person.id)), _has_code(accounts.get(person.id)), seen.get(person.id),
            _is_vouched_for(accounts.get(person.id)),
        )
        for person in people
    ]  # fmt: skip


def _is_open(account: Account | None) -> bool | None:
    return None if account is None else account.closed_at is None


def _is_vouched_for(account: Account | None) -> bool:
    return account is not None and account.oidc_subject is not None


def _has_code(account: Account | None) -> bool:
    return account is not None and account.has_second_factor


def _seats(session: Session, ids: Sequence[int]) -> dict[int, tuple[Seat, ...]]:
    rows = session.execute(
        select(Appointment, Unit.name)
        .join(Unit, Unit.id == Appointment.unit_id)
        .where(Appointment.person_id.in_(ids))
        .order_by(Appointment.id)
    )
    roles: dict[int, dict[tuple[int, str], set[Role]]] = {}
    for row, name in rows:
        roles.setdefault(row.person_id, {}).setdefault((row.unit_id, name), set()).add(row.role)
    return {
        person: tuple(Seat(unit, name, frozenset(held)) for (unit, name), held in units.items())
        for person, units in roles.items()
    }


def _by_number(session: Session, asked: Select[Any, _V]) -> dict[int, _V]:
    return {row[0]: row[1] for row in session.execute(asked)}
