"""Rules about waiting: timers name a deadline and nothing else, every step has a clock, messages have a name."""

import re
from collections.abc import Iterator

from engine.findings import Finding
from engine.process.lint.diagram import MODEL, Diagram, Node, Scope, text_of
from engine.process.lint.words import PROCESSES

DEADLINE_NAME = re.compile(r"(?P<stage>[a-z][a-z0-9_]*)\.[a-z][a-z0-9_]*")
DEADLINE_CALL = re.compile(rf"deadline\((?P<quote>['\"])(?P<name>{DEADLINE_NAME.pattern})(?P=quote)\)")
_TIMER_REMEDY = "写成 timeDate：deadline('阶段.步骤')，天数放在期限表里。"
MESSAGE_NAME = re.compile(r"(?P<process>[a-z][a-z0-9_]*)\.[a-z][a-z0-9_]*")


def timers_name_a_deadline(diagram: Diagram) -> Iterator[Finding]:
    """A timer says `deadline('stage.step')`: how long that is stands in the deadline tables, never in a diagram."""
    for scope, node in diagram.nodes():
        definition = node.event_definition("timer")
        if definition is None:
            continue
        if node.child("timerEventDefinition", "timeCycle") is not None:
            consequence = "中断型边界事件遇到循环定时不会按时触发" if node.interrupting else "催办次数不写在流程图里"
            yield diagram.error(
                node, f"定时事件{node.label}使用了循环定时（timeCycle）：{consequence}。", _TIMER_REMEDY
            )
            continue
        date = node.child("timerEventDefinition", "timeDate")
        call = DEADLINE_CALL.fullmatch(text_of(date))
        if call is None:
            written = text_of(date) or text_of(node.child("timerEventDefinition", "timeDuration")) or "空"
            yield diagram.error(node, f"定时事件{node.label}写的是“{written[:60]}”，不是期限名称。", _TIMER_REMEDY)
        elif call["stage"] not in (*PROCESSES, scope.process.id):
            yield diagram.error(
                node, f"期限“{call['name']}”的阶段“{call['stage']}”不存在。", "用阶段（流程）的编号开头。"
            )


def deadlines_named(diagram: Diagram) -> Iterator[tuple[Node, str]]:
    """Each node that names a deadline as it should be named, by a timer or by its property."""
    for _, node in diagram.nodes():
        call = DEADLINE_CALL.fullmatch(text_of(node.child("timerEventDefinition", "timeDate")))
        if call is not None:
            yield node, call["name"]
        own = DEADLINE_NAME.fullmatch(node.properties.get("deadline", ""))
        if own is not None:
            yield node, own[0]


def steps_have_a_clock(diagram: Diagram) -> Iterator[Finding]:
    """No case waits for a person unnoticed: a step has a deadline, a timer on it or around it, or says why not.

    A step whose deadline only some places lay down names it and says why it has none elsewhere.
    """
    for scope, node in diagram.nodes("userTask"):
        if not has_clock(scope, node):
            yield diagram.warning(
                node,
                f"{node.label}没有期限，停在这里没有人知道。",
                "写属性 deadline=阶段.步骤，或在它、所在子流程边上画定时事件；确不设期限的，用 no_deadline 写明原因。",
            )
        elif is_excused(node) and _has_a_timer(scope, node):
            yield diagram.warning(node, f"{node.label}有期限，又写了不设期限的原因。", "删去 no_deadline 属性。")


def has_clock(scope: Scope, node: Node) -> bool:
    """Whether a day or a timer stands over a step, or a reason for having none."""
    return bool(node.properties.get("deadline")) or is_excused(node) or _has_a_timer(scope, node)


def is_excused(node: Node) -> bool:
    """Whether a step says why it has no deadline, be it only where no place lays one down."""
    return bool(node.properties.get("no_deadline", "").strip())


def _has_a_timer(scope: Scope, node: Node) -> bool:
    host, around = node.id, scope
    while not any("timer" in border.events for border in around.boundaries(host)):
        if around.parent is None:
            return False
        host, around = around.id, around.parent
    return True


def messages_have_names(diagram: Diagram) -> Iterator[Finding]:
    """A message event waits for a declared message named `<process>.<word>`."""
    for _, node in diagram.nodes():
        definition = node.event_definition("message")
        if definition is None:
            continue
        reference = definition.get("messageRef", "").rpartition(":")[2]
        if reference not in diagram.messages:
            yield diagram.error(
                node, f"消息事件{node.label}引用的消息“{reference}”没有定义。", "定义该消息并重新引用。"
            )
            continue
        name = diagram.messages[reference]
        found = MESSAGE_NAME.fullmatch(name)
        known = (*PROCESSES, *(process.id for process in diagram.processes))
        if found is None or found["process"] not in known:
            yield diagram.error(
                node,
                f"消息名称“{name}”不合约定。",
                "写成“流程编号.英文词”，如 monitoring.launched。",
            )


def declared_messages_are_used(diagram: Diagram) -> Iterator[Finding]:
    """Each message is declared once, and somebody waits for it."""
    definitions = diagram.xml.iter(f"{{{MODEL}}}messageEventDefinition")
    used = {definition.get("messageRef", "").rpartition(":")[2] for definition in definitions}
    seen: set[str] = set()
    for message in diagram.xml.iterfind(f"{{{MODEL}}}message"):
        name = message.get("name", "")
        if message.get("id") not in used:
            yield diagram.warning(message, f"消息“{name}”没有事件等待。", "删去该定义，或画出等待它的事件。")
        if name in seen:
            yield diagram.error(message, f"消息“{name}”定义了两次。", "只保留一个定义，其余事件引用它。")
        seen.add(name)


def errors_are_declared(diagram: Diagram) -> Iterator[Finding]:
    """An error or escalation event refers to a declared error or escalation."""
    for kind in ("error", "escalation"):
        declared = {each.get("id") for each in diagram.xml.iterfind(f"{{{MODEL}}}{kind}")}
        for _, node in diagram.nodes():
            definition = node.event_definition(kind)
            reference = None if definition is None else definition.get(f"{kind}Ref")
            if reference is not None and reference.rpartition(":")[2] not in declared:
                yield diagram.error(node, f"{node.label}引用的“{reference}”没有定义。", "定义它并重新引用。")


def repeatable_boundaries(diagram: Diagram) -> Iterator[Finding]:
    """A message that may arrive again says `rearm`: without it a non-interrupting boundary event fires once only."""
    for _, node in diagram.nodes("boundaryEvent"):
        rearm = node.properties.get("rearm")
        repeats = "message" in node.events and not node.interrupting
        if repeats and rearm != "true":
            yield diagram.error(
                node, f"非中断的消息边界事件{node.label}只会触发一次。", "加属性 rearm=true，或改为中断事件。"
            )
        elif rearm is not None and (not repeats or rearm != "true"):
            yield diagram.error(
                node, f"{node.label}的属性 rearm=“{rearm}”不起作用。", "只在非中断的消息边界事件上写 rearm=true。"
            )
