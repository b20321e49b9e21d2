"""What follows when a date passes, is moved, or meets a case that stands still."""

import sys
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import literal_column, select

from engine.clock import shanghai
from engine.commands.answer_extension import answer_extension
from engine.commands.extend_all import extend_all
from engine.commands.extend_deadline import DeadlineNotPending, extend_deadline
from engine.commands.fire_deadline import fire_deadline
from engine.commands.launch_stage import launch_stage
from engine.commands.request_extension import request_extension
from engine.commands.resume import resume
from engine.commands.suspend import suspend
from engine.deadlines.model import Deadline
from engine.moves.extending import DateRefused
from engine.queries.case_card import case_card
from engine.queries.deadline_reasons import LATER_OWN_DAY, reason_of
from engine.tasks import Task, TaskNotOpen
from engine.words import CaseState, DeadlineState
from tests.integration.desk import (
    deadline,
    events,
    project_at,
    steps,
    the_task,
    versions,
)
from tests.office import Office

LATE = shanghai(2020, 9, 29)
"""The day after the target was due."""
PAST_THE_GATE = shanghai(2020, 12, 16)


@pytest.fixture
def case(office: Office) -> int:
    """A project whose target is to be filled."""
    return project_at(office, "fill_target")


def fire(office: Office, due: Deadline, at: Any) -> bool:
    with office.transactions() as session:
        return fire_deadline(session, due.id, at=at)


def test_a_deadline_takes_effect_once_and_the_work_goes_on(office: Office, case: int) -> None:
    due = deadline(office, case, "target_filing.fill")

    fired = [fire(office, due, LATE) for _ in range(3)]

    assert fired == [True, False, False]
    assert deadline(office, case, "target_filing.fill").state == DeadlineState.FIRED
    assert events(office, case, "deadline.fired", "task.overdue") == ["deadline.fired", "task.overdue"]
    assert steps(office, case) == ["fill_target"]


def test_a_deadline_is_left_alone_to_the_last_second_of_its_day(office: Office, case: int) -> None:
    due = deadline(office, case, "target_filing.fill")
    last_second = shanghai(2020, 9, 28, 23, 59) + timedelta(seconds=59)

    assert due.due_on == date(2020, 9, 28)
    assert not fire(office, due, last_second)
    assert fire(office, due, last_second + timedelta(seconds=1))


def test_a_deadline_is_late_from_midnight_and_not_an_instant_before(office: Office, case: int) -> None:
    due = deadline(office, case, "target_filing.fill")
    midnight = shanghai(2020, 9, 29, 0)

    assert due.due_at == midnight
    assert not fire(office, due, midnight - timedelta(microseconds=1))
    assert fire(office, due, midnight)


def test_the_gate_takes_the_work_away_and_finance_decides(office: Office, case: int) -> None:
    gate = deadline(office, case, "target_filing.budget_gate")

    assert fire(office, gate, PAST_THE_GATE)

    assert steps(office, case) == ["decide_unapproved_target"]
    assert deadline(office, case, "target_filing.budget_gate").state == DeadlineState.FIRED
    assert deadline(office, case, "target_filing.fill").state == DeadlineState.FIRED


def test_the_date_of_a_review_marks_it_overdue_and_leaves_it_open(office: Office, case: int) -> None:
    office.reach(case, "target_filing.check_target")
    due = deadline(office, case, "target_filing.check")

    assert fire(office, due, LATE)

    assert events(office, case, "task.overdue") == ["task.overdue"]
    office.do(case, "check_target")
    assert deadline(office, case, "target_filing.check").state == DeadlineState.FIRED


def test_what_is_done_in_time_meets_all_its_deadlines(office: Office, case: int) -> None:
    office.do(case, "fill_target")
    office.do(case, "confirm_target")

    assert deadline(office, case, "target_filing.fill").state == DeadlineState.MET
    assert deadline(office, case, "target_filing.budget_gate").state == DeadlineState.MET


