"""Rules about what is drawn: only elements this engine carries out, no scripts, nothing of another vendor."""

from collections import defaultdict
from collections.abc import Iterator

from lxml import etree

from engine.findings import Finding
from engine.process.lint.diagram import MODEL, SPIFF, Diagram, tag_of, text_of
from engine.process.lint.words import (
    EVENT_KINDS,
    EVENT_NAMES,
    KIND_NAMES,
    PARTS,
    REFUSED_EVENTS,
    REFUSED_NODES,
    ROOT_PARTS,
    SPIFF_PARTS,
    SPIFF_SCRIPTS,
)

DRAWING = ("http://www.omg.org/spec/BPMN/20100524/DI", "http://www.omg.org/spec/DD/20100524/")
HARMLESS = ("http://www.w3.org/", "http://bpmn.io/schema/bpmn", "http://www.omg.org/spec/BPMN/non-normative/color")
VENDORS = ("camunda", "zeebe", "activiti", "flowable", "signavio", "drools", "bonitasoft", "trisotech", "adonis")


def is_bpmn(diagram: Diagram) -> Iterator[Finding]:
    """A file is BPMN 2.0 and holds a process."""
    namespace, tag = tag_of(diagram.xml)
    if (namespace, tag) != (MODEL, "definitions"):
        yield diagram.error(
            diagram.xml,
            f"文件不是BPMN 2.0流程图，最外层元素是“{tag}”。",
            "请在建模工具中以“BPMN 2.0 XML”格式导出。",
        )
    elif not diagram.processes:
        yield diagram.error(diagram.xml, "文件中没有流程（process）。", "请至少画出一个流程，再导出。")


def known_elements(diagram: Diagram) -> Iterator[Finding]:
    """Everything drawn is something this engine carries out (engine notes 1: what parses and then does nothing)."""
    for xml in diagram.xml.iterchildren(f"{{{MODEL}}}*"):
        if tag_of(xml)[1] == "signal":
            reason, remedy = REFUSED_EVENTS["signal"]
            yield diagram.error(xml, f"定义了信号“{xml.get('name', '')}”：{reason}。", f"{remedy}，并删去信号定义。")
        elif tag_of(xml)[1] not in ROOT_PARTS:
            yield _unknown(diagram, xml)
    waiting = [child for process in diagram.processes for child in process.xml]
    while waiting:
        xml = waiting.pop()
        namespace, tag = tag_of(xml)
        if namespace == MODEL and tag in REFUSED_NODES:
            reason, remedy = REFUSED_NODES[tag]
            yield diagram.error(xml, f"不能使用{KIND_NAMES[tag]}（{tag}）：{reason}。", f"{remedy}。")
        elif namespace == MODEL and tag not in PARTS and tag not in KIND_NAMES and not _is_event_definition(xml):
            yield _unknown(diagram, xml)
            continue
        if tag != "scriptTask":
            waiting.extend(xml)


def event_definitions(diagram: Diagram) -> Iterator[Finding]:
    """Each event waits for, or says, at most one thing, and one this engine knows at that place."""
    for _, node in diagram.nodes(*EVENT_KINDS):
        allowed = EVENT_KINDS[node.kind]
        for kind in node.events:
            if kind in REFUSED_EVENTS:
                reason, remedy = REFUSED_EVENTS[kind]
                yield diagram.error(
                    node, f"{node.title}不能使用{EVENT_NAMES[kind]}（{kind}）：{reason}。", f"{remedy}。"
                )
            elif kind not in allowed:
                meaning = EVENT_NAMES.get(kind, kind)
                yield diagram.error(
                    node,
                    f"{node.title}不能是“{meaning}”类型。",
                    f"可用类型：{'、'.join(EVENT_NAMES[each] for each in allowed) or '无（空白事件）'}。",
                )
        if len(node.events) > 1:
            yield diagram.error(node, f"事件{node.label}有{len(node.events)}个事件定义。", "一个事件只留一个定义。")
        if not node.events and node.kind in ("intermediateCatchEvent", "boundaryEvent"):
            yield diagram.error(node, f"{node.title}没有写明等待什么。", "选择消息或定时。")


