"""演练人员: an office full of made-up people who do every human step, so that a year can be gone through in seconds.

Units and agencies are those of the input files; every person is marked 示例, because nobody real did any of this.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from engine.directory import Actor, Appointment, Person, Unit
from engine.rehearsal.subjects import Subject
from engine.words import Role, UnitKind

FINANCE = "示例财政局"
COLLECTIVE_REVIEWER = "示例集中审核机构"
SPOT_REVIEWER = "示例复核机构"


@dataclass
class Town:
    """Everybody of one jurisdiction, by unit and office."""

    jurisdiction: str
    finance_id: int = 0
    units: dict[str, int] = field(default_factory=dict)
    agencies: dict[str, int] = field(default_factory=dict)
    staff: dict[tuple[int, Role], list[Actor]] = field(default_factory=dict)

    def who(self, unit_id: int, role: Role, but_not: Iterable[int] = ()) -> Actor:
        """Somebody who holds the office, other than the people named."""
        barred = set(but_not)
        return next(actor for actor in self.staff[unit_id, role] if actor.person_id not in barred)

    @property
    def office(self) -> Actor:
        """The first officer of the 绩效股."""
        return self.who(self.finance_id, Role.PERFORMANCE_OFFICE)

    @property
    def division(self) -> Actor:
        """The first officer of the 业务股."""
        return self.who(self.finance_id, Role.FINANCE_DIVISION)


def settle(session: Session, jurisdiction: str, subjects: Iterable[Subject]) -> Town:
    """Register finance, and the units and agencies of these objects, and appoint people to every office."""
    town = Town(jurisdiction)
    known = list(subjects)
    used = {name for subject in known for name in (subject.unit, subject.department, subject.agency)}
    finance = _unit(session, jurisdiction, _free(FINANCE, used), UnitKind.FINANCE)
    town.finance_id = finance.id
    for name in ("甲", "乙"):
        appoint(session, town, finance.id, f"示例绩效股{name}", Role.PERFORMANCE_OFFICE)
        appoint(session, town, finance.id, f"示例业务股{name}", Role.FINANCE_DIVISION)
    for department in dict.fromkeys(subject.department for subject in known if subject.department):
        _settle_unit(session, town, department, UnitKind.DEPARTMENT)
    for subject in known:
        if subject.unit not in town.units:
            kind = UnitKind.UNIT if subject.department else UnitKind.DEPARTMENT
            _settle_unit(session, town, subject.unit, kind, town.units.get(subject.department or ""))
    for name in dict.fromkeys([*(subject.agency for subject in known), COLLECTIVE_REVIEWER, SPOT_REVIEWER]):
        agency = _unit(session, jurisdiction, _free(name, set(town.units)), UnitKind.AGENCY)
        town.agencies[name] = agency.id
        appoint(session, town, agency.id, "示例主评人", Role.AGENCY)
        appoint(session, town, agency.id, "示例评价员", Role.AGENCY)
    appoint(session, town, finance.id, "示例局领导", Role.BUREAU_LEADER)
    return town


def _settle_unit(session: Session, town: Town, name: str, kind: UnitKind, department_id: int | None = None) -> None:
    unit = _unit(session, town.jurisdiction, name, kind, department_id)
    town.units[name] = unit.id
    appoint(session, town, unit.id, "示例经办人", Role.UNIT_CLERK)
    appoint(session, town, unit.id, "示例负责人", Role.UNIT_HEAD)
    appoint(session, town, unit.id, "示例主管", Role.DEPARTMENT)


def _free(name: str, used: set[str] | set[str | None]) -> str:
    """A name nobody in the files has."""
    while name in used:
        name = f"{name}（演练）"
    return name


def _unit(session: Session, jurisdiction: str, name: str, kind: UnitKind, department_id: int | None = None) -> Unit:
    unit = Unit(jurisdiction=jurisdiction, name=name, kind=kind, department_id=department_id)
    session.add(unit)
    session.flush()
    return unit


def appoint(session: Session, town: Town, unit_id: int, name: str, role: Role) -> Actor:
    """Somebody new in an office of a unit."""
    person = Person(jurisdiction=town.jurisdiction, login=f"{role}.{unit_id}.{name}", name=name)
    session.add(person)
    session.flush()
    session.add(Appointment(jurisdiction=town.jurisdiction, person_id=person.id, unit_id=unit_id, role=role))
    session.flush()
    actor = Actor(person.id, name, town.jurisdiction, unit_id, frozenset({role}))
    town.staff.setdefault((unit_id, role), []).append(actor)
    return actor