def test_the_gate_takes_no_work_before_the_day_the_step_itself_has(office: Office) -> None:
    office.clock.move_to(shanghai(2020, 12, 7))
    case = project_at(office, "fill_target")

    own, gate = deadline(office, case, "target_filing.fill"), deadline(office, case, "target_filing.budget_gate")

    assert own.due_on == gate.due_on == the_task(office, case, "fill_target").due_on > date(2020, 12, 15)
    with office.transactions() as session:
        assert reason_of(session, office.bureau.clerk, gate.id).words == LATER_OWN_DAY
    office.clock.move_to(PAST_THE_GATE)
    office.sweep(case)
    assert steps(office, case) == ["fill_target"]
    office.let_pass(case, "target_filing.budget_gate")
    assert steps(office, case) == ["decide_unapproved_target"]
    assert events(office, case, "deadline.fired", "task.overdue") == [
        "deadline.fired",
        "task.overdue",
        "deadline.fired",
    ]


def test_a_target_returned_on_the_last_day_has_its_whole_time_for_mending(office: Office, case: int) -> None:
    office.reach(case, "target_filing.check_target")
    office.clock.move_to(shanghai(2020, 12, 15, 15))
    office.do(case, "check_target", "returned")
    office.clock.move_to(PAST_THE_GATE)
    office.sweep(case)

    assert steps(office, case) == ["revise_target"]
    assert the_task(office, case, "revise_target").due_on == date(2020, 12, 22)
    assert deadline(office, case, "target_filing.budget_gate").due_on == date(2020, 12, 22)


def test_a_head_who_never_confirms_loses_the_work_at_the_gate_too(office: Office, case: int) -> None:
    office.do(case, "fill_target")

    office.let_pass(case, "target_filing.budget_gate")

    assert steps(office, case) == ["decide_unapproved_target"]
    fired = events(office, case, "deadline.fired", "task.overdue")
    assert fired == ["deadline.fired", "task.overdue", "deadline.fired"]


def test_a_late_completion_first_lets_what_is_due_take_effect(office: Office, case: int) -> None:
    before = len(events(office, case))
    office.clock.move_to(LATE)

    office.do(case, "fill_target")

    assert events(office, case)[before:] == [
        "deadline.fired", "task.overdue", "submission.filled", "submission.filed_late",
    ]  # fmt: skip
    assert deadline(office, case, "target_filing.fill").state == DeadlineState.FIRED


def test_work_whose_gate_has_passed_is_refused_in_words_and_the_gate_still_takes_effect_once(
    office: Office, case: int
) -> None:
    office.clock.move_to(PAST_THE_GATE)

    with pytest.raises(TaskNotOpen, match="期限已过，流程已收回"):
        office.do(case, "fill_target")
    office.sweep(case)
    office.sweep(case)

    assert steps(office, case) == ["decide_unapproved_target"]
    assert len(events(office, case, "deadline.fired")) == 2
    assert versions(office, case, "F02") == []


def test_an_extended_deadline_shows_on_the_task_and_fires_on_the_new_day(office: Office, case: int) -> None:
    due = deadline(office, case, "target_filing.fill")

    with office.transactions() as session:
        extend_deadline(session, due.id, date(2020, 10, 16), reason="系统升级", by=office.bureau.office, at=office.now)

    assert the_task(office, case, "fill_target").due_on == date(2020, 10, 16)
    assert not fire(office, due, LATE)
    assert fire(office, due, shanghai(2020, 10, 17))


