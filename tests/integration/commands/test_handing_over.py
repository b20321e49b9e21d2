"""转办 of a task somebody has claimed: by whom it is handed on, and by whom not."""

import pytest
from sqlalchemy import delete

from engine.commands import claim, transfer
from engine.directory import Actor, Appointment, Unit
from engine.moves.asking import moves_open_to
from engine.tasks import Task
from engine.words import Role
from tests.factories import person_in
from tests.integration.desk import project_at, steps, the_task
from tests.integration.refusals import refused
from tests.office import Office


@pytest.fixture
def second_clerk(office: Office) -> Actor:
    """A colleague of the clerk, in the same office of the same unit."""
    with office.transactions() as session:
        return person_in(session, session.get_one(Unit, office.bureau.unit_id), "陈经办", Role.UNIT_CLERK)


@pytest.fixture
def claimed(office: Office) -> Task:
    """A target to be filled, claimed by the clerk."""
    task = the_task(office, project_at(office, "fill_target"), "fill_target")
    with office.transactions() as session:
        claim(session, task.id, by=office.bureau.clerk, at=office.now)
    return task


def hand_over(office: Office, task: Task, to: Actor, by: Actor) -> None:
    with office.transactions() as session:
        transfer(session, task.id, to.person_id, reason="示例：出差", by=by, at=office.now)


def test_nobody_takes_a_claimed_task_out_of_the_hands_of_a_colleague(
    office: Office, claimed: Task, second_clerk: Actor
) -> None:
    with refused(office.database, "task.held_by_another") as told:
        hand_over(office, claimed, second_clerk, by=second_clerk)

    assert "现在由李经办办理" in told.value.message

    assert the_task(office, claimed.case_id, "fill_target").holder_id == office.bureau.clerk.person_id


def test_another_unit_does_not_hand_on_a_claimed_task(office: Office, claimed: Task, second_clerk: Actor) -> None:
    with refused(office.database, "task.not_yours"):
        hand_over(office, claimed, second_clerk, by=office.bureau.office)


@pytest.mark.parametrize("who", ["clerk", "head"])
def test_a_claimed_task_is_handed_on_by_its_holder_or_by_the_head_of_the_unit(
    office: Office, claimed: Task, second_clerk: Actor, who: str
) -> None:
    hand_over(office, claimed, second_clerk, by=getattr(office.bureau, who))

    assert the_task(office, claimed.case_id, "fill_target").holder_id == second_clerk.person_id
    [told] = office.journal(claimed.case_id, "task.transferred")
    assert (told.payload["to"], told.payload["reason"]) == (second_clerk.person_id, "示例：出差")


# ── a holder who left the office ─────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def left(office: Office, claimed: Task, second_clerk: Actor) -> Task:
    """The task claimed by the clerk, who is a clerk no longer; the colleague still is."""
    with office.transactions() as session:
        session.execute(delete(Appointment).where(Appointment.person_id == office.bureau.clerk.person_id))
    return claimed


def holder(office: Office, task: Task) -> int | None:
    with office.transactions() as session:
        return session.get_one(Task, task.id).holder_id


def test_a_colleague_claims_what_somebody_held_who_left_the_office(
    office: Office, left: Task, second_clerk: Actor
) -> None:
    with office.transactions() as session:
        claim(session, left.id, by=second_clerk, at=office.now)

    assert holder(office, left) == second_clerk.person_id


def test_a_colleague_takes_over_what_somebody_held_who_left_the_office(
    office: Office, left: Task, second_clerk: Actor
) -> None:
    hand_over(office, left, second_clerk, by=second_clerk)

    assert holder(office, left) == second_clerk.person_id


def test_a_colleague_completes_what_somebody_held_who_left_the_office(
    office: Office, left: Task, second_clerk: Actor
) -> None:
    with office.transactions() as session:
        (move,) = moves_open_to(session, left.id, second_clerk, at=office.now)
    office.do(left.case_id, "fill_target", by=second_clerk)

    assert move.possible
    assert "confirm_target" in steps(office, left.case_id)


def test_what_is_held_by_somebody_who_left_stays_closed_to_other_units_and_offices(office: Office, left: Task) -> None:
    for by, code in ((office.bureau.department, "task.not_yours"), (office.bureau.head, "directory.wrong_office")):
        with refused(office.database, code), office.transactions() as session:
            claim(session, left.id, by=by, at=office.now)


def test_the_hold_lasts_while_the_holder_has_the_office_only_in_that_unit(
    office: Office, left: Task, second_clerk: Actor
) -> None:
    with office.transactions() as session:
        elsewhere = {"unit_id": office.bureau.department_id, "role": Role.UNIT_CLERK}
        session.add(Appointment(jurisdiction="huaxi", person_id=office.bureau.clerk.person_id, **elsewhere))

    with office.transactions() as session:
        claim(session, left.id, by=second_clerk, at=office.now)

    assert holder(office, left) == second_clerk.person_id
