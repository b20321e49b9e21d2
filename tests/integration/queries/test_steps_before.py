"""上一步: who did what before a task was opened, whatever opened it."""

from datetime import timedelta

import pytest

from engine.queries.steps_before import StepBefore, steps_before
from engine.store import Database
from tests.integration.desk import project_at
from tests.office import Office


@pytest.fixture
def office(database: Database) -> Office:
    return Office.opened(database)


def before(office: Office, case: int) -> StepBefore:
    """What led to the only open task of a case."""
    (task,) = office.tasks(case)
    with office.transactions() as session:
        return steps_before(session, office.bureau.office, [task.id])[task.id]


def later(office: Office) -> None:
    office.clock.move_to(office.now + timedelta(minutes=10))


def test_a_returned_paper_says_who_sent_it_back_in_which_step(office: Office) -> None:
    case = project_at(office, "check_target")
    later(office)
    office.do(case, "check_target", "returned")

    assert before(office, case) == StepBefore("退回", "审核绩效目标", "赵主管", None, office.now)


def test_a_paper_handed_in_says_who_handed_it_in_and_not_what_followed_from_it(office: Office) -> None:
    case = project_at(office, "confirm_target")
    later(office)
    office.do(case, "confirm_target")

    assert before(office, case) == StepBefore("报送", "确认绩效目标", "张负责", None, office.now)


def test_a_stage_that_was_launched_says_who_launched_it(office: Office) -> None:
    case = project_at(office, "approved")
    later(office)
    office.launch("monitoring")

    found = before(office, case)

    assert (found.by, found.step, found.at) == ("王绩效", None, office.now)
    assert "部署" in found.title


def test_what_was_taken_back_says_so(office: Office) -> None:
    case = project_at(office, "check_target")
    later(office)
    office.take_back(case, "F02")

    found = before(office, case)

    assert (found.title, found.by, found.at) == ("撤回", "李经办", office.now)


def test_a_deadline_that_opened_the_next_step_was_nobody(office: Office) -> None:
    case = office.open_case()
    office.reach(case, "feedback.answer_feedback")
    office.let_pass(case)

    opened = [task.id for task in office.tasks(case)]
    with office.transactions() as session:
        found = steps_before(session, office.bureau.office, opened)

    assert set(found) == set(opened)
    assert {step.by for step in found.values()} == {None}
