"""Reads a BPMN file into a `Diagram`, however odd it is; only what is not harmless XML is refused."""

from collections import deque

from lxml import etree

from engine.process.lint.diagram import MODEL, SCOPES, SPIFF, Diagram, Flow, Node, Scope, tag_of, text_of
from engine.process.lint.words import KIND_NAMES
from engine.xml import parse_xml


def read_diagram(file: str, content: bytes) -> Diagram:
    """The diagram in a file; XmlRefused if it is not harmless, well-formed XML."""
    root = parse_xml(file, content)
    scopes: list[Scope] = []
    processes = root.iterfind(f"{{{MODEL}}}process")
    waiting: deque[tuple[etree._Element, Scope | None]] = deque((each, None) for each in processes)
    while waiting:
        xml, parent = waiting.popleft()
        scope = _scope(xml, parent)
        scopes.append(scope)
        waiting += [(node.xml, scope) for node in scope.nodes if node.kind in SCOPES]
    return Diagram(file, root, tuple(scopes))


def _scope(xml: etree._Element, parent: Scope | None) -> Scope:
    nodes, flows = [], []
    for child in xml.iterchildren(f"{{{MODEL}}}*"):
        kind = tag_of(child)[1]
        if kind == "sequenceFlow":
            flows.append(_flow(child))
        elif kind in KIND_NAMES:
            nodes.append(_node(child, kind))
    return Scope(
        id=xml.get("id", ""),
        line=_line(xml),
        kind=tag_of(xml)[1],
        name=_name(xml),
        xml=xml,
        parent=parent,
        nodes=tuple(nodes),
        flows=tuple(flows),
    )


def _flow(xml: etree._Element) -> Flow:
    condition = xml.find(f"{{{MODEL}}}conditionExpression")
    return Flow(
        id=xml.get("id", ""),
        line=_line(xml),
        name=_name(xml),
        source=xml.get("sourceRef", ""),
        target=xml.get("targetRef", ""),
        condition=None if condition is None else text_of(condition),
    )


def _node(xml: etree._Element, kind: str) -> Node:
    suffix = "EventDefinition"
    tags = [tag_of(child)[1] for child in xml.iterchildren(f"{{{MODEL}}}*")]
    properties = xml.iterfind(f"{{{MODEL}}}extensionElements/{{{SPIFF}}}properties/{{{SPIFF}}}property")
    return Node(
        id=xml.get("id", ""),
        line=_line(xml),
        kind=kind,
        name=_name(xml),
        xml=xml,
        events=tuple(tag.removesuffix(suffix) for tag in tags if tag.endswith(suffix)),
        properties={each.get("name", ""): each.get("value", "") for each in properties},
        host=xml.get("attachedToRef", ""),
        interrupting=xml.get("cancelActivity", "true") not in ("false", "0"),
        default=xml.get("default"),
    )


def _name(xml: etree._Element) -> str:
    return " ".join(xml.get("name", "").split())


def _line(xml: etree._Element) -> int:
    return xml.sourceline or 1
