"""An operator puts a case somewhere else, and cannot put it where it would never get away from."""

import pytest

from engine import process
from engine.process import JumpRefused, UnknownElement
from tests.unit.process.lives import Life, diagrams_of

DIAGRAMS = diagrams_of()


def test_a_case_goes_on_from_the_element_named() -> None:
    life = Life(DIAGRAMS, "return_loop", object_kind="project")
    fill, late = life.task("fill").key, life.timer("target_filing.fill").key

    step = life.jump("return_loop", "review")

    assert step.closed_tasks == (fill,)
    assert step.closed_timers == (late,)
    assert life.open() == ["review"]
    assert [catch.message for catch in step.opened_catches] == ["return_loop.withdrawn"]


def test_after_a_jump_the_case_lives_on_with_its_variables() -> None:
    life = Life(DIAGRAMS, "return_loop", object_kind="project")
    life.jump("return_loop", "review")

    life.complete("review", outcome="returned")
    step = life.fire("target_filing.fill")

    assert step.operations[0].parameters["object_kind"] == "project"


def test_a_jump_back_opens_the_same_element_with_a_new_key() -> None:
    life = Life(DIAGRAMS, "return_loop", object_kind="project")
    fill = life.task("fill").key

    life.jump("return_loop", "fill")

    assert life.open() == ["fill"]
    assert life.task("fill").key != fill
    life.complete("fill", outcome="submitted")
    life.complete("review", outcome="approved")
    assert life.step.completed


def test_a_jump_to_an_end_closes_the_case() -> None:
    life = Life(DIAGRAMS, "return_loop", object_kind="project")

    step = life.jump("return_loop", "approved")

    assert step.completed
    assert step.ends == ("return_loop.approved",)


def test_a_jump_inside_one_process_leaves_the_others_alone() -> None:
    life = Life(DIAGRAMS, "year", object_kind="project")
    life.deliver("year.budget_adjusted")

    life.jump("return_loop", "review")

    assert life.open() == ["adjust", "review"]
    assert life.catch("year.budget_adjusted")


def test_a_jump_to_another_stage_is_named_in_the_process_that_calls_it() -> None:
    life = Life(DIAGRAMS, "year", object_kind="project")

    life.jump("year", "do_joint")

    assert life.open() == ["prepare"]
    assert life.step.stage == "parallel_review"


def test_jumping_over_open_called_processes_closes_everything_in_them() -> None:
    life = Life(DIAGRAMS, "year", object_kind="project", money_verdict="ok", target_verdict="ok")
    life.complete("fill", outcome="submitted")
    life.complete("review", outcome="approved")
    life.complete("prepare")

    step = life.jump("year", "do_return_loop")

    assert len(step.closed_tasks) == 2
    assert life.open() == ["fill"]


def test_a_jump_into_one_of_two_parallel_branches_is_refused_because_their_join_would_wait_for_ever() -> None:
    life = Life(DIAGRAMS, "parallel_review", object_kind="project")
    life.complete("prepare")

    with pytest.raises(JumpRefused, match="并行分支"):
        life.jump("parallel_review", "review_money")


def test_a_jump_to_before_the_branches_is_fine() -> None:
    life = Life(DIAGRAMS, "parallel_review", object_kind="project")
    life.complete("prepare")
    life.complete("review_money")

    life.jump("parallel_review", "joint_fork")

    assert life.open() == ["review_money", "review_target"]


def test_a_jump_into_a_process_that_is_not_open_is_refused() -> None:
    life = Life(DIAGRAMS, "year", object_kind="project")

    with pytest.raises(JumpRefused, match="现在没有进行"):
        life.jump("parallel_review", "prepare")


def test_a_jump_into_one_of_several_items_is_refused() -> None:
    life = Life(DIAGRAMS, "rectification", object_kind="project")
    life.complete("notify", rectification_items=["R-1", "R-2"], outcome="recorded")

    with pytest.raises(JumpRefused, match="同时有2个在办"):
        life.jump("rectification", "check_fix")


@pytest.mark.parametrize("element_id", ["write_paper", "confirm_paper"])
def test_a_jump_into_a_sub_process_that_is_over_enters_it_with_its_clocks(element_id: str) -> None:
    life = Life(DIAGRAMS, "handing_in", object_kind="project")
    life.complete("write_paper", outcome="submitted")
    life.complete("confirm_paper", outcome="submitted")

    step = life.jump("handing_in", element_id)

    assert life.open() == [element_id]
    assert {timer.deadline for timer in step.opened_timers} == {"target_filing.fill", "target_filing.budget_gate"}
    assert {timer.task for timer in step.opened_timers} == {life.task(element_id).key}
    assert step.handed_on == ()


def test_a_jump_inside_a_sub_process_keeps_its_clocks() -> None:
    life = Life(DIAGRAMS, "handing_in", object_kind="project")
    written, clocks = life.task("write_paper").key, set(life.timers)

    step = life.jump("handing_in", "confirm_paper")

    assert step.handed_on == ((written, life.task("confirm_paper").key),)
    assert set(life.timers) == clocks


@pytest.mark.parametrize("element_id", ["fill_late", "fill_to_review"])
def test_only_steps_can_be_jumped_to(element_id: str) -> None:
    life = Life(DIAGRAMS, "return_loop", object_kind="project")

    with pytest.raises(JumpRefused, match="不是可以停留的步骤"):
        life.jump("return_loop", element_id)


def test_an_unknown_element_is_refused() -> None:
    life = Life(DIAGRAMS, "return_loop", object_kind="project")

    with pytest.raises(UnknownElement):
        process.jump(DIAGRAMS, life.state, "return_loop", "nowhere", life.decide)
