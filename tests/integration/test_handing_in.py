"""A unit's day is the unit's, whoever inside it still sits on the paper: it is met when the head has handed in."""

from datetime import date
from typing import Any

import pytest

from engine.commands.correct_state import correct_state
from engine.commands.extend_deadline import extend_deadline
from engine.deadlines.model import Deadline
from engine.queries.case_in_hand import steps_to_move_to
from engine.words import DeadlineState
from tests.integration.desk import deadline, events, project_at, sound, steps, the_task
from tests.office import Office

DAY = "monitoring.fill"
BACK = "monitoring.revise"


@pytest.fixture
def case(office: Office) -> int:
    """A project whose monitoring sheet is to be filled in."""
    case_id = project_at(office, "approved")
    office.reach(case_id, "monitoring.fill_monitoring")
    return case_id


def about(office: Office, case: int, step: str, name: str = DAY) -> bool:
    """Whether the deadline is about the open step of that name."""
    return deadline(office, case, name).task_id == the_task(office, case, step).id


def left(due: Deadline) -> tuple[Any, ...]:
    """What must not change while the paper goes to and fro inside the unit."""
    return due.id, due.started_on, due.due_on, due.remind_at, due.state


def test_the_day_runs_on_when_the_clerk_hands_the_paper_to_the_head(office: Office, case: int) -> None:
    before, due_on = left(deadline(office, case, DAY)), the_task(office, case, "fill_monitoring").due_on

    office.do(case, "fill_monitoring")

    assert left(deadline(office, case, DAY)) == before
    assert before[-1] == DeadlineState.PENDING
    assert about(office, case, "confirm_monitoring")
    assert the_task(office, case, "confirm_monitoring").due_on == due_on
    opened = office.journal(case, "task.opened")[-1].payload
    assert date.fromisoformat(opened["due_on"]) == due_on


def test_the_day_does_not_begin_anew_when_the_head_hands_the_paper_back(office: Office, case: int) -> None:
    before = left(deadline(office, case, DAY))
    office.do(case, "fill_monitoring")

    office.do(case, "confirm_monitoring", "revise")

    assert left(deadline(office, case, DAY)) == before
    assert about(office, case, "fill_monitoring")


def test_the_day_is_met_when_the_head_has_handed_in(office: Office, case: int) -> None:
    office.do(case, "fill_monitoring")

    office.do(case, "confirm_monitoring")

    assert deadline(office, case, DAY).state == DeadlineState.MET
    sound(office)


def test_a_head_who_never_confirms_is_overdue(office: Office, case: int) -> None:
    office.do(case, "fill_monitoring")
    due_on = the_task(office, case, "confirm_monitoring").due_on

    office.let_pass(case, DAY)
    office.sweep(case)

    assert events(office, case)[-2:] == ["deadline.fired", "task.overdue"]
    assert steps(office, case) == ["confirm_monitoring"]
    assert the_task(office, case, "confirm_monitoring").due_on == due_on
    sound(office)


def test_a_paper_that_comes_late_to_the_head_is_told_late_once(office: Office, case: int) -> None:
    office.let_pass(case, DAY)
    due_on = the_task(office, case, "fill_monitoring").due_on

    office.do(case, "fill_monitoring", reason="示例：台账迟了")
    assert the_task(office, case, "confirm_monitoring").due_on == due_on
    assert about(office, case, "confirm_monitoring")
    office.do(case, "confirm_monitoring")

    (told,) = office.journal(case, "submission.filed_late")
    assert told.payload["reason"] == "示例：台账迟了"
    assert deadline(office, case, DAY).state == DeadlineState.FIRED
    sound(office)


def test_a_paper_in_time_that_the_head_kept_too_long_is_told_late_by_the_head(office: Office, case: int) -> None:
    office.do(case, "fill_monitoring")
    office.let_pass(case, DAY)

    office.do(case, "confirm_monitoring", reason="示例：负责人出差")

    (told,) = office.journal(case, "submission.filed_late")
    assert told.payload["reason"] == "示例：负责人出差"
    assert told.payload["step"] == "monitoring.confirm_monitoring"


def test_a_later_day_is_shown_to_whoever_has_the_paper(office: Office, case: int) -> None:
    office.do(case, "fill_monitoring")
    due, until = deadline(office, case, DAY), date(2021, 12, 1)

    with office.transactions() as session:
        extend_deadline(session, due.id, until, reason="示例：系统停用", by=office.bureau.office, at=office.now)

    assert the_task(office, case, "confirm_monitoring").due_on == until


def test_a_return_gives_the_unit_its_day_for_mending_whole(office: Office, case: int) -> None:
    office.reach(case, "monitoring.check_monitoring")
    office.do(case, "check_monitoring", "returned")
    given = deadline(office, case, BACK)

    office.do(case, "revise_monitoring")

    assert given.state == DeadlineState.PENDING
    assert about(office, case, "confirm_revised_monitoring", BACK)
    office.do(case, "confirm_revised_monitoring")
    assert deadline(office, case, BACK).state == DeadlineState.MET


def test_an_operator_leads_a_case_back_into_the_hands_of_the_unit_with_its_day(office: Office, case: int) -> None:
    office.reach(case, "monitoring.check_monitoring")
    bureau = office.bureau

    with office.transactions() as session:
        assert "monitoring.confirm_monitoring" in steps_to_move_to(session, bureau.office, case)
        correct_state(
            session, case, "monitoring", "confirm_monitoring", reason="示例：误送", second=bureau.second_officer,
            by=bureau.office, at=office.now,
        )  # fmt: skip

    assert steps(office, case) == ["confirm_monitoring"]
    assert about(office, case, "confirm_monitoring")
    assert deadline(office, case, DAY).state == DeadlineState.PENDING
    sound(office)
