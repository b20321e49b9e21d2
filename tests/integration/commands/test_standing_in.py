"""代办: an operator does a step for somebody who cannot; another agrees, and the case says all three."""

from dataclasses import replace
from uuid import UUID

import pytest

from engine.commands.claim import claim
from engine.commands.dismiss import dismiss
from engine.commands.save_draft import save_draft
from engine.commands.stand_in import stand_in
from engine.directory import Actor, NotYourOffice, Unit
from engine.moves.finishing import SpecialStep
from engine.moves.outcome import Outcome
from engine.moves.permissions import NotThroughSubstitute
from engine.moves.receipts import Receipt
from engine.moves.second_person import SecondPersonNeeded
from engine.moves.standing_in import NobodyToStandInFor, NothingSaved
from engine.queries.case_timeline import case_timeline
from engine.queries.stand_ins import stand_ins
from engine.reviews import OwnSubmission, ReasonMissing
from engine.store import Database
from engine.tasks import Task, TaskNotOpen
from engine.words import Role
from tests.factories import person_in
from tests.integration.desk import SHORT, latest, prepared, project_at, the_task
from tests.office import Office

WHY = "示例：经办人离岗，无人接办"


@pytest.fixture
def office(database: Database) -> Office:
    return Office.opened(database)


@pytest.fixture
def operator(office: Office) -> Actor:
    return somebody(office, "示例运维")


@pytest.fixture
def checking(office: Office) -> int:
    """A case whose target the department has to look at."""
    return project_at(office, "check_target")


def somebody(office: Office, name: str, *roles: Role, unit: int | None = None) -> Actor:
    with office.transactions() as session:
        place = session.get_one(Unit, unit or office.bureau.finance_id)
        return person_in(session, place, name, *(roles or (Role.OPERATOR,)))


def stood_in(
    office: Office, task: UUID, person: int, by: Actor, *, word: str = "approved", second: Actor | None = None,
    reason: str = WHY, key: str | None = None,
) -> Receipt:  # fmt: skip
    with office.transactions() as session:
        return stand_in(
            session, task, person, Outcome(word), reason=reason, second=second or office.bureau.office, by=by,
            at=office.now, key=key,
        )  # fmt: skip


def test_the_step_is_done_by_the_operator_for_the_person_and_the_case_says_so(
    office: Office, operator: Actor, checking: int
) -> None:
    task, department = the_task(office, checking, "check_target"), office.bureau.department

    stood_in(office, task.id, department.person_id, operator)

    with office.transactions() as session:
        done = session.get_one(Task, task.id)
        told = [
            (line.by, line.acting_for, line.sentence) for line in case_timeline(session, office.bureau.office, checking)
        ]
    assert (done.completed_by, done.acting_for) == (operator.person_id, department.person_id)
    (event,) = office.journal(checking, "task.stood_in_for")
    assert event.payload["agreed_by"] == office.bureau.office.person_id
    assert (event.by, event.acting_for) == (operator.person_id, department.person_id)
    (line,) = [line for line in told if f"代{department.name}办理" in line[2]]
    assert line[:2] == (operator.name, department.name)
    assert f"{WHY}，{office.bureau.office.name}同意" in line[2]


def test_a_task_whose_holder_left_the_office_is_done_for_those_who_have_it_now(
    office: Office, operator: Actor, checking: int
) -> None:
    task, department = the_task(office, checking, "check_target"), office.bureau.department
    security = somebody(office, "示例安全", Role.SECURITY_ADMIN)
    with office.transactions() as session:
        claim(session, task.id, by=department, at=office.now)
        dismiss(
            session, department.person_id, task.unit_id, Role.DEPARTMENT, reason="示例", by=security, at=office.now
        )  # fmt: skip
    colleague = somebody(office, "示例新任", Role.DEPARTMENT, unit=task.unit_id)

    with pytest.raises(NobodyToStandInFor):
        stood_in(office, task.id, department.person_id, operator)
    stood_in(office, task.id, colleague.person_id, operator)

    assert office.journal(checking, "task.stood_in_for")[0].payload["person"] == colleague.person_id


