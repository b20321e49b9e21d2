"""A small bureau to test with: people in every office of one jurisdiction, and cases to work on."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from engine.cases import Case
from engine.clock import shanghai
from engine.commands.start_case import Line, NewCase, start_case
from engine.directory import Actor, Appointment, Person, Unit
from engine.moves.delivering import Transactions
from engine.moves.receipts import Receipt
from engine.results.model import Sample
from engine.words import CaseKind, Role, UnitKind

START = shanghai(2021, 9, 1)


@dataclass(frozen=True)
class Bureau:
    """Everybody needed to take a case through the year."""

    jurisdiction: str
    unit_id: int
    department_id: int
    finance_id: int
    agency_id: int
    clerk: Actor
    head: Actor
    department: Actor
    division: Actor
    office: Actor
    second_officer: Actor
    agency: Actor
    leader: Actor

    def everybody(self) -> list[Actor]:
        offices = [self.clerk, self.head, self.department, self.division, self.office, self.second_officer]
        return [*offices, self.agency, self.leader]


def bureau_in(session: Session, jurisdiction: str = "huaxi") -> Bureau:
    """Units and people of one jurisdiction."""
    department = _unit(jurisdiction, "示例主管部门", UnitKind.DEPARTMENT)
    session.add(department)
    session.flush()
    unit = _unit(jurisdiction, "示例单位甲", UnitKind.UNIT, department.id)
    finance = _unit(jurisdiction, "示例财政局", UnitKind.FINANCE)
    agency = _unit(jurisdiction, "示例机构", UnitKind.AGENCY)
    session.add_all([unit, finance, agency])
    session.flush()
    clerk, head, office_of_department, division, office, second_officer, of_agency, leader = people_in(
        session,
        (unit, "李经办", Role.UNIT_CLERK),
        (unit, "张负责", Role.UNIT_HEAD),
        (department, "赵主管", Role.DEPARTMENT),
        (finance, "钱业务", Role.FINANCE_DIVISION),
        (finance, "王绩效", Role.PERFORMANCE_OFFICE),
        (finance, "周绩效", Role.PERFORMANCE_OFFICE),
        (agency, "孙主评", Role.AGENCY),
        (finance, "吴局长", Role.BUREAU_LEADER),
    )
    return Bureau(
        jurisdiction,
        unit.id,
        department.id,
        finance.id,
        agency.id,
        clerk=clerk,
        head=head,
        department=office_of_department,
        division=division,
        office=office,
        second_officer=second_officer,
        agency=of_agency,
        leader=leader,
    )


def person_in(session: Session, unit: Unit, name: str, *roles: Role) -> Actor:
    """Somebody appointed to these offices of a unit."""
    (actor,) = people_in(session, (unit, name, *roles))
    return actor


def people_in(session: Session, *appointed: tuple[Unit, str, *tuple[Role, ...]]) -> list[Actor]:
    """Several at once, each with unit, name and offices: few trips to the database, however many they are."""
    people = [
        Person(jurisdiction=unit.jurisdiction, login=f"{name}@{unit.id}", name=name) for unit, name, *_ in appointed
    ]
    session.add_all(people)
    session.flush()
    actors = [
        Actor(person.id, name, unit.jurisdiction, unit.id, frozenset(roles))
        for person, (unit, name, *roles) in zip(people, appointed, strict=True)
    ]
    session.add_all(
        Appointment(jurisdiction=unit.jurisdiction, person_id=person.id, unit_id=unit.id, role=role.value)
        for person, (unit, _, *roles) in zip(people, appointed, strict=True)
        for role in roles
    )
    session.flush()
    return actors


def new_project(bureau: Bureau, code: str = "P-1", **changes: Any) -> NewCase:
    """A continuing, recurrent project of 100 万元 of the example unit."""
    given: dict[str, Any] = {
        "object_kind": CaseKind.PROJECT,
        "code": code,
        "name": f"示例项目{code}",
        "unit_id": bureau.unit_id,
        "fiscal_year": 2022,
        "lines": [Line("财政拨款", Decimal("100"))],
        "facts": {
            "project_nature": "continuing",
            "spending_frequency": "recurrent",
            "project_category": "development",
        },
        "agency_id": bureau.agency_id,
    }
    return NewCase(**(given | changes))


def case_of(session: Session, bureau: Bureau, code: str = "P-1", at: datetime = START, **changes: Any) -> Case:
    """A project that has just entered the year."""
    begun = start_case(session, new_project(bureau, code, **changes), by=bureau.office, at=at)
    return session.get_one(Case, begun.case_id)


def sample_of(transactions: Transactions, receipt: Receipt) -> Sample:
    """The draw or plan a command put on record."""
    with transactions() as session:
        return session.get_one(Sample, receipt.gave["sample"])


def _unit(jurisdiction: str, name: str, kind: UnitKind, department_id: int | None = None) -> Unit:
    return Unit(jurisdiction=jurisdiction, name=name, kind=kind.value, department_id=department_id)
