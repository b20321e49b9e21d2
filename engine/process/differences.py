"""What differs between two versions of a diagram: what was added, what is gone, and what is no longer what it was.

Things are the same when they have the same id. What only lies elsewhere on the picture is no difference.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from engine.process.lint.diagram import MODEL, SPIFF, Diagram, Flow, Node, Scope, text_of
from engine.process.lint.reading import read_diagram
from engine.process.lint.words import ACTIVITIES, GATEWAYS, KIND_NAMES, TASKS
from engine.words import DrawnAspect, DrawnChange, DrawnPart

NAMELESS = "没有名称的一处"
_DEADLINE = re.compile(r"deadline\('([^']+)'\)")
_TOLD_ELSEWHERE = {
    *(f"{{{MODEL}}}{tag}" for tag in ("incoming", "outgoing", "documentation", "sequenceFlow", "laneSet", *KIND_NAMES)),
    f"{{{SPIFF}}}properties",
}
_TOLD_PROPERTY = re.compile(r"kind|deadline|outcomes|sets|(form|judges)(_.+)?")
_TOLD_OF_NEW = frozenset({DrawnAspect.OFFICE, DrawnAspect.FORM, DrawnAspect.JUDGES, DrawnAspect.TIMER})
"""What is worth saying of a thing that is new, or that is gone."""


@dataclass(frozen=True, slots=True)
class Altered:
    """One respect in which a thing changed; `before` and `after` are as the diagram writes them, "" for nothing."""

    aspect: DrawnAspect
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing drawn that was added, is gone or changed; `name` is how people find it on the picture.

    Of a new thing, or one that is gone, `altered` says who does it, with which form and until when.
    """

    change: DrawnChange
    part: DrawnPart
    element_id: str
    name: str
    altered: tuple[Altered, ...]


@dataclass(frozen=True, slots=True)
class _Fact:
    """What is so: `key` is compared, `said` is told."""

    key: str
    said: str


@dataclass(frozen=True, slots=True)
class _Drawn:
    part: DrawnPart
    name: str
    facts: Mapping[DrawnAspect, _Fact]


@lru_cache(maxsize=256)
def differences(before: bytes, after: bytes, process_id: str) -> tuple[Difference, ...]:
    """The differences of a process between two drawings (BPMN XML): what the newer one has, in its order, then what it
    has no longer."""
    was, is_now = (_everything(read_diagram("", drawing), process_id) for drawing in (before, after))
    return tuple(_compared(was, is_now))


def _compared(was: Mapping[str, _Drawn], is_now: Mapping[str, _Drawn]) -> Iterator[Difference]:
    for element, drawn in is_now.items():
        if element not in was:
            told = _altered({}, drawn.facts, _TOLD_OF_NEW)
            yield Difference(DrawnChange.ADDED, drawn.part, element, drawn.name, told)
        elif altered := _altered(was[element].facts, drawn.facts, DrawnAspect):
            yield Difference(DrawnChange.CHANGED, drawn.part, element, drawn.name, altered)
    for element, drawn in was.items():
        if element not in is_now:
            told = _altered(drawn.facts, {}, _TOLD_OF_NEW)
            yield Difference(DrawnChange.GONE, drawn.part, element, drawn.name, told)


def _altered(
    was: Mapping[DrawnAspect, _Fact], is_now: Mapping[DrawnAspect, _Fact], aspects: Iterable[DrawnAspect]
) -> tuple[Altered, ...]:
    nothing = _Fact("", "")
    pairs = ((each, was.get(each, nothing), is_now.get(each, nothing)) for each in DrawnAspect if each in aspects)
    return tuple(Altered(aspect, old.said, new.said) for aspect, old, new in pairs if old.key != new.key)


def _everything(diagram: Diagram, process_id: str) -> Mapping[str, _Drawn]:
    """Id → what is drawn there, in the whole process with its sub-processes."""
    found: dict[str, _Drawn] = {}
    for scope in diagram.scopes:
        if scope.process.id == process_id:
            lanes = _lanes(scope)
            found |= {
                id_: _Drawn(DrawnPart.OFFICE, f"“{name}”", _written({DrawnAspect.NAME: name}))
                for id_, name in lanes.values()
            }
            found |= {node.id: _node(diagram, scope, node) for node in scope.nodes}
            found |= {flow.id: _flow(scope, flow) for flow in scope.flows}
    return found


def _lanes(scope: Scope) -> Mapping[str, tuple[str, str]]:
    """Node id → id and name of the lane of this very scope it lies in."""
    return {
        text_of(reference): (lane.get("id", ""), lane.get("name", ""))
        for lane in scope.xml.iterfind(f"{{{MODEL}}}laneSet/{{{MODEL}}}lane")
        for reference in lane.iterfind(f"{{{MODEL}}}flowNodeRef")
    }