def test_a_task_in_a_colleagues_hands_is_done_for_that_colleague_only(
    office: Office, operator: Actor, checking: int
) -> None:
    task, department = the_task(office, checking, "check_target"), office.bureau.department
    colleague = somebody(office, "示例同事", Role.DEPARTMENT, unit=task.unit_id)
    with office.transactions() as session:
        claim(session, task.id, by=colleague, at=office.now)

    with pytest.raises(NobodyToStandInFor, match="不能代这个人办理"):
        stood_in(office, task.id, department.person_id, operator)
    with office.transactions() as session:
        assert {way.person_id for way in stand_ins(session, operator, checking, at=office.now)} == {colleague.person_id}


def test_what_is_filed_is_what_the_person_saved_and_nothing_else(office: Office, operator: Actor) -> None:
    case = project_at(office, "fill_target")
    step, clerk = prepared(office, case, "fill_target"), office.bureau.clerk

    with pytest.raises(NothingSaved, match="还没有存过内容"):
        stood_in(office, step.task_id, clerk.person_id, operator, word=step.outcome.word)
    with office.transactions() as session:
        save_draft(session, step.task_id, dict(step.outcome.content or {}), by=clerk, at=office.now)
    stood_in(office, step.task_id, clerk.person_id, operator, word=step.outcome.word)

    filed = latest(office, case)
    assert filed.content["project_name"] == (step.outcome.content or {})["project_name"]
    assert (filed.filled_by, len(office.journal(case, "task.stood_in_for"))) == (operator.person_id, 1)


def test_nobody_agrees_to_their_own_deed_nor_the_person_it_is_done_for(
    office: Office, operator: Actor, checking: int
) -> None:
    task, department = the_task(office, checking, "check_target"), office.bureau.department
    both = somebody(office, "示例两岗", Role.OPERATOR, Role.AUDIT_ADMIN)

    for by, second in ((both, both), (operator, operator), (operator, department)):
        with pytest.raises((SecondPersonNeeded, NotYourOffice)):
            stood_in(office, task.id, department.person_id, by, second=second)

    assert office.journal(checking, "task.stood_in_for") == []


def test_whoever_filed_does_not_review_in_somebody_elses_name(office: Office, checking: int) -> None:
    task, department = the_task(office, checking, "check_target"), office.bureau.department
    clerk = office.bureau.clerk
    also_operator = replace(clerk, roles=clerk.roles | {Role.OPERATOR})

    with pytest.raises(OwnSubmission):
        stood_in(office, task.id, department.person_id, also_operator)


def test_only_operators_in_person_and_with_a_reason(office: Office, operator: Actor, checking: int) -> None:
    task, department = the_task(office, checking, "check_target"), office.bureau.department
    person = department.person_id

    with pytest.raises(NotYourOffice):
        stood_in(office, task.id, person, office.bureau.clerk)
    with pytest.raises(NotThroughSubstitute):
        stood_in(office, task.id, person, replace(operator, acting_for=office.bureau.head.person_id))
    with pytest.raises(ReasonMissing):
        stood_in(office, task.id, person, operator, reason=" ")


def test_the_same_request_again_does_nothing_more(office: Office, operator: Actor, checking: int) -> None:
    task, person = the_task(office, checking, "check_target"), office.bureau.department.person_id

    first = stood_in(office, task.id, person, operator, key="示例")
    again = stood_in(office, task.id, person, operator, key="示例")

    assert (first.repeated, again.repeated) == (False, True)
    assert len(office.journal(checking, "task.stood_in_for")) == 1
    with pytest.raises(TaskNotOpen):
        stood_in(office, task.id, person, operator)


def test_steps_with_a_command_of_their_own_are_not_offered_and_not_done(office: Office, operator: Actor) -> None:
    case = office.open_case()
    office.reach(case, "feedback.issue_feedback_letter", sampled=True, selected=True, **SHORT)
    task = the_task(office, case, "issue_feedback_letter")

    auditor = somebody(office, "示例审计", Role.AUDIT_ADMIN)
    with office.transactions() as session:
        assert task.id not in {way.task_id for way in stand_ins(session, operator, case, at=office.now)}
    with pytest.raises(SpecialStep, match="不能代办"):
        stood_in(office, task.id, office.bureau.second_officer.person_id, operator, word="issued", second=auditor)
