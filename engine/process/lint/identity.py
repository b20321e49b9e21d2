"""Rules about names: one process per file, ids that are unique and in English, labels and documentation in Chinese."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import PurePosixPath

from lxml import etree

from engine.findings import Finding
from engine.process.lint.diagram import MODEL, Diagram, Place, some, tag_of, text_of
from engine.process.lint.words import ACTIVITIES, GATEWAYS, TASKS, WORK

SNAKE_CASE = re.compile(r"[a-z][a-z0-9_]*")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
MAX_NODES = 300
MAX_PROCESSES = 20
MAX_NESTING = 10


def one_process(diagram: Diagram) -> Iterator[Finding]:
    """One file holds one process, and both have the same name, so that a stage is found by its file."""
    if len(diagram.processes) > 1:
        names = "、".join(process.id or process.name for process in diagram.processes)
        for process in diagram.processes[1:]:
            yield diagram.error(
                process,
                f"一个文件只能有一个流程，这里有{len(diagram.processes)}个（{names}）。",
                "每个流程单独存成一个文件。",
            )
    stem = PurePosixPath(diagram.file).stem
    for process in diagram.processes[:1]:
        if process.id != stem:
            yield diagram.error(
                process, f"流程编号“{process.id}”与文件名“{stem}”不一致。", f"把流程编号改为“{stem}”，或改文件名。"
            )
        if process.xml.get("isExecutable") != "true":
            yield diagram.warning(process, f"流程{process.label}没有标为可执行。", '设置 isExecutable="true"。')


def pools(diagram: Diagram) -> Iterator[Finding]:
    """A pool stands for the process of the file; pools of others and messages between pools are pictures only."""
    known = {process.id for process in diagram.processes}
    for participant in diagram.xml.iterfind(f"{{{MODEL}}}collaboration/{{{MODEL}}}participant"):
        reference = participant.get("processRef")
        name = participant.get("name", "")
        if reference is None:
            yield diagram.warning(
                participant, f"泳池“{name}”没有流程，引擎不执行。", "删去空泳池，用泳道表示办理岗位。"
            )
        elif _local(reference) not in known:
            yield diagram.error(participant, f"泳池“{name}”引用的流程“{reference}”不存在。", "更正 processRef。")
    for flow in diagram.xml.iterfind(f"{{{MODEL}}}collaboration/{{{MODEL}}}messageFlow"):
        yield diagram.warning(flow, "泳池之间的消息流不会执行。", "用消息事件等待，由系统命令送达消息。")


def ids(diagram: Diagram) -> Iterator[Finding]:
    """Every element has an id of its own in the file."""
    seen: dict[str, etree._Element] = {}
    for xml in diagram.xml.iter("*"):
        name = xml.get("id")
        if name is None or not _named(xml):
            continue
        if name in seen:
            yield diagram.error(
                xml, f"编号“{name}”重复，第{seen[name].sourceline}行已经用过。", "每个元素使用不同的编号，并更正引用。"
            )
        seen.setdefault(name, xml)
    for scope in diagram.scopes:
        for node in scope.nodes:
            if not node.id:
                yield diagram.error(node, f"{node.kind_name}“{node.name}”没有编号。", "补上英文编号。")
        for flow in scope.flows:
            if not flow.id:
                yield diagram.error(
                    flow, f"从“{flow.source}”到“{flow.target}”的顺序流没有编号。", "补上英文编号（id）。"
                )


def english_ids(diagram: Diagram) -> Iterator[Finding]:
    """Ids are English snake_case: journals, rules and tests speak of elements by them. Said once per file."""
    places: list[Place] = list(diagram.processes)
    for scope in diagram.scopes:
        places += (*scope.nodes, *scope.flows)
    odd = [place for place in places if place.id and not SNAKE_CASE.fullmatch(place.id)]
    if odd:
        yield diagram.warning(
            odd[0],
            f"{len(odd)}个编号不是小写英文加下划线：{some(odd)}。",
            "改为说明含义的英文编号，如 review_targets。",
        )


def chinese_names(diagram: Diagram) -> Iterator[Finding]:
    """What people read has a Chinese name: tasks, events, splitting gateways and the ways out of them."""
    for process in diagram.processes:
        if not CHINESE.search(process.name):
            yield diagram.warning(process, f"流程“{process.id}”没有中文名称。", "补上名称。")
    for scope, node in diagram.nodes():
        splits = len(scope.outgoing(node.id)) > 1
        if node.kind in GATEWAYS and (not splits or node.kind in ("parallelGateway", "eventBasedGateway")):
            continue
        if not node.name and node.kind in TASKS + ACTIVITIES:
            yield diagram.error(node, f"{node.kind_name}“{node.id}”没有名称。", "补上中文名称。")
        elif not CHINESE.search(node.name):
            yield diagram.warning(node, f"{node.kind_name}“{node.id}”没有中文名称。", "补上中文名称。")
        if node.kind == "exclusiveGateway" and splits:
            for flow in scope.outgoing(node.id):
                if not CHINESE.search(flow.name):
                    yield diagram.warning(
                        flow, f"从{node.label}出去的“{flow.id}”没有中文名称。", "写明走这条路的情形。"
                    )


def documentation(diagram: Diagram) -> Iterator[Finding]:
    """Every process and task says in its documentation what is done, and by which rule."""
    for process in diagram.processes:
        if not text_of(process.xml.find(f"{{{MODEL}}}documentation")):
            yield diagram.warning(process, f"流程{process.label}没有说明。", "在说明（documentation）中写明依据。")
    for _, node in diagram.nodes(*WORK):
        if not text_of(node.child("documentation")):
            yield diagram.warning(node, f"{node.label}没有说明。", "在说明（documentation）中写明做什么、依据哪一条。")


def size(diagram: Diagram) -> Iterator[Finding]:
    """At most 300 nodes, and 10 sub-processes inside each other: the engine's parser goes down one level for each."""
    nodes: dict[str, int] = defaultdict(int)
    for scope in diagram.scopes:
        nodes[scope.process.id] += max(len(scope.nodes), len(scope.flows) // 3)
    for process in diagram.processes:
        if nodes[process.id] > MAX_NODES:
            yield diagram.error(
                process,
                f"流程{process.label}有{nodes[process.id]}个节点，超过{MAX_NODES}个。",
                "拆成几个流程，用调用活动连接。",
            )
    if len(diagram.processes) > MAX_PROCESSES:
        yield diagram.error(diagram.xml, f"文件中有{len(diagram.processes)}个流程。", "每个流程单独存成一个文件。")
    for scope in diagram.scopes:
        if scope.depth == MAX_NESTING:
            yield diagram.error(scope, f"子流程{scope.label}嵌套超过{MAX_NESTING}层。", "改用调用活动。")


def _named(xml: etree._Element) -> bool:
    """Whether its id is an XML id: of the model or of the drawing, not of an extension."""
    namespace = tag_of(xml)[0]
    return namespace.startswith(("http://www.omg.org/spec/BPMN/", "http://www.omg.org/spec/DD/"))


def _local(reference: str) -> str:
    return reference.rpartition(":")[2]
