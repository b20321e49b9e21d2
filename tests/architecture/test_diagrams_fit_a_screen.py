"""Every page of every diagram can be read: as wide as a screen at 100 %, no line through a box, no choice unnamed."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

LIFECYCLE = Path(__file__).resolve().parents[2] / "bpmn" / "lifecycle"
WIDEST = 1600
STILL_WIDER: set[str] = set()
"""Drawn before there were pages; each leaves the list when it is drawn anew, none is added."""

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DD = "{http://www.omg.org/spec/DD/20100524/DI}"
FILES = sorted(LIFECYCLE.glob("*.bpmn"))
PAGED = [file for file in FILES if file.stem not in STILL_WIDER]

Box = tuple[float, float, float, float]


def pages(file: Path) -> Iterator[tuple[Any, Mapping[str, Box]]]:
    """Each page of a file, and the boxes on it by element."""
    for plane in etree.parse(file).iter(f"{DI}BPMNPlane"):
        yield plane, {shape.get("bpmnElement"): box(shape) for shape in plane.iter(f"{DI}BPMNShape")}


def box(shape: Any) -> Box:
    x, y, width, height = (float(shape.find(f"{DC}Bounds").get(name)) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def width(boxes: Mapping[str, Box]) -> float:
    return max(right for _, _, right, _ in boxes.values()) - min(left for left, _, _, _ in boxes.values())


@pytest.mark.parametrize("file", PAGED, ids=lambda file: file.stem)
def test_no_page_of_a_diagram_is_wider_than_a_screen(file: Path) -> None:
    assert max(width(boxes) for _, boxes in pages(file)) <= WIDEST


@pytest.mark.parametrize("file", PAGED, ids=lambda file: file.stem)
def test_no_line_runs_through_a_box(file: Path) -> None:
    kinds = {node.get("id"): etree.QName(node).localname for node in etree.parse(file).iter(f"{BPMN}*")}
    flows = {node.get("id"): node for node in etree.parse(file).iter(f"{BPMN}sequenceFlow")}
    crossed = [
        (edge.get("bpmnElement"), element)
        for plane, boxes in pages(file)
        for edge in plane.iter(f"{DI}BPMNEdge")
        for element, place in boxes.items()
        if kinds[element].endswith(("Task", "Gateway", "Event", "callActivity"))
        and element not in (flows[edge.get("bpmnElement")].get(end) for end in ("sourceRef", "targetRef"))
        and runs_through(edge, place)
    ]

    assert crossed == []


def runs_through(edge: Any, place: Box) -> bool:
    """Whether a piece of the line lies inside the box; touching its border is not inside."""
    points = [(float(each.get("x")), float(each.get("y"))) for each in edge.iterfind(f"{DD}waypoint")]
    left, top, right, bottom = place
    return any(
        min(x, next_x) < right and max(x, next_x) > left and min(y, next_y) < bottom and max(y, next_y) > top
        for (x, y), (next_x, next_y) in zip(points, points[1:], strict=False)
    )


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_choice_says_what_it_asks_and_every_way_what_it_answers(file: Path) -> None:
    ways = list(etree.parse(file).iter(f"{BPMN}sequenceFlow"))
    choices = {
        node.get("id"): node.get("name")
        for node in etree.parse(file).iter(f"{BPMN}exclusiveGateway")
        if len(node.findall(f"{BPMN}outgoing")) > 1
    }

    assert [choice for choice, name in choices.items() if not name] == []
    assert [way.get("id") for way in ways if way.get("sourceRef") in choices and not way.get("name")] == []
