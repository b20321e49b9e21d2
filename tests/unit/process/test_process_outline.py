"""A diagram in words, for people who cannot see the picture: nothing drawn is left out, and it reads from the start."""

from pathlib import Path

import pytest

from engine.process import Diagrams, NextStep, OutlineStep, UnknownElement
from engine.process.lint.reading import read_diagram
from engine.process.outline import MAX_FLOWS, outlines
from tests.unit.process.lint.drawn import bpmn
from tests.unit.process.lives import diagrams_of

LIFECYCLE = Path(__file__).resolve().parents[3] / "bpmn" / "lifecycle"
REAL = Diagrams.stored({file.name: file.read_bytes() for file in sorted(LIFECYCLE.glob("*.bpmn"))})
SMALL = diagrams_of()
NO_STEPS = ("Gateway", "boundaryEvent", "sequenceFlow")


def told(diagrams: Diagrams, process_id: str) -> dict[str, OutlineStep]:
    return {step.element_id: step for step in diagrams.steps(process_id)}


def drawn(*lines: str) -> tuple[OutlineStep, ...]:
    return outlines(read_diagram("case.bpmn", bpmn("\n".join(lines))))["case"]


def ways(step: OutlineStep) -> list[tuple[str, str]]:
    """What follows, as a reader hears it."""
    return [("，".join(following.when), following.name) for following in step.follows]


@pytest.mark.parametrize("process_id", REAL.process_ids)
def test_every_human_step_of_a_diagram_is_told_once(process_id: str) -> None:
    people = [element.id for element in REAL.elements(process_id) if element.kind == "userTask"]

    told_of_people = [step.element_id for step in REAL.steps(process_id) if step.kind == "userTask"]

    assert sorted(told_of_people) == sorted(people)


@pytest.mark.parametrize("process_id", REAL.process_ids)
def test_nothing_drawn_is_left_out_and_every_step_named_is_told(process_id: str) -> None:
    steps = REAL.steps(process_id)

    shown = [element.id for element in REAL.elements(process_id) if not element.kind.endswith(NO_STEPS)]
    events = {element.id for element in REAL.elements(process_id) if element.kind == "boundaryEvent"}
    assert sorted(step.element_id for step in steps) == sorted(shown)
    assert {following.event for step in steps for following in step.follows} - {None} == events
    assert {following.element_id for step in steps for following in step.follows} <= set(shown)


@pytest.mark.parametrize("process_id", REAL.process_ids)
def test_a_diagram_reads_from_its_start_and_no_step_comes_before_all_that_lead_to_it(process_id: str) -> None:
    steps = REAL.steps(process_id)
    begun = {step.element_id for step in steps if step.kind == "startEvent"}
    place = {step.element_id: number for number, step in enumerate(steps)}

    after = {
        following.element_id
        for step in steps
        for following in step.follows
        if place[following.element_id] > place[step.element_id]
    }

    assert steps[0].kind == "startEvent"
    assert after == set(place) - begun


def test_a_step_tells_its_name_its_office_and_what_follows_in_which_case() -> None:
    confirming, handing_in = (told(REAL, "target_filing")[step] for step in ("confirm_target", "hand_in_target"))

    assert (confirming.name, confirming.lane, confirming.kind) == ("确认绩效目标", "预算单位负责人", "userTask")
    assert ways(confirming) == [("负责人意见：报送", "已报送"), ("负责人意见：退经办人", "填报绩效目标")]
    assert [way for way in ways(handing_in) if "有主管部门" in way[0]] == [
        ("有主管部门？有", "审核绩效目标"),
        ("有主管部门？没有，按路线审核：三道审核", "三道审核"),
        ("有主管部门？没有，按路线审核：集中审核", "第三方集中审核"),
        ("有主管部门？没有，按路线审核：一次审核", "审核绩效目标"),
    ]


def test_what_an_event_on_the_border_brings_is_told_with_the_step_it_sits_on() -> None:
    handing_in, checking = (told(REAL, "target_filing")[step] for step in ("hand_in_target", "check_target"))

    overdue = NextStep("mark_fill_target_overdue", "登记填报逾期", ("填报到期",), "fill_target_overdue", beside=True)
    assert overdue in handing_in.follows
    assert ("单位撤回，按补报办理？否", "单位重报绩效目标") in ways(checking)
    assert [each.beside for each in checking.follows if each.event == "check_target_withdrawn"] == [False, False]


def test_what_a_sub_process_holds_comes_right_after_it() -> None:
    steps = [(step.element_id, step.within) for step in REAL.steps("case")]

    assert steps[:3] == [("case_opened", None), ("annual_cycle", None), ("annual_cycle_begins", "annual_cycle")]
    assert [element for element, within in steps if within is None][2:4] == ["archive", "case_archived"]


def test_what_is_done_once_per_item_says_so() -> None:
    assert [step.name for step in REAL.steps("rectification") if step.per_item] == ["逐项整改"]


def test_branches_side_by_side_are_told_as_such_and_waited_for() -> None:
    steps = told(SMALL, "branches")

    assert [following.when for following in steps["before"].follows] == [("同时",), ("同时",)]
    assert [following.when for following in steps["left"].follows] == [("各路都办完后",)]


def test_of_a_race_the_first_to_come_decides() -> None:
    race = [following for following in told(SMALL, "race")["race_start"].follows if following.element_id != "watch"]

    assert {following.when for following in race} == {("同时", "以先到的为准")}


def test_a_choice_without_labels_tells_its_conditions() -> None:
    (_, filling, *_) = drawn(
        "startEvent begun",
        "userTask fill",
        "exclusiveGateway choice",
        "userTask again",
        "endEvent done",
        "begun -> fill",
        "fill -> choice",
        "choice -> again [outcome == 'returned']",
        "choice => done",
        "again -> done",
    )

    assert [following.when for following in filling.follows] == [("outcome == 'returned'",), ("其他情况",)]


def test_gateways_that_lead_back_to_each_other_end_the_telling() -> None:
    (begun,) = drawn("startEvent begun", "exclusiveGateway a", "exclusiveGateway b", "begun -> a", "a -> b", "b -> a")

    assert begun.follows == ()


def test_however_many_ways_there_are_the_telling_ends() -> None:
    lines = ["startEvent begun", "exclusiveGateway g0", "begun -> g0", "endEvent done"]
    for number in range(40):
        lines += [f"exclusiveGateway {name}{number}" for name in ("l", "r")] + [f"exclusiveGateway g{number + 1}"]
        lines += [f"g{number} -> {name}{number}" for name in ("l", "r")]
        lines += [f"{name}{number} -> g{number + 1}" for name in ("l", "r")]

    steps = drawn(*lines, "g40 -> done")

    assert 0 < len(steps[0].follows) < MAX_FLOWS


def test_an_unknown_process_is_refused() -> None:
    with pytest.raises(UnknownElement, match="没有名为“nowhere”的流程"):
        SMALL.steps("nowhere")
