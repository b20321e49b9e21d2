"""The shapes of a diagram as everybody knows them: id, name, office, kind and properties."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from lxml import etree

from engine.process.model import Element

SHAPES = ("Event", "Task", "Gateway", "callActivity", "subProcess", "sequenceFlow")
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SPIFF = "{http://spiffworkflow.org/bpmn/schema/1.0/core}"


def elements_of(root: Any) -> list[Element]:
    """Every shape of every process in a parsed file, in document order."""
    return [element for process in root.iter(f"{BPMN}process") for element in _drawn_in(process)]


def _drawn_in(process: Any) -> list[Element]:
    lanes = {
        (ref.text or "").strip(): lane.get("name")
        for lane in process.iter(f"{BPMN}lane")
        for ref in lane.findall(f"{BPMN}flowNodeRef")
    }
    found = []
    for node in process.iter(etree.Element):
        kind = etree.QName(node).localname
        if node.tag.startswith(BPMN) and kind.endswith(SHAPES) and node.get("id"):
            found.append(
                Element(
                    id=node.get("id"),
                    process_id=process.get("id"),
                    name=node.get("name") or "",
                    lane=_lane(node, lanes),
                    kind=kind,
                    properties=MappingProxyType(_properties(node)),
                )
            )
    return found


def _lane(node: Any, lanes: Mapping[str, str]) -> str | None:
    """The lane a node lies in; inside a sub-process, failing that, the lane of the sub-process."""
    while node is not None:
        if node.get("id") in lanes:
            return lanes[node.get("id")]
        node = node.getparent()
    return None


def _properties(node: Any) -> dict[str, str]:
    extensions = node.find(f"{BPMN}extensionElements")
    if extensions is None:
        return {}
    properties = {p.get("name"): p.get("value") for p in extensions.iter(f"{SPIFF}property")}
    operator = extensions.find(f"{SPIFF}serviceTaskOperator")
    if operator is not None:
        properties["operation"] = operator.get("id")
    decision = extensions.find(f"{SPIFF}calledDecisionId")
    if decision is not None:
        properties["decision"] = (decision.text or "").strip()
    return properties
