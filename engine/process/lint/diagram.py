"""One BPMN file as the rules see it: processes and sub-processes with their nodes, flows and lanes.

Reading never refuses what is merely wrong: a missing id or a dangling reference stays in the model for a rule to name.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol, TypeVar

from lxml import etree

from engine.findings import Finding, Severity
from engine.process.lint.words import KIND_NAMES
from engine.process.properties import StepProperties

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
SCOPES = ("process", "subProcess", "transaction", "adHocSubProcess")

Item = TypeVar("Item")


class Place(Protocol):
    """Anything a finding can point at."""

    @property
    def id(self) -> str: ...

    @property
    def line(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow; `condition` is None when none is written."""

    id: str
    line: int
    name: str
    source: str
    target: str
    condition: str | None


@dataclass(frozen=True)
class Node:
    """A flow node. `events` are the kinds of its event definitions ("timer", "message", …); `host` is what a boundary
    event is attached to."""

    id: str
    line: int
    kind: str
    name: str
    xml: etree._Element
    events: tuple[str, ...]
    properties: Mapping[str, str]
    host: str
    interrupting: bool
    default: str | None

    @cached_property
    def step(self) -> StepProperties:
        """What its properties ask of the person there."""
        return StepProperties.of(self.properties)

    @property
    def label(self) -> str:
        """How a sentence speaks of it."""
        return f"“{self.name}”" if self.name else f"“{self.id}”"

    @property
    def title(self) -> str:
        """Its kind and its name."""
        return f"{self.kind_name}{self.label}"

    @property
    def kind_name(self) -> str:
        """What kind of node it is, in Chinese."""
        return KIND_NAMES[self.kind]

    def child(self, *path: str) -> etree._Element | None:
        """The first BPMN element below it on this path of tags."""
        return self.xml.find("/".join(f"{{{MODEL}}}{tag}" for tag in path))

    def event_definition(self, kind: str) -> etree._Element | None:
        return self.child(f"{kind}EventDefinition")

    def extension(self, tag: str) -> etree._Element | None:
        return self.xml.find(f"{{{MODEL}}}extensionElements/{{{SPIFF}}}{tag}")


@dataclass(frozen=True)
class Scope:
    """A process or an embedded sub-process: its own nodes and flows, without those of sub-processes inside it."""

    id: str
    line: int
    kind: str
    name: str
    xml: etree._Element
    parent: "Scope | None"
    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]

    @property
    def label(self) -> str:
        return f"“{self.name}”" if self.name else f"“{self.id}”"

    @property
    def process(self) -> "Scope":
        """The process it belongs to; a process belongs to itself."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    @cached_property
    def depth(self) -> int:
        """How many scopes it stands in: 0 for a process."""
        return 0 if self.parent is None else self.parent.depth + 1

    @cached_property
    def by_id(self) -> Mapping[str, Node]:
        return {node.id: node for node in self.nodes}

    def lane(self, node_id: str) -> str | None:
        """Name of the lane that lists the node; a sub-process hands its lane on to everything inside."""
        name, scope = node_id, self
        while name not in scope._listed and scope.parent is not None:
            name, scope = scope.id, scope.parent
        return scope._listed.get(name)

    def outgoing(self, node_id: str) -> Sequence[Flow]:
        return self._outgoing.get(node_id, ())

    def incoming(self, node_id: str) -> Sequence[Flow]:
        return self._incoming.get(node_id, ())

    def boundaries(self, host_id: str) -> Sequence[Node]:
        """The events on the border of an activity."""
        return self._boundaries.get(host_id, ())

    def following(self, node_id: str) -> list[str]:
        """What may come next: targets of its flows, and the events attached to it."""
        targets = [flow.target for flow in self.outgoing(node_id) if flow.target in self.by_id]
        return targets + [boundary.id for boundary in self.boundaries(node_id)]

    def preceding(self, node_id: str) -> list[str]:
        """What may have come before; of events on a border only those that interrupt decide how their host goes on."""
        node = self.by_id.get(node_id)
        sources = [flow.source for flow in self.incoming(node_id) if flow.source in self.by_id]
        if node is not None and node.interrupting and node.host in self.by_id:
            sources.append(node.host)
        return sources

    @cached_property
    def _listed(self) -> Mapping[str, str]:
        """Node id -> name of the lane of this very scope that lists it."""
        lanes = self.xml.iterfind(f"{{{MODEL}}}laneSet/{{{MODEL}}}lane")
        return {
            text_of(reference): lane.get("name", "")
            for lane in lanes
            for reference in lane.iterfind(f"{{{MODEL}}}flowNodeRef")
        }

    @cached_property
    def _outgoing(self) -> Mapping[str, Sequence[Flow]]:
        return _grouped(self.flows, lambda flow: flow.source)

    @cached_property
    def _incoming(self) -> Mapping[str, Sequence[Flow]]:
        return _grouped(self.flows, lambda flow: flow.target)

    @cached_property
    def _boundaries(self) -> Mapping[str, Sequence[Node]]:
        events = (node for node in self.nodes if node.kind == "boundaryEvent")
        return _grouped(events, lambda event: event.host)


@dataclass(frozen=True)
class Diagram:
    """One file. `scopes` holds every process and sub-process at any depth, outer before inner."""

    file: str
    xml: etree._Element
    scopes: tuple[Scope, ...] = field(default=())

    @property
    def processes(self) -> tuple[Scope, ...]:
        return tuple(scope for scope in self.scopes if scope.parent is None)

    @cached_property
    def messages(self) -> Mapping[str, str]:
        """Message id -> name."""
        return {each.get("id", ""): each.get("name", "") for each in self.xml.iterfind(f"{{{MODEL}}}message")}

    def nodes(self, *kinds: str) -> Iterator[tuple[Scope, Node]]:
        """Every node (of these kinds, if any are named) with the scope it stands in."""
        for scope in self.scopes:
            for node in scope.nodes:
                if not kinds or node.kind in kinds:
                    yield scope, node

    def error(self, place: Place | etree._Element, message: str, remedy: str) -> Finding:
        return self._finding("error", place, message, remedy)

    def warning(self, place: Place | etree._Element, message: str, remedy: str) -> Finding:
        return self._finding("warning", place, message, remedy)

    def _finding(self, severity: Severity, place: Place | etree._Element, message: str, remedy: str) -> Finding:
        if isinstance(place, etree._Element):
            return Finding(severity, self.file, place.sourceline, place.get("id"), message, remedy)
        return Finding(severity, self.file, place.line, place.id or None, message, remedy)


def some(places: Sequence[Place]) -> str:
    """The ids of the first five, for a sentence."""
    return "、".join(place.id for place in places[:5]) + ("等" if len(places) > 5 else "")


def tag_of(xml: etree._Element) -> tuple[str, str]:
    """Namespace and local name."""
    name = etree.QName(xml)
    return name.namespace or "", name.localname


def text_of(xml: etree._Element | None) -> str:
    """The text of an element without surrounding blanks; empty if there is no such element."""
    return (xml.text or "").strip() if xml is not None else ""


def _grouped(items: Iterable[Item], key: Callable[[Item], str]) -> Mapping[str, Sequence[Item]]:
    groups: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return groups
