"""The clock of a sub-process runs for whoever has the work in it, until the sub-process is left."""

import pytest

from engine import process
from tests.unit.process.lives import Life, diagrams_of

DIAGRAMS = diagrams_of("handing_in")
LATE, GATE = "target_filing.fill", "target_filing.budget_gate"


@pytest.fixture
def life() -> Life:
    return Life(DIAGRAMS, "handing_in", object_kind="project")


def test_a_clock_around_a_sub_process_is_about_the_task_that_waits_in_it(life: Life) -> None:
    assert {timer.task for timer in life.step.opened_timers} == {life.task("write_paper").key}
    assert all(timer.host not in (None, timer.task) for timer in life.step.opened_timers)


def test_the_next_task_inside_takes_over_the_clocks(life: Life) -> None:
    written = life.task("write_paper").key

    step = life.complete("write_paper", outcome="submitted")

    assert step.handed_on == ((written, life.task("confirm_paper").key),)
    assert (step.opened_timers, step.closed_timers) == ((), ())
    now = process.look(DIAGRAMS, life.state).opened_timers
    assert {timer.task for timer in now} == {life.task("confirm_paper").key}


def test_a_paper_given_back_inside_the_unit_begins_no_clock_anew(life: Life) -> None:
    clocks = set(life.timers)
    life.complete("write_paper", outcome="submitted")
    confirmed = life.task("confirm_paper").key

    step = life.complete("confirm_paper", outcome="revise")

    assert step.handed_on == ((confirmed, life.task("write_paper").key),)
    assert set(life.timers) == clocks


def test_handing_in_ends_the_clocks_and_hands_nothing_on(life: Life) -> None:
    clocks = set(life.timers)
    life.complete("write_paper", outcome="submitted")

    step = life.complete("confirm_paper", outcome="submitted")

    assert set(step.closed_timers) == clocks
    assert step.handed_on == ()
    assert life.open() == ["review_paper"]


def test_a_later_return_begins_new_clocks(life: Life) -> None:
    before = set(life.timers)
    life.complete("write_paper", outcome="submitted")
    life.complete("confirm_paper", outcome="submitted")

    life.complete("review_paper", outcome="returned")

    assert life.open() == ["write_paper"]
    assert len(life.timers) == 2
    assert before.isdisjoint(life.timers)


@pytest.mark.parametrize("at_the_head", [False, True])
def test_the_closing_day_takes_the_work_from_whoever_has_it(life: Life, at_the_head: bool) -> None:
    waits = "confirm_paper" if at_the_head else "write_paper"
    for _ in range(at_the_head):
        life.complete("write_paper", outcome="submitted")
    task = life.task(waits).key

    step = life.fire(GATE)

    assert step.closed_tasks == (task,)
    assert step.handed_on == ()
    assert life.open() == ["decide_missing"]


def test_a_reminder_that_went_off_leaves_the_other_clock_running(life: Life) -> None:
    life.fire(LATE)

    step = life.complete("write_paper", outcome="submitted")

    assert len(step.handed_on) == 1
    assert [timer.deadline for timer in process.look(DIAGRAMS, life.state).opened_timers] == [GATE]
