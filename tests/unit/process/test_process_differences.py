"""Two versions of a diagram told apart: everything that differs is named, and nothing that does not."""

import re
from pathlib import Path

import pytest

from engine.process.differences import Altered, Difference, differences
from engine.words import DrawnAspect, DrawnChange, DrawnPart

LIFECYCLE = Path(__file__).resolve().parents[3] / "bpmn" / "lifecycle"
DRAWINGS = {file.stem: file.read_bytes() for file in sorted(LIFECYCLE.glob("*.bpmn"))}
TARGETS = DRAWINGS["target_filing"]


def redrawn(*changes: tuple[str, str]) -> bytes:
    """The real diagram of 目标申报 with these words in place of those, each of which is there."""
    drawing = TARGETS.decode()
    for old, new in changes:
        assert old in drawing
        drawing = drawing.replace(old, new, 1)
    return drawing.encode()


def told(*changes: tuple[str, str]) -> list[Difference]:
    return list(differences(TARGETS, redrawn(*changes), "target_filing"))


def only(*changes: tuple[str, str]) -> tuple[str, DrawnPart, list[Altered]]:
    """The one thing that changed, and how."""
    (difference,) = told(*changes)
    assert difference.change is DrawnChange.CHANGED
    return difference.element_id, difference.part, list(difference.altered)


@pytest.mark.parametrize("process", DRAWINGS)
def test_a_diagram_does_not_differ_from_itself(process: str) -> None:
    assert differences(DRAWINGS[process], DRAWINGS[process] + b"\n", process) == ()


@pytest.mark.parametrize("process", DRAWINGS)
def test_what_was_only_put_elsewhere_on_the_picture_does_not_differ(process: str) -> None:
    moved = re.sub(rb'(<dc:Bounds x=")\d+', rb"\g<1>7", DRAWINGS[process])

    assert moved != DRAWINGS[process]
    assert differences(DRAWINGS[process], moved, process) == ()


def test_a_step_with_another_name_is_one_difference_though_ways_lead_to_it() -> None:
    assert only(('name="填报绩效目标"', 'name="填写绩效目标"')) == (
        "fill_target",
        DrawnPart.STEP,
        [Altered(DrawnAspect.NAME, "填报绩效目标", "填写绩效目标")],
    )


def test_a_step_that_fills_another_form_says_which() -> None:
    assert only(('name="form" value="F02"', 'name="form" value="F03"')) == (
        "fill_target",
        DrawnPart.STEP,
        [Altered(DrawnAspect.FORM, "F02 whole_department=F04", "F03 whole_department=F04")],
    )


def test_a_timer_that_waits_for_another_deadline_says_which() -> None:
    assert only(("deadline('target_filing.fill')", "deadline('target_filing.refile')")) == (
        "fill_target_overdue",
        DrawnPart.TIMER,
        [Altered(DrawnAspect.TIMER, "target_filing.fill", "target_filing.refile")],
    )


def test_a_step_that_went_to_another_office_says_to_whom() -> None:
    line = "        <bpmn:flowNodeRef>check_target</bpmn:flowNodeRef>\n"
    there = "        <bpmn:flowNodeRef>approve_budget</bpmn:flowNodeRef>\n"

    assert only((line, ""), (there, there + line)) == (
        "check_target",
        DrawnPart.STEP,
        [Altered(DrawnAspect.OFFICE, "主管部门", "财政业务股")],
    )


def test_an_office_with_another_name_is_one_difference_and_not_one_for_each_of_its_steps() -> None:
    assert only(('name="主管部门"', 'name="主管部门（单位）"')) == (
        "target_filing_lane_department",
        DrawnPart.OFFICE,
        [Altered(DrawnAspect.NAME, "主管部门", "主管部门（单位）")],
    )


def test_a_way_taken_on_another_condition_is_told_even_where_its_label_stays() -> None:
    element, part, altered = only(("outcome == 'revise'", "outcome == 'returned'"))

    assert (element, part) == ("confirm_target_result__fill_target_begins", DrawnPart.FLOW)
    assert altered == [Altered(DrawnAspect.CONDITION, "outcome == 'revise'", "outcome == 'returned'")]


def test_a_way_that_ends_elsewhere_says_from_where_to_where() -> None:
    element, part, altered = only(
        (
            'sourceRef="fill_target" targetRef="confirm_target"',
            'sourceRef="fill_target" targetRef="hand_in_target_done"',
        )
    )

    assert (element, part) == ("fill_target__confirm_target", DrawnPart.FLOW)
    assert [(each.aspect, each.before, each.after) for each in altered] == [
        (DrawnAspect.ENDS, "从“填报绩效目标”到“确认绩效目标”", "从“填报绩效目标”到“已报送”")
    ]


@pytest.mark.parametrize(
    ("old", "new", "aspect"),
    [
        ('value="submitted revise"', 'value="submitted returned"', DrawnAspect.OUTCOMES),
        ("review_path=single|collective", "review_path=single", DrawnAspect.QUESTIONS),
        ('name="kind" value="decide"', 'name="kind" value="record"', DrawnAspect.KIND),
        ("GZ-11；HC-05：一次审核", "GZ-11：一次审核", DrawnAspect.NOTE),
        ('default="target_review_route_answer__target_review_route_known"', "", DrawnAspect.OTHERWISE),
        ("<spiffworkflow:calledDecisionId>target_review_route<", "<spiffworkflow:calledDecisionId>grade<",
         DrawnAspect.REST),
        ('serviceTaskOperator id="mark_overdue"', 'serviceTaskOperator id="escalate"', DrawnAspect.REST),
        ('attachedToRef="hand_in_target" cancelActivity="false"', 'attachedToRef="hand_in_target"', DrawnAspect.REST),
        ('name="target_filing.withdrawn"', 'name="target_filing.taken_back"', DrawnAspect.REST),
    ],
)  # fmt: skip
def test_whatever_else_is_asked_of_a_step_differs_in_one_respect(old: str, new: str, aspect: DrawnAspect) -> None:
    assert {altered.aspect for each in told((old, new)) for altered in each.altered} == {aspect}


def test_a_new_step_names_who_does_it_with_which_form_and_what_is_gone_comes_last() -> None:
    found = told(('<bpmn:userTask id="fill_target"', '<bpmn:userTask id="write_target"'))

    assert [(each.change, each.part, each.element_id) for each in found if each.part is DrawnPart.STEP] == [
        (DrawnChange.ADDED, DrawnPart.STEP, "write_target"),
        (DrawnChange.GONE, DrawnPart.STEP, "fill_target"),
    ]
    gone = found[-1]
    assert gone.name == "“填报绩效目标”"
    assert [(each.aspect, each.before, each.after) for each in gone.altered] == [
        (DrawnAspect.OFFICE, "预算单位经办人", ""),
        (DrawnAspect.FORM, "F02 whole_department=F04", ""),
    ]


def test_a_place_without_a_name_where_ways_meet_is_found_by_what_follows_it() -> None:
    drawing = TARGETS.decode()
    joined = drawing.index('<bpmn:exclusiveGateway id="target_review_route_known">')
    behind = drawing[joined:].replace("bpmn:exclusiveGateway", "bpmn:parallelGateway", 2)

    (difference,) = differences(TARGETS, (drawing[:joined] + behind).encode(), "target_filing")

    assert (difference.part, difference.name) == (DrawnPart.GATEWAY, "“确定从哪里办起”之前的汇合处")
