"""What one step of a case gives back: who is waited for, which clocks run, and what is refused."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from engine import process
from engine.process import (
    CatchNotWaiting,
    DecisionMade,
    Operation,
    ProcessIncident,
    StepProperties,
    TaskNotWaiting,
    UnknownElement,
    VariablesRefused,
)
from tests.unit.process.lives import Life, diagrams_of, nothing_decided

DIAGRAMS = diagrams_of()


def good_grade(name: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"undefined": False, "grade": "良", "score": variables["score"]}


def test_a_new_case_waits_for_the_office_in_whose_lane_the_first_task_lies() -> None:
    step = process.start(DIAGRAMS, "return_loop", {"object_kind": "project"}, nothing_decided)

    (task,) = step.opened_tasks
    assert (task.process_id, task.element_id, task.name, task.lane) == (
        "return_loop",
        "fill",
        "填报绩效目标",
        "预算单位经办人",
    )
    assert task.step == StepProperties.of({"kind": "fill", "form": "F02", "outcomes": "submitted"})
    assert len(task.key) == 16
    assert task.item is None
    assert not step.completed


def test_a_deadline_is_known_by_its_name_and_by_the_task_it_hangs_on() -> None:
    step = process.start(DIAGRAMS, "return_loop", {"object_kind": "project"}, nothing_decided)

    (timer,) = step.opened_timers
    assert timer.deadline == "target_filing.fill"
    assert timer.host == step.opened_tasks[0].key
    assert not timer.interrupting


def test_completing_a_task_tells_what_closed_and_what_opened() -> None:
    life = Life(DIAGRAMS, "return_loop", object_kind="project")
    fill, late = life.task("fill").key, life.timer("target_filing.fill").key

    step = life.complete("fill", outcome="submitted")

    assert step.closed_tasks == (fill,)
    assert step.closed_timers == (late,)
    assert [task.element_id for task in step.opened_tasks] == ["review"]
    assert [catch.message for catch in step.opened_catches] == ["return_loop.withdrawn"]
    assert step.opened_catches[0].host == step.opened_tasks[0].key


def test_a_returned_submission_opens_the_task_again_with_a_new_key() -> None:
    life = Life(DIAGRAMS, "return_loop", object_kind="project")
    first = life.task("fill").key
    life.complete("fill", outcome="submitted")

    life.complete("review", outcome="returned")

    assert life.open() == ["fill"]
    assert life.task("fill").key != first


def test_an_approved_submission_ends_the_case_and_names_the_end() -> None:
    life = Life(DIAGRAMS, "return_loop", object_kind="project")
    life.complete("fill", outcome="submitted")

    step = life.complete("review", outcome="approved")

    assert step.completed
    assert step.ends == ("return_loop.approved",)
    assert step.stage is None
    assert process.look(DIAGRAMS, step.state).completed


def test_a_withdrawal_takes_the_task_from_the_reviewer_and_gives_it_back_to_the_unit() -> None:
    life = Life(DIAGRAMS, "return_loop", object_kind="project")
    life.complete("fill", outcome="submitted")
    review = life.task("review").key

    step = life.deliver("return_loop.withdrawn")

    assert step.closed_tasks == (review,)
    assert life.open() == ["fill"]


def test_a_withdrawal_can_be_made_in_every_round() -> None:
    life = Life(DIAGRAMS, "return_loop", object_kind="project")

    for _ in range(3):
        life.complete("fill", outcome="submitted")
        life.deliver("return_loop.withdrawn")

    assert life.open() == ["fill"]


def test_a_completed_task_is_refused_the_second_time() -> None:
    life = Life(DIAGRAMS, "return_loop", object_kind="project")
    fill = life.task("fill").key
    life.complete("fill", outcome="submitted")

    with pytest.raises(TaskNotWaiting, match="不在待办状态"):
        process.complete(DIAGRAMS, life.state, fill, {}, nothing_decided)


def test_an_unknown_key_is_refused() -> None:
    life = Life(DIAGRAMS, "return_loop", object_kind="project")

    with pytest.raises(TaskNotWaiting):
        process.complete(DIAGRAMS, life.state, bytes(16), {}, nothing_decided)
    with pytest.raises(CatchNotWaiting):
        process.deliver(DIAGRAMS, life.state, bytes(16), {}, nothing_decided)


def test_a_deadline_that_has_passed_interrupts_nothing_unless_drawn_so() -> None:
    life = Life(DIAGRAMS, "return_loop", object_kind="project")

    step = life.fire("target_filing.fill")

    assert step.operations == (
        Operation("mark_overdue", {"step": "fill", "object_kind": "project"}, "return_loop", "mark_late"),
    )
    assert step.ends == ("return_loop.late_marked",)
    assert life.open() == ["fill"]


def test_a_deadline_fires_once() -> None:
    life = Life(DIAGRAMS, "return_loop", object_kind="project")
    key = life.timer("target_filing.fill").key
    life.fire("target_filing.fill")

    assert process.fire(DIAGRAMS, life.state, key, nothing_decided) is None


def test_an_interrupting_deadline_closes_the_task_it_hangs_on() -> None:
    life = Life(DIAGRAMS, "rectification_called", rectification_items=["R-1"])
    timer = life.timer("rectification.solve")

    step = life.fire("rectification.solve")

    assert timer.interrupting
    assert step.closed_tasks == (timer.host,)
    assert life.open() == ["explain"]


def test_looking_at_a_case_shows_everything_open_and_changes_nothing() -> None:
    life = Life(DIAGRAMS, "year", object_kind="project")

    seen = process.look(DIAGRAMS, life.state)

    assert seen.state == life.state
    assert {task.key for task in seen.opened_tasks} == set(life.tasks)
    assert {timer.key for timer in seen.opened_timers} == set(life.timers)
    assert {catch.key for catch in seen.opened_catches} == set(life.catches)
    assert seen.closed_tasks == ()


def test_a_decision_is_asked_by_name_and_its_answer_routes_the_case() -> None:
    life = Life(DIAGRAMS, "decision", good_grade)

    step = life.complete("score_it", score=Decimal("81.5"), outcome="submitted")

    answer = {"undefined": False, "grade": "良", "score": Decimal("81.5")}
    assert step.decisions == (DecisionMade("grade", answer, "decision", "grade_rule"),)
    assert step.operations[0].parameters == {"text": "等级", "score": Decimal("81.5")}
    assert life.open() == ["publish"]


def test_where_no_rule_is_laid_down_a_person_decides() -> None:
    life = Life(DIAGRAMS, "decision", nothing_decided)

    life.complete("score_it", score=81, outcome="submitted")

    assert life.open() == ["decide_grade"]


def test_an_answer_of_an_earlier_round_does_not_survive_the_next_one() -> None:
    answers = iter([{"undefined": False, "grade": "优"}, {"undefined": True}])
    life = Life(DIAGRAMS, "decision", lambda name, variables: next(answers))
    life.complete("score_it", score=91, outcome="submitted")
    life.complete("publish", outcome="returned")

    step = life.complete("score_it", score=59, outcome="submitted")

    assert step.decisions[0].result == {"undefined": True}
    assert life.open() == ["decide_grade"]


def test_an_event_delivered_to_one_catch_reaches_nobody_else() -> None:
    life = Life(DIAGRAMS, "rectification", object_kind="project")
    life.complete("notify", rectification_items=["R-1", "R-2"], outcome="recorded")
    first, second = (timer for timer in life.timers.values() if timer.deadline == "rectification.fix")

    step = process.fire(DIAGRAMS, life.state, first.key, nothing_decided)

    assert step is not None
    assert step.closed_timers == (first.key,)
    assert len(step.operations) == 1
    assert second.key in {timer.key for timer in process.look(DIAGRAMS, step.state).opened_timers}


def test_of_several_events_in_a_race_the_first_decides_the_way() -> None:
    life = Life(DIAGRAMS, "race")
    assert sorted(catch.message for catch in life.catches.values()) == ["race.planned", "race.skipped"]
    assert life.timer("race.plan").host is None

    step = life.deliver("race.planned", organizer="finance")

    assert len(step.closed_catches) == 2
    assert len(step.closed_timers) == 1
    assert life.open() == ["evaluate", "watch"]


def test_a_terminating_end_closes_everything_else_in_its_process() -> None:
    life = Life(DIAGRAMS, "race")

    step = life.fire("race.plan")

    assert step.completed
    assert step.ends == ("race.expired",)


def test_the_stage_is_the_called_process_on_the_main_line() -> None:
    life = Life(DIAGRAMS, "year", object_kind="project")
    assert life.step.stage == "return_loop"

    life.deliver("year.budget_adjusted")
    assert life.step.stage == "return_loop"

    life.complete("fill", outcome="submitted")
    life.complete("review", outcome="approved")
    assert life.step.stage == "parallel_review"


def test_a_process_that_calls_none_is_a_stage_of_its_own() -> None:
    assert Life(DIAGRAMS, "return_loop", object_kind="project").step.stage == "return_loop"


def test_what_a_stage_calls_is_part_of_the_stage() -> None:
    life = Life(DIAGRAMS, "adjustment", object_kind="project")

    life.complete("adjust", outcome="submitted", adjusted="yes")

    assert (life.task("sign").process_id, life.step.stage) == ("signature", "approval")


def test_the_items_of_a_multi_instance_stage_are_not_stages() -> None:
    life = Life(DIAGRAMS, "rectification_called", rectification_items=["R-1"])

    assert life.task("solve").item == "R-1"
    assert life.step.stage is None


def test_variables_pass_through_three_called_processes_and_back() -> None:
    life = Life(DIAGRAMS, "adjustment", object_kind="project")
    life.complete("adjust", outcome="submitted", adjusted="yes")
    assert (life.task("sign").process_id, life.task("sign").lane) == ("signature", "财政业务股")

    life.complete("sign", outcome="returned")
    assert life.open() == ["adjust"]

    life.complete("adjust", outcome="submitted")
    assert life.complete("sign", outcome="approved").completed


def test_a_failing_step_leaves_the_state_as_it_was() -> None:
    life = Life(DIAGRAMS, "return_loop", object_kind="project")
    life.complete("fill")
    before = life.state

    with pytest.raises(ProcessIncident, match="变量“outcome”尚未设定") as incident:
        life.complete("review")

    assert incident.value.facts == {"process_id": "return_loop", "element_id": "reviewed"}
    assert life.state == before
    life.complete("review", outcome="approved")


def test_a_decision_that_fails_is_an_incident_at_its_element_in_words_and_its_trace_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(name: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        raise LookupError("no such table")

    life = Life(DIAGRAMS, "decision", broken)

    with pytest.raises(ProcessIncident, match="出了意料之外的错，详细经过在运行日志里") as incident:
        life.complete("score_it", score=1)
    assert incident.value.facts["element_id"] == "grade_rule"
    assert "LookupError" not in incident.value.message
    assert "LookupError: no such table" in caplog.text


def test_a_decision_cannot_change_the_variables_it_is_shown() -> None:
    def meddling(name: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        variables["score"] = 100  # type: ignore[index]
        return {"undefined": True}

    life = Life(DIAGRAMS, "decision", meddling)

    with pytest.raises(ProcessIncident):
        life.complete("score_it", score=1)


def test_an_unknown_process_is_refused() -> None:
    with pytest.raises(UnknownElement, match="没有名为“nowhere”的流程"):
        process.start(DIAGRAMS, "nowhere", {}, nothing_decided)


@pytest.mark.parametrize(
    "variables",
    [
        {"score": 81.5},
        {"score": Decimal("NaN")},
        {"note": "长" * 2001},
        {"when": object()},
        {"nested": {"a": {"b": {"c": {"d": {"e": 1}}}}}},
        {"keys": {1: "a"}},
        {"not a name": 1},
        {"_hidden": 1},
        {"number": 2**64},
    ],
)
def test_variables_a_process_cannot_carry_are_refused(variables: dict[str, Any]) -> None:
    with pytest.raises(VariablesRefused):
        process.start(DIAGRAMS, "return_loop", variables, nothing_decided)


def test_amounts_stay_exact_on_their_way_through_a_state() -> None:
    life = Life(DIAGRAMS, "decision", nothing_decided)
    life.complete("score_it", score=Decimal("0.10"), outcome="submitted")

    step = life.complete("decide_grade", graded="good")

    assert step.operations[0].parameters["score"] == Decimal("0.10")
    assert str(step.operations[0].parameters["score"]) == "0.10"