def _node(diagram: Diagram, scope: Scope, node: Node) -> _Drawn:
    written = {
        DrawnAspect.NAME: node.name,
        DrawnAspect.KIND: node.properties.get("kind", ""),
        DrawnAspect.FORM: _codes(node.step.forms),
        DrawnAspect.JUDGES: _codes(node.step.judges),
        DrawnAspect.TIMER: " ".join(_timers(node)),
        DrawnAspect.OUTCOMES: node.properties.get("outcomes", ""),
        DrawnAspect.QUESTIONS: node.properties.get("sets", ""),
        DrawnAspect.NOTE: text_of(node.child("documentation")),
        DrawnAspect.REST: _rest(diagram, node),
    }
    facts = _written(written) | {DrawnAspect.OTHERWISE: _otherwise(scope, node)}
    part = _part(node)
    if part is DrawnPart.STEP:
        facts[DrawnAspect.OFFICE] = _office(scope, node.id)
    return _Drawn(part, _called(scope, node.id), facts)


def _flow(scope: Scope, flow: Flow) -> _Drawn:
    way = f"从{_called(scope, flow.source)}到{_called(scope, flow.target)}"
    facts = _written({DrawnAspect.NAME: flow.name, DrawnAspect.CONDITION: flow.condition or ""})
    facts |= {DrawnAspect.ENDS: _Fact(f"{flow.source} {flow.target}", way)}
    return _Drawn(DrawnPart.FLOW, f"{way}（{flow.name}）" if flow.name else way, facts)


def _written(texts: Mapping[DrawnAspect, str]) -> dict[DrawnAspect, _Fact]:
    return {aspect: _Fact(text, text) for aspect, text in texts.items()}


def _part(node: Node) -> DrawnPart:
    if node.kind in (*TASKS, *ACTIVITIES):
        return DrawnPart.STEP
    if node.kind in GATEWAYS:
        return DrawnPart.GATEWAY
    return DrawnPart.TIMER if "timer" in node.events else DrawnPart.EVENT


def _office(scope: Scope, node_id: str) -> _Fact:
    """The lane it lies in; a sub-process hands its lane on to everything inside."""
    lane = _lanes(scope).get(node_id)
    if lane is None and scope.parent is not None:
        return _office(scope.parent, scope.id)
    return _Fact(*(lane or ("", "")))


def _otherwise(scope: Scope, node: Node) -> _Fact:
    """Where it leads when nothing else holds."""
    way = next((flow for flow in scope.outgoing(node.id) if flow.id == node.default), None)
    return _Fact("", "") if way is None else _Fact(way.target, _called(scope, way.target))


def _called(scope: Scope, node_id: str) -> str:
    """How people find a node; one without a name by the next that has one: where ways meet what follows, elsewhere what
    comes before."""
    node = scope.by_id.get(node_id)
    if node is None:
        return NAMELESS
    if node.name:
        return _named(scope, node)
    if len(scope.incoming(node_id)) > 1 >= len(scope.outgoing(node_id)):
        return f"{_nearest(scope, node_id, scope.following)}之前的汇合处"
    return f"{_nearest(scope, node_id, scope.preceding)}之后的{_part(node).label}"


def _nearest(scope: Scope, node_id: str, onward: Callable[[str], list[str]]) -> str:
    """The first node with a name on this way, itself not counted."""
    passed = {node_id}
    here = next(iter(onward(node_id)), None)
    while here is not None and here not in passed:
        if scope.by_id[here].name:
            return _named(scope, scope.by_id[here])
        passed.add(here)
        here = next(iter(onward(here)), None)
    return NAMELESS


def _named(scope: Scope, node: Node) -> str:
    host = scope.by_id.get(node.host)
    return f"“{node.name}”" if host is None else f"“{host.name}”上的“{node.name}”"


def _codes(codes: Mapping[str, str]) -> str:
    """`F02 whole_department=F04`: the form of all kinds of objects, and those of some."""
    return " ".join(f"{kind}={code}" if kind else code for kind, code in sorted(codes.items()))


def _timers(node: Node) -> Iterator[str]:
    """The names of the deadlines it waits for; a time that is no deadline of ours as it is written."""
    definition = node.event_definition("timer")
    for written in () if definition is None else definition.iterchildren(etree.Element):
        named = _DEADLINE.fullmatch(text_of(written))
        yield named[1] if named else text_of(written)
    if node.step.deadline:
        yield node.step.deadline


def _rest(diagram: Diagram, node: Node) -> str:
    """Everything else that is written of it, in an order of its own."""
    xml = deepcopy(node.xml)
    for name in ("id", "name", "default"):
        xml.attrib.pop(name, None)
    for child in [each for each in xml.iterdescendants(etree.Element) if each.tag in _TOLD_ELSEWHERE]:
        _without(child)
    for definition in xml.iterfind(f"{{{MODEL}}}timerEventDefinition/*"):
        definition.text = ""
    for definition in [each for each in xml if str(each.tag).endswith("EventDefinition")]:
        definition.attrib.pop("id", None)
    for empty in [each for each in xml.iterfind(f"{{{MODEL}}}extensionElements") if len(each) == 0]:
        _without(empty)
    message = node.event_definition("message")
    awaited = "" if message is None else diagram.messages.get(message.get("messageRef", ""), "")
    others = sorted((name, value) for name, value in node.properties.items() if not _TOLD_PROPERTY.fullmatch(name))
    return f"{etree.canonicalize(xml, strip_text=True, rewrite_prefixes=True)} {awaited} {others}"


def _without(child: etree._Element) -> None:
    parent = child.getparent()
    if parent is not None:
        parent.remove(child)