def test_a_day_is_put_off_for_whoever_has_the_work_by_then(
    office: Office, case: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    due, command = deadline(office, case, "target_filing.fill"), sys.modules["engine.commands.extend_deadline"]
    look_up = command.row_by_id

    def looked_up_too_early(*of: Any) -> Any:
        found = look_up(*of)
        office.do(case, "fill_target")
        return found

    monkeypatch.setattr(command, "row_by_id", looked_up_too_early)
    with office.transactions() as session:
        extend_deadline(session, due.id, date(2020, 10, 16), reason="系统升级", by=office.bureau.office, at=office.now)

    assert the_task(office, case, "confirm_target").due_on == date(2020, 10, 16)


def test_extending_the_later_of_two_deadlines_leaves_the_task_due_on_the_earlier(office: Office, case: int) -> None:
    gate = deadline(office, case, "target_filing.budget_gate")
    how: dict[str, Any] = {"reason": "预算编制延后", "by": office.bureau.office, "at": office.now}

    with office.transactions() as session:
        extend_deadline(session, gate.id, date(2020, 12, 31), **how)
        extend_all(session, 2021, "target_filing.budget_gate", date(2021, 1, 8), **how)

    assert the_task(office, case, "fill_target").due_on == date(2020, 9, 28)
    assert deadline(office, case, "target_filing.budget_gate").due_on == date(2021, 1, 8)


def test_extending_a_deadline_writes_no_task_of_another_case(office: Office, case: int) -> None:
    other = the_task(office, project_at(office, "fill_target"), "fill_target").id
    due, how = deadline(office, case, "target_filing.fill"), {"reason": "延后", "by": office.bureau.office}
    written = select(literal_column("xmin::text")).select_from(Task).where(Task.id == other)
    with office.transactions() as session:
        before = session.scalar(written)

    with office.transactions() as session:
        extend_deadline(session, due.id, date(2020, 10, 12), **how, at=office.now)

    with office.transactions() as session:
        assert session.scalar(written) == before


def test_a_task_that_is_overdue_stays_overdue_when_another_of_its_deadlines_is_extended(
    office: Office, case: int
) -> None:
    fire(office, deadline(office, case, "target_filing.fill"), LATE)
    gate = deadline(office, case, "target_filing.budget_gate")

    with office.transactions() as session:
        extend_deadline(session, gate.id, date(2020, 12, 31), reason="延后", by=office.bureau.office, at=LATE)

    assert the_task(office, case, "fill_target").due_on == date(2020, 9, 28)


@pytest.mark.parametrize(
    ("until", "why"),
    [
        (date(2020, 9, 28), "应晚于2020-09-28"),
        (date(2020, 10, 15), "不能早于今天（2020-10-16）"),
        (date(2021, 9, 29), "最晚延到2021-09-28"),
        (date(2050, 1, 1), "最晚延到2021-09-28"),
    ],
)
def test_a_deadline_only_moves_later_not_into_the_past_and_no_further_than_its_table_lets_it(
    office: Office, case: int, until: date, why: str
) -> None:
    due = deadline(office, case, "target_filing.fill")
    how: dict[str, Any] = {"reason": "示例", "by": office.bureau.office, "at": shanghai(2020, 10, 16)}

    with pytest.raises(DateRefused, match=why), office.transactions() as session:
        extend_deadline(session, due.id, until, **how)
    with pytest.raises(DateRefused, match=why), office.transactions() as session:
        request_extension(session, due.id, until, **how | {"by": office.bureau.clerk})


def test_however_often_a_day_is_put_off_the_bound_is_counted_from_the_day_laid_down(office: Office, case: int) -> None:
    due = deadline(office, case, "target_filing.fill")
    how: dict[str, Any] = {"reason": "示例", "by": office.bureau.office, "at": office.now}
    with office.transactions() as session:
        extend_deadline(session, due.id, date(2021, 9, 28), **how)

    with pytest.raises(DateRefused, match="最晚延到2021-09-28"), office.transactions() as session:
        extend_deadline(session, due.id, date(2021, 9, 29), **how)


@pytest.mark.parametrize("swept", [True, False])
def test_a_deadline_that_has_passed_runs_again_when_it_is_put_off_before_the_work_is_done(
    office: Office, case: int, swept: bool
) -> None:
    due = deadline(office, case, "target_filing.fill")
    how: dict[str, Any] = {"reason": "示例：停电", "by": office.bureau.office}
    if swept:
        fire(office, due, LATE)

    with office.transactions() as session:
        extend_deadline(session, due.id, date(2020, 10, 30), at=shanghai(2020, 10, 9), **how)

    again = deadline(office, case, "target_filing.fill")
    assert events(office, case, "deadline.fired", "task.overdue", "deadline.extended") == [
        "deadline.fired", "task.overdue", "deadline.extended",
    ]  # fmt: skip
    assert (again.state, again.due_on, again.timer, again.consequence, again.closed_at) == (
        DeadlineState.PENDING, date(2020, 10, 30), None, "mark_overdue", None,
    )  # fmt: skip
    assert the_task(office, case, "fill_target").due_on == date(2020, 10, 30)
    assert fire(office, again, shanghai(2020, 10, 31))
    assert events(office, case, "task.overdue") == ["task.overdue", "task.overdue"]
    assert steps(office, case) == ["fill_target"]


@pytest.mark.parametrize("swept", [True, False])
def test_a_deadline_that_takes_its_task_away_is_not_put_off_once_it_has_passed(
    office: Office, case: int, swept: bool
) -> None:
    gate = deadline(office, case, "target_filing.budget_gate")
    how: dict[str, Any] = {"reason": "示例", "by": office.bureau.office, "at": shanghai(2020, 12, 20)}
    if swept:
        fire(office, gate, PAST_THE_GATE)

    with pytest.raises(DeadlineNotPending, match="申请补报"), office.transactions() as session:
        extend_deadline(session, gate.id, date(2021, 1, 30), **how)


def test_what_was_asked_in_time_is_granted_after_the_day_has_passed(office: Office, case: int) -> None:
    due = deadline(office, case, "target_filing.fill")
    with office.transactions() as session:
        how: dict[str, Any] = {"reason": "示例：停电", "at": office.now}
        asked = request_extension(session, due.id, date(2020, 10, 30), by=office.bureau.clerk, **how).gave["request"]
    fire(office, due, LATE)

    with office.transactions() as session:
        answer_extension(session, asked, date(2020, 10, 30), reason="属实", by=office.bureau.office, at=LATE)

    assert the_task(office, case, "fill_target").due_on == date(2020, 10, 30)


def test_one_kind_of_deadline_is_extended_for_the_whole_year_in_one_go(office: Office, case: int) -> None:
    others = [project_at(office, "fill_target") for n in range(2, 5)]
    reviewed = project_at(office, "check_target")

    with office.transactions() as session:
        how: dict[str, Any] = {"reason": "系统升级", "by": office.bureau.office, "at": office.now}
        moved = extend_all(session, 2021, "target_filing.fill", date(2020, 10, 30), **how)
        none = extend_all(session, 2022, "target_filing.fill", date(2020, 11, 30), **how)

    assert (moved.gave["moved"], none.gave["moved"]) == (4, 0)
    assert [len(office.journal(each, "deadline.extended")) for each in (case, *others, reviewed)] == [1, 1, 1, 1, 0]
    assert {the_task(office, each, "fill_target").due_on for each in (case, *others)} == {date(2020, 10, 30)}
    assert the_task(office, reviewed, "check_target").due_on == date(2020, 9, 8)


def test_extending_for_the_whole_year_takes_along_what_is_overdue_and_leaves_what_was_taken_away(
    office: Office, case: int
) -> None:
    late, gone = project_at(office, "fill_target"), project_at(office, "fill_target")
    fire(office, deadline(office, late, "target_filing.fill"), LATE)
    fire(office, deadline(office, gone, "target_filing.budget_gate"), PAST_THE_GATE)

    with office.transactions() as session:
        how: dict[str, Any] = {"reason": "系统升级", "by": office.bureau.office, "at": LATE}
        moved = extend_all(session, 2021, "target_filing.fill", date(2020, 10, 30), **how)

    assert moved.gave["moved"] == 2
    assert {the_task(office, each, "fill_target").due_on for each in (case, late)} == {date(2020, 10, 30)}
    assert deadline(office, gone, "target_filing.fill").due_on == date(2020, 9, 28)


def test_a_day_moved_for_the_whole_year_is_told_once_among_the_days_of_a_case(office: Office, case: int) -> None:
    with office.transactions() as session:
        how: dict[str, Any] = {"reason": "系统升级", "by": office.bureau.office, "at": office.now}
        extend_all(session, 2021, "target_filing.fill", date(2020, 10, 30), **how)

    with office.transactions() as session:
        days = {day.name: day for day in case_card(session, office.bureau.office, case).days}

    (move,) = days["target_filing.fill"].moves
    assert (move.before, move.after, move.reason) == (date(2020, 9, 28), date(2020, 10, 30), "系统升级")


def test_extending_for_the_whole_year_is_on_record_with_its_reason_and_how_many_moved(
    office: Office, case: int
) -> None:
    with office.transactions() as session:
        how: dict[str, Any] = {"reason": "系统升级", "by": office.bureau.office, "at": office.now}
        extend_all(session, 2021, "target_filing.fill", date(2020, 10, 30), **how)

    (entry,) = office.journal(0, "deadlines.extended")
    assert entry.by == office.bureau.office.person_id
    assert entry.payload == {
        "deadline": "target_filing.fill",
        "fiscal_year": 2021,
        "after": "2020-10-30",
        "count": 1,
        "reason": "系统升级",
    }


# ── standing still ───────────────────────────────────────────────────────────────────────────────────────────────────


def pause(office: Office, case: int) -> None:
    with office.transactions() as session:
        suspend(session, case, reason="机构改革", by=office.bureau.office, at=office.now)


def go_on(office: Office, case: int) -> None:
    with office.transactions() as session:
        resume(session, case, reason="改革完成", by=office.bureau.office, at=office.now)


def test_the_deadlines_of_a_suspended_case_wait_and_take_effect_after_it_goes_on(office: Office, case: int) -> None:
    due = deadline(office, case, "target_filing.fill")
    pause(office, case)

    assert not fire(office, due, LATE)
    go_on(office, case)

    assert fire(office, due, LATE)


def test_the_working_days_a_case_stood_still_are_given_back_and_told(office: Office, case: int) -> None:
    due = deadline(office, case, "target_filing.fill")
    office.clock.move_to(shanghai(2020, 9, 1))
    pause(office, case)
    office.clock.move_to(shanghai(2020, 10, 20))

    go_on(office, case)

    back = deadline(office, case, "target_filing.fill")
    (told,) = office.journal(case, "deadline.given_back")
    # 20 working days were left on 1 September, so many follow 20 October
    assert (due.due_on, back.due_on, back.laid_down_on) == (date(2020, 9, 28), date(2020, 11, 17), date(2020, 9, 28))
    assert the_task(office, case, "fill_target").due_on == date(2020, 11, 17)
    assert told.payload | {"id": None} == {
        "id": None, "deadline": "target_filing.fill", "before": "2020-09-28", "after": "2020-11-17", "days": 31,
    }  # fmt: skip
    assert not fire(office, back, office.now)
    assert fire(office, back, shanghai(2020, 11, 18))


def test_the_gate_runs_on_while_a_case_stands_still(office: Office, case: int) -> None:
    office.clock.move_to(shanghai(2020, 9, 1))
    pause(office, case)
    office.clock.move_to(shanghai(2020, 12, 20))

    go_on(office, case)

    gate = deadline(office, case, "target_filing.budget_gate")
    assert gate.due_on == date(2020, 12, 15)
    assert fire(office, gate, office.now)


def test_what_was_overdue_before_the_case_stood_still_gets_nothing_back(office: Office, case: int) -> None:
    fire(office, deadline(office, case, "target_filing.fill"), LATE)
    office.clock.move_to(LATE)
    pause(office, case)
    office.clock.move_to(shanghai(2020, 10, 20))

    go_on(office, case)

    assert events(office, case, "deadline.given_back") == []
    assert the_task(office, case, "fill_target").due_on == date(2020, 9, 28)


def test_a_case_resumed_on_a_day_off_has_until_that_day_for_what_was_due_when_it_was_suspended(
    office: Office, case: int
) -> None:
    office.clock.move_to(shanghai(2020, 9, 28))
    pause(office, case)
    office.clock.move_to(shanghai(2020, 10, 11))

    go_on(office, case)

    assert deadline(office, case, "target_filing.fill").due_on == date(2020, 10, 11)


def test_a_case_that_was_suspended_when_its_stage_was_launched_joins_when_it_goes_on(office: Office) -> None:
    case = project_at(office, "approved")
    pause(office, case)
    assert office.launch("monitoring") == 0

    go_on(office, case)

    assert steps(office, case) == ["fill_monitoring"]
    assert office.case(case).state == CaseState.ACTIVE


def test_a_case_that_arrives_after_the_launch_goes_on_at_once(office: Office) -> None:
    case = project_at(office, "approve_budget")
    launch_stage(office.transactions, 2021, "monitoring", by=office.bureau.office, at=office.now)

    office.do(case, "approve_budget")

    assert steps(office, case) == ["fill_monitoring"]