def event_subprocesses(diagram: Diagram) -> Iterator[Finding]:
    """No event sub-process: inside a called process it never fires, and elsewhere it changes other cases."""
    for _, node in diagram.nodes("subProcess"):
        if node.xml.get("triggeredByEvent") == "true":
            yield diagram.error(
                node, f"{node.label}是事件子流程，引擎不能正确执行。", "改为所在活动上的边界事件，再接普通子流程。"
            )


def repetitions(diagram: Diagram) -> Iterator[Finding]:
    """A loop is drawn with a gateway, not with a marker; nothing is marked as compensation."""
    for _, node in diagram.nodes():
        if node.child("standardLoopCharacteristics") is not None:
            yield diagram.error(node, f"{node.label}带有循环标记。", "用排他网关画出循环和退出条件。")
        if node.xml.get("isForCompensation") == "true":
            yield diagram.error(node, f"{node.label}是补偿活动，不受支持。", "把撤销步骤画成普通任务。")


def scripts(diagram: Diagram) -> Iterator[Finding]:
    """No script anywhere: not before or after a task, and no element of the extension namespace we do not know."""
    for xml in diagram.xml.iter(f"{{{SPIFF}}}*"):
        tag, owner = tag_of(xml)[1], _owner(xml)
        if tag in SPIFF_SCRIPTS:
            if text_of(xml):
                yield diagram.error(
                    owner, f"带有脚本（{tag}），脚本会执行任意代码，一律拒绝。", "删去脚本，改用服务任务或决策任务。"
                )
        elif tag not in SPIFF_PARTS:
            yield diagram.error(owner, f"扩展元素 spiffworkflow:{tag} 不受支持。", "删去该扩展元素，或更正拼写。")


def other_vendors(diagram: Diagram) -> Iterator[Finding]:
    """Extensions of other tools are not read: said once per tool, so that nobody believes they take effect."""
    found: dict[str, list[tuple[etree._Element, str]]] = defaultdict(list)
    for process in diagram.processes:
        for xml in process.xml.iter("*"):
            namespace, tag = tag_of(xml)
            if _foreign(namespace):
                found[namespace].append((xml, tag))
            for name in xml.attrib:
                attribute = etree.QName(name)
                if _foreign(attribute.namespace or ""):
                    found[attribute.namespace or ""].append((xml, f"@{attribute.localname}"))
    for namespace, places in found.items():
        names = list(dict.fromkeys(name for _, name in places))
        shown = "、".join(names[:6]) + ("等" if len(names) > 6 else "")
        yield diagram.warning(
            _owner(places[0][0]),
            f"含有{_vendor(namespace)}专用内容{len(places)}处（{shown}），引擎不读取，不起作用。",
            "按本系统的扩展属性重新填写办理方式、表单和期限，然后删去这些内容。",
        )


def _unknown(diagram: Diagram, xml: etree._Element) -> Finding:
    tag = tag_of(xml)[1]
    return diagram.error(
        xml if xml.get("id") else _owner(xml),
        f"元素“{tag}”不受支持，引擎不会执行。",
        "删去该元素，或改用用户任务、服务任务、决策任务、网关和消息、定时事件。",
    )


def _is_event_definition(xml: etree._Element) -> bool:
    """Judged by `event_definitions`, with the event it belongs to."""
    parent = xml.getparent()
    return tag_of(xml)[1].endswith("EventDefinition") and parent is not None and tag_of(parent)[1] in EVENT_KINDS


def _owner(xml: etree._Element) -> etree._Element:
    """The nearest element around it that people can find: one with an id."""
    while xml.get("id") is None or tag_of(xml)[0] != MODEL:
        parent = xml.getparent()
        if parent is None:
            return xml
        xml = parent
    return xml


def _foreign(namespace: str) -> bool:
    ours = namespace in ("", MODEL, SPIFF)
    return not ours and not namespace.startswith(DRAWING) and not namespace.startswith(HARMLESS)


def _vendor(namespace: str) -> str:
    known = (vendor for vendor in VENDORS if vendor in namespace.lower())
    return next((f"{vendor.capitalize()} " for vendor in known), f"“{namespace}”")
