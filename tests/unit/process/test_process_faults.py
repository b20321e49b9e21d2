"""What SpiffWorkflow 3.2 gets wrong by itself and our adapter puts right: one test for each fault that was found."""

from typing import Any

import pytest

from engine.process import Diagrams, ProcessIncident
from tests.unit.process.lives import FOLDER, Life, diagrams_of
from tests.unit.process.stock import our_awaited

DIAGRAMS = diagrams_of()


def variables_at(life: Life, element_id: str) -> dict[str, Any]:
    """The variables an open task stands with."""
    return next(token.variables for token in our_awaited(life.diagrams, life.state) if token.path[-1] == element_id)


def test_a_message_that_interrupts_nothing_can_come_again_where_the_diagram_says_so() -> None:
    life = Life(DIAGRAMS, "year", object_kind="project")

    for _ in range(3):
        step = life.deliver("year.budget_adjusted")
        assert len(step.closed_catches) == len(step.opened_catches) == 1

    assert life.open() == ["adjust", "adjust", "adjust", "fill"]


def test_a_message_that_interrupts_nothing_comes_once_where_the_diagram_says_nothing() -> None:
    life = Life(DIAGRAMS, "side_branch", verdict="open")

    step = life.deliver("main_line.asked")

    assert step.opened_catches == ()
    assert life.open() == ["reply", "work"]


def test_a_re_armed_message_is_gone_when_the_activity_it_hangs_on_is_over() -> None:
    life = Life(DIAGRAMS, "year", object_kind="project")
    life.deliver("year.budget_adjusted")

    life.deliver("year.stopped")

    assert life.open() == ["adjust"]
    assert life.catches == {}
    life.complete("adjust", outcome="submitted")
    assert life.complete("sign", outcome="approved").completed


@pytest.mark.parametrize("order", [("review_money", "review_target"), ("review_target", "review_money")])
def test_reviewers_side_by_side_are_both_waited_for_in_every_round_of_a_loop(order: tuple[str, str]) -> None:
    life = Life(DIAGRAMS, "parallel_review", money_verdict="bad", target_verdict="ok")

    for _ in range(3):
        life.complete("prepare")
        life.complete(order[0])
        assert life.open() == [order[1]]
        life.complete(order[1])

    assert life.open() == ["prepare"]


def test_the_branch_that_arrives_last_does_not_undo_what_the_other_set() -> None:
    life = Life(DIAGRAMS, "branches", verdict="open", rectification_items=[])
    life.complete("before")
    life.complete("left", verdict="settled")

    step = life.complete("right")

    assert step.operations[0].parameters["text"] == "settled"


def test_a_list_from_one_branch_is_not_cut_to_the_length_of_the_other() -> None:
    life = Life(DIAGRAMS, "branches", verdict="open", rectification_items=["R-1"])
    life.complete("before")
    life.complete("left", rectification_items=["R-1", "R-2", "R-3"])

    step = life.complete("right")

    assert step.operations[0].parameters["items"] == ["R-1", "R-2", "R-3"]


@pytest.mark.parametrize("order", [("work", "reply"), ("reply", "work")])
def test_a_side_branch_changes_nothing_for_the_main_line_whichever_ends_last(order: tuple[str, str]) -> None:
    life = Life(DIAGRAMS, "side_branch", verdict="open")
    life.deliver("main_line.asked", verdict="asked")
    verdicts = {"work": "done", "reply": "replied"}

    life.complete(order[0], verdict=verdicts[order[0]])
    step = life.complete(order[1], verdict=verdicts[order[1]])

    assert step.completed
    assert step.operations[0].parameters["text"] == "done"


def test_a_multi_instance_task_can_be_entered_again_with_other_items() -> None:
    life = Life(DIAGRAMS, "rectification", object_kind="project")
    for items in (["R-1"], ["R-1", "R-2"]):
        life.complete("notify", rectification_items=items, outcome="recorded")
        for item in items:
            life.complete("fix", item, outcome="submitted")
            life.complete("check_fix", item, outcome="approved")
        life.complete("close", outcome="returned")

    assert life.open() == ["notify"]


def test_every_item_goes_its_own_rounds() -> None:
    life = Life(DIAGRAMS, "rectification", object_kind="project")
    life.complete("notify", rectification_items=["R-1", "R-2"], outcome="recorded")
    life.complete("fix", "R-1", outcome="submitted")

    life.complete("check_fix", "R-1", outcome="returned")

    assert sorted(task.item or "" for task in life.tasks.values()) == ["R-1", "R-2"]
    assert life.open() == ["fix", "fix"]


def test_what_one_item_decides_is_not_seen_by_the_others_nor_afterwards() -> None:
    life = Life(DIAGRAMS, "rectification_called", item_outcome="none yet", rectification_items=["R-1", "R-2"])
    life.complete("solve", "R-2", item_outcome="partly", secret="of R-2")

    life.complete("solve", "R-1", item_outcome="done")

    variables = variables_at(life, "confirm_all")
    assert "secret" not in variables
    assert "rectification_item" not in variables
    assert variables["rectification_outcomes"] == ["done", "partly"]


