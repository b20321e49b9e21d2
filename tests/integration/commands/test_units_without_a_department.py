"""A unit of the first level is its own department: said at the start, and nothing waits for an office nobody holds."""

import pytest

from engine.directory import Actor, Appointment, Unit, competent_office
from engine.store import Database
from engine.words import CaseKind, Role
from tests.integration.desk import SHORT
from tests.office import Office


@pytest.fixture
def office(database: Database) -> Office:
    """广州, where a department sees to the last of three reviews; the example unit is under nobody."""
    office = Office.opened(database, "guangzhou")
    with office.transactions() as session:
        session.get_one(Unit, office.bureau.unit_id).department_id = None
    return office


def _appointed(office: Office, actor: Actor) -> None:
    with office.transactions() as session:
        where = {"jurisdiction": actor.jurisdiction, "unit_id": office.bureau.unit_id}
        session.add(Appointment(person_id=actor.person_id, role=Role.DEPARTMENT, **where))


def test_at_the_start_it_is_said_who_does_what_a_department_has_to_do(office: Office) -> None:
    with_nobody = office.open_case(code="示例-甲")
    _appointed(office, office.bureau.clerk)
    with_somebody = office.open_case(code="示例-乙")

    told = [office.journal(case, "case.started")[0].payload["own_department"] for case in (with_nobody, with_somebody)]
    assert told == ["unit_head", "department"]


def test_a_unit_under_a_department_is_told_nothing(database: Database) -> None:
    office = Office.opened(database)

    (entry,) = office.journal(office.open_case(), "case.started")

    assert "own_department" not in entry.payload


def test_a_step_of_the_department_waits_for_the_head_where_nobody_holds_that_office(office: Office) -> None:
    case_id = office.open_case()
    office.reach(case_id, "target_filing.finalise_target", **SHORT)

    (task,) = office.tasks(case_id)
    office.do(case_id, "finalise_target")

    assert (task.unit_id, task.role) == (office.bureau.unit_id, Role.UNIT_HEAD)
    assert office.open_steps(case_id) != ["target_filing.finalise_target"]


def test_where_somebody_holds_it_the_step_is_theirs(office: Office) -> None:
    unit = office.bureau.unit_id
    with office.transactions() as session:
        before = competent_office(session, unit, None)
    _appointed(office, office.bureau.clerk)

    with office.transactions() as session:
        assert before == (unit, Role.UNIT_HEAD)
        assert competent_office(session, unit, None) == (unit, Role.DEPARTMENT)
        assert competent_office(session, unit, 7) == (7, Role.DEPARTMENT)


def test_a_policy_of_such_a_unit_is_evaluated_by_its_head(office: Office) -> None:
    case_id = office.open_case(CaseKind.POLICY, policy_ends_on="2021-12-31")
    office.reach(case_id, "policy_expiry.evaluate_policy")

    (task,) = office.tasks(case_id)
    office.do(case_id, "evaluate_policy")

    assert task.role == Role.UNIT_HEAD
    assert "policy_expiry.evaluate_policy" not in office.open_steps(case_id)
