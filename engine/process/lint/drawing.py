"""Rules about the picture: everything that happens can be seen, in the lane of the office that does it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from lxml import etree

from engine.findings import Finding
from engine.process.lint.diagram import MODEL, SCOPES, Diagram, tag_of

DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
DOCKING_TOLERANCE = 5.0
MAY_OVERHANG = (*SCOPES, "boundaryEvent")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the picture; x to the right, y downwards."""

    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: "Box") -> bool:
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )

    def touches(self, x: float, y: float) -> bool:
        """Whether a point lies on it, or within five points of it."""
        across = self.x - DOCKING_TOLERANCE <= x <= self.x + self.width + DOCKING_TOLERANCE
        return across and self.y - DOCKING_TOLERANCE <= y <= self.y + self.height + DOCKING_TOLERANCE

    def holds(self, other: "Box") -> bool:
        across = self.x <= other.x and other.x + other.width <= self.x + self.width
        return across and self.y <= other.y and other.y + other.height <= self.y + self.height


def everything_is_drawn(diagram: Diagram) -> Iterator[Finding]:
    """Every node has a shape and every flow an edge: what cannot be seen cannot be reviewed."""
    shapes, edges = _boxes(diagram), _waypoints(diagram)
    if not shapes:
        yield diagram.error(
            diagram.processes[0], "文件中没有图形信息（BPMN DI），打开后是空白。", "用建模工具画好后保存。"
        )
        return
    for _, node in diagram.nodes():
        if node.id not in shapes:
            yield diagram.error(node, f"{node.title}没有画在图上。", "用建模工具打开，补画后保存。")
    for scope in diagram.scopes:
        for flow in scope.flows:
            if len(edges.get(flow.id, ())) < 2:
                yield diagram.error(flow, f"顺序流“{flow.id}”没有画在图上。", "用建模工具打开，补画后保存。")
        for lane in scope.xml.iterfind(f"{{{MODEL}}}laneSet/{{{MODEL}}}lane"):
            if lane.get("id", "") not in shapes:
                yield diagram.error(lane, f"泳道“{lane.get('name', '')}”没有画在图上。", "用建模工具打开，补画后保存。")


def nothing_else_is_drawn(diagram: Diagram) -> Iterator[Finding]:
    """Every shape and edge stands for an element that exists."""
    ids = {xml.get("id") for xml in diagram.xml.iter(f"{{{MODEL}}}*")}
    for xml in diagram.xml.iter(f"{{{DI}}}BPMNShape", f"{{{DI}}}BPMNEdge", f"{{{DI}}}BPMNPlane"):
        element = _element(xml)
        if element not in ids:
            yield diagram.error(xml, f"图形所指的元素“{element}”不存在。", "删去该图形，或更正 bpmnElement。")


def shapes_have_a_size(diagram: Diagram) -> Iterator[Finding]:
    """A shape has a place and a size in numbers, a waypoint and a label a place: some tools write labels of no size."""
    for xml in diagram.xml.iter(f"{{{DC}}}Bounds", f"{{{DD}}}waypoint"):
        numbers = [_number(xml, name) for name in ("x", "y")]
        is_shape = tag_of(xml)[1] == "Bounds" and _around(xml) != "BPMNLabel"
        sizes = [_number(xml, name) for name in ("width", "height")] if is_shape else [1.0]
        if None in numbers or any(size is None or size <= 0 for size in sizes):
            yield diagram.error(xml, "图形的坐标或大小不是有效数字。", "用建模工具打开并重新保存。")


def nodes_do_not_overlap(diagram: Diagram) -> Iterator[Finding]:
    """No node covers another; only a boundary event lies on its host."""
    shapes = _boxes(diagram)
    for scope in diagram.scopes:
        drawn = [node for node in scope.nodes if node.id in shapes]
        for one, other in combinations(drawn, 2):
            attached = one.host == other.id or other.host == one.id
            if not attached and shapes[one.id].overlaps(shapes[other.id]):
                yield diagram.warning(other, f"{other.label}与{one.label}的图形重叠。", "在建模工具中移开。")


def nodes_lie_in_their_lane(diagram: Diagram) -> Iterator[Finding]:
    """A node is drawn inside the lane that lists it: the picture and the engine name the same office."""
    shapes = _boxes(diagram)
    for scope in diagram.scopes:
        for lane in scope.xml.iterfind(f"{{{MODEL}}}laneSet/{{{MODEL}}}lane"):
            area = shapes.get(lane.get("id", ""))
            for reference in lane.iterfind(f"{{{MODEL}}}flowNodeRef"):
                node = scope.by_id.get((reference.text or "").strip())
                box = shapes.get(node.id) if node else None
                if node and box and area and node.kind not in MAY_OVERHANG and not area.holds(box):
                    yield diagram.warning(
                        node,
                        f"{node.label}列在泳道“{lane.get('name', '')}”，却画在泳道之外。",
                        "移到该泳道内并重新保存。",
                    )


def boundaries_sit_on_their_host(diagram: Diagram) -> Iterator[Finding]:
    """A boundary event is drawn on the border of its host."""
    shapes = _boxes(diagram)
    for _, node in diagram.nodes("boundaryEvent"):
        box, host = shapes.get(node.id), shapes.get(node.host)
        if box and host and not host.overlaps(box):
            yield diagram.warning(node, f"边界事件{node.label}没有画在所附活动的边上。", "在建模工具中移到活动的边上。")


def edges_touch_their_ends(diagram: Diagram) -> Iterator[Finding]:
    """An edge begins at its source and ends at its target."""
    shapes, edges = _boxes(diagram), _waypoints(diagram)
    for scope in diagram.scopes:
        for flow in scope.flows:
            points = edges.get(flow.id, [])
            source, target = shapes.get(flow.source), shapes.get(flow.target)
            if len(points) < 2 or source is None or target is None:
                continue
            touches = source.touches(*points[0]) and target.touches(*points[-1])
            if not touches:
                yield diagram.warning(flow, f"顺序流“{flow.id}”的两端没有接在图形上。", "在建模工具中重新连接。")


def _boxes(diagram: Diagram) -> Mapping[str, Box]:
    """Element id -> where its shape lies; shapes without a proper place are left to `shapes_have_a_size`."""
    boxes = {}
    for shape in diagram.xml.iter(f"{{{DI}}}BPMNShape"):
        bounds = shape.find(f"{{{DC}}}Bounds")
        numbers = [] if bounds is None else [_number(bounds, name) for name in ("x", "y", "width", "height")]
        known = [number for number in numbers if number is not None]
        if len(known) == 4:
            boxes[_element(shape)] = Box(*known)
    return boxes


def _waypoints(diagram: Diagram) -> Mapping[str, list[tuple[float, float]]]:
    edges = {}
    for edge in diagram.xml.iter(f"{{{DI}}}BPMNEdge"):
        points = [(_number(point, "x"), _number(point, "y")) for point in edge.iterfind(f"{{{DD}}}waypoint")]
        edges[_element(edge)] = [(x, y) for x, y in points if x is not None and y is not None]
    return edges


def _element(xml: etree._Element) -> str:
    return xml.get("bpmnElement", "").rpartition(":")[2]


def _around(xml: etree._Element) -> str:
    parent = xml.getparent()
    return "" if parent is None else tag_of(parent)[1]


def _number(xml: etree._Element, name: str) -> float | None:
    """A coordinate of the picture; None unless it is a finite number of a sensible size."""
    try:
        value = float(xml.get(name, ""))
    except ValueError:
        return None
    return value if abs(value) < 1e6 else None