def test_an_item_that_never_set_its_outcome_leaves_a_gap_instead_of_an_incident() -> None:
    life = Life(DIAGRAMS, "rectification_called", rectification_items=["R-1", "R-2"])
    life.complete("solve", "R-1")

    life.complete("solve", "R-2", item_outcome="done")

    assert variables_at(life, "confirm_all")["rectification_outcomes"] == [None, "done"]


def test_no_items_mean_nothing_to_do() -> None:
    life = Life(DIAGRAMS, "rectification", object_kind="project")

    life.complete("notify", rectification_items=[], outcome="recorded")

    assert life.open() == ["close"]


@pytest.mark.parametrize("items", ["R-1", None, [1, 2]])
def test_items_that_are_no_list_of_texts_are_an_incident_that_says_so(items: object) -> None:
    life = Life(DIAGRAMS, "rectification", object_kind="project")

    with pytest.raises(ProcessIncident, match="文字列表") as incident:
        life.complete("notify", rectification_items=items)
    assert incident.value.facts["element_id"] == "each_problem"


def test_a_case_never_stops_in_silence() -> None:
    life = Life(DIAGRAMS, "stuck", other=False)
    life.complete("choose")

    with pytest.raises(ProcessIncident, match="停住了") as incident:
        life.complete("one_way")
    assert incident.value.facts["process_id"] == "stuck"


def test_a_loop_without_people_does_not_run_for_ever() -> None:
    life = Life(DIAGRAMS, "endless", enough=False)

    with pytest.raises(ProcessIncident, match="死循环"):
        life.complete("begin")


def test_a_parameter_that_cannot_be_read_is_told_as_it_is() -> None:
    life = Life(DIAGRAMS, "decision")
    life.complete("score_it")

    with pytest.raises(ProcessIncident, match="变量“score”尚未设定") as incident:
        life.complete("decide_grade", graded="good")
    assert incident.value.facts["element_id"] == "note_grade"


def test_moving_a_shape_changes_no_route() -> None:
    def with_shapes(first: int, second: int) -> Diagrams:
        shapes = "".join(
            f'<bpmndi:BPMNShape bpmnElement="{element}"><dc:Bounds x="0" y="{y}"/></bpmndi:BPMNShape>'
            for element, y in (("decide_grade", first), ("graded", second))
        )
        drawing = (
            '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
            f' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"><bpmndi:BPMNPlane>{shapes}</bpmndi:BPMNPlane>'
            "</bpmndi:BPMNDiagram></bpmn:definitions>"
        )
        text = (FOLDER / "decision.bpmn").read_text()
        return Diagrams.stored({"decision.bpmn": text.replace("</bpmn:definitions>", drawing).encode()})

    above, below = with_shapes(10, 500), with_shapes(500, 10)

    assert above.definition.shape == below.definition.shape
    for diagrams in (above, below):
        gateway = diagrams.definition.specs["decision"].task_specs["grade_known"]
        assert [name for _, name in gateway.cond_task_specs] == ["decide_grade", "graded"]


def test_lanes_are_not_lost_however_often_the_diagrams_are_read() -> None:
    lanes = {diagrams_of().element("return_loop", "fill").lane for _ in range(20)}

    assert lanes == {"预算单位经办人"}


def test_a_thousand_returns_neither_hang_a_case_nor_make_it_grow() -> None:
    life = Life(DIAGRAMS, "year", object_kind="project")
    sizes = []

    for _ in range(1000):
        life.complete("fill", outcome="submitted")
        life.complete("review", outcome="returned")
        sizes.append(len(life.state))

    assert max(sizes[5:]) <= sizes[4] * 1.1


def test_a_loop_in_one_of_two_branches_does_not_grow_while_the_other_is_open() -> None:
    life = Life(DIAGRAMS, "parallel_review", object_kind="project")
    life.complete("prepare")
    sizes = []

    for _ in range(100):
        life.complete("review_target", target_verdict="again")
        sizes.append(len(life.state))

    assert len(set(sizes)) == 1


def test_finished_side_branches_are_forgotten() -> None:
    life = Life(DIAGRAMS, "year", object_kind="project")
    life.deliver("year.budget_adjusted")
    before = len(life.state)

    for _ in range(50):
        life.complete("adjust", outcome="submitted")
        life.complete("sign", outcome="approved")
        life.deliver("year.budget_adjusted")

    assert len(life.state) == before


def test_two_hundred_items_fit_into_eight_kilobytes_and_a_hundred_bytes_each() -> None:
    items = [f"RECT-2022-{number:05}" for number in range(200)]
    life = Life(DIAGRAMS, "rectification", object_kind="project", note="长" * 500)

    life.complete("notify", rectification_items=items, outcome="recorded")
    assert len(life.tasks) == 200
    assert len(life.state) <= 8192 + 100 * len(items)

    for item in items[:20]:
        life.complete("fix", item, outcome="submitted")
    assert len(life.state) <= 8192 + 100 * len(items)
