"""Rules about all files together: what one refers to, another (or the tables, or the operations) must hold."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from engine.findings import Finding
from engine.process.expressions import compile_expression
from engine.process.lint.conditions import parameters, readable
from engine.process.lint.diagram import MODEL, Diagram, Place, Scope, text_of
from engine.process.lint.graph import cycles
from engine.process.lint.timing import deadlines_named, is_excused
from engine.process.lint.words import MESSAGE_VARIABLES, OPERATIONS, START_VARIABLES
from engine.process.properties import QuestionKind


@dataclass(frozen=True)
class Deployment:
    """The files checked together; `decisions`, `operations` and `deadlines` are None when nothing is known of them."""

    diagrams: Sequence[Diagram]
    decisions: Collection[str] | None = None
    operations: Collection[str] | None = None
    deadlines: Collection[str] | None = None

    @property
    def processes(self) -> Mapping[str, Scope]:
        return {process.id: process for diagram in self.diagrams for process in diagram.processes}


def ids_across_files(deployment: Deployment) -> Iterator[Finding]:
    """Ids are unique over all files: the engine finds processes and sub-processes, and people steps, by id alone."""
    seen: dict[str, tuple[str, int]] = {}
    for diagram in deployment.diagrams:
        scopes = {scope.id for scope in diagram.scopes}
        places: list[Place] = [*diagram.processes, *(node for _, node in diagram.nodes())]
        for place in places:
            earlier = seen.get(place.id)
            if place.id and earlier is not None and earlier[0] != diagram.file:
                report = diagram.error if place.id in scopes else diagram.warning
                yield report(
                    place,
                    f"编号“{place.id}”在文件“{earlier[0]}”第{earlier[1]}行已经用过。",
                    "改用不同的编号，并更正引用。",
                )
            seen.setdefault(place.id, (diagram.file, place.line))


def called_processes_exist(deployment: Deployment) -> Iterator[Finding]:
    """A call activity calls a process that is there."""
    processes = deployment.processes
    for diagram in deployment.diagrams:
        for _, node in diagram.nodes("callActivity"):
            called = node.xml.get("calledElement", "")
            if called not in processes:
                known = "、".join(sorted(processes)) or "无"
                yield diagram.error(
                    node,
                    f"调用活动{node.label}调用的流程“{called}”不存在。",
                    f"更正 calledElement；现有流程：{known}。",
                )


def calls_come_to_an_end(deployment: Deployment) -> Iterator[Finding]:
    """No process calls itself, not even through others."""
    calls: dict[str, list[str]] = {name: [] for name in deployment.processes}
    for diagram in deployment.diagrams:
        for scope, node in diagram.nodes("callActivity"):
            calls[scope.process.id].append(node.xml.get("calledElement", ""))
    for knot in cycles(calls, lambda name: calls.get(name, ())):
        for diagram in deployment.diagrams:
            for process in diagram.processes:
                if process.id == min(knot):
                    names = "、".join(sorted(knot))
                    yield diagram.error(process, f"流程互相调用成环（{names}），永远办不完。", "去掉其中一个调用活动。")


def decisions_exist(deployment: Deployment) -> Iterator[Finding]:
    """A decision task asks a table that is there."""
    for diagram in deployment.diagrams if deployment.decisions is not None else ():
        for _, node in diagram.nodes("businessRuleTask"):
            name = text_of(node.extension("calledDecisionId"))
            if name and name not in (deployment.decisions or ()):
                yield diagram.error(node, f"决策表“{name}”不存在。", "更正名称，或在 bpmn/decisions 中补上该表。")


def deadlines_exist(deployment: Deployment) -> Iterator[Finding]:
    """What a timer or a task waits for is laid down in a deadline table; what no table knows would never come.

    A task may say why it has no day where nobody lays one down.
    """
    known = deployment.deadlines
    for diagram in deployment.diagrams if known is not None else ():
        for node, name in deadlines_named(diagram):
            if name not in (known or ()) and not (node.kind == "userTask" and is_excused(node)):
                lost = "没有截止日" if node.kind == "userTask" else "永远不会到期"
                yield diagram.error(
                    node, f"{node.label}的期限“{name}”在期限表里没有，{lost}。", _other_name(name, known or ())
                )


def _other_name(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, sorted(known), n=3)
    meant = f"更正名称（是不是“{'”“'.join(near)}”？），或" if near else "更正名称，或"
    return f"{meant}在期限表 deadline.dmn 中补上这一行。"


def operations_exist(deployment: Deployment) -> Iterator[Finding]:
    """A service task asks for an operation the engine knows."""
    known = OPERATIONS if deployment.operations is None else deployment.operations
    for diagram in deployment.diagrams:
        for _, node in diagram.nodes("serviceTask"):
            operator = node.extension("serviceTaskOperator")
            name = operator.get("id", "") if operator is not None else ""
            if name and name not in known:
                yield diagram.error(node, f"系统操作“{name}”不存在。", f"可用操作：{'、'.join(sorted(known))}。")


def variables_are_set_somewhere(deployment: Deployment) -> Iterator[Finding]:
    """A condition or parameter asks only for variables that some task, decision or message of these files brings."""
    known = {"outcome", *START_VARIABLES, *MESSAGE_VARIABLES}
    for diagram in deployment.diagrams:
        known |= _brought(diagram)
    for diagram in deployment.diagrams:
        for place, expression in _expressions(diagram):
            unknown = compile_expression(expression).names - known if readable(expression) else frozenset()
            if unknown:
                yield diagram.error(
                    place,
                    f"“{expression[:60]}”用到的变量“{'、'.join(sorted(unknown))}”没有任何任务、决策或消息给出。",
                    "更正变量名，或在任务的 sets、computes 中声明。",
                )


def _expressions(diagram: Diagram) -> Iterator[tuple[Place, str]]:
    for scope in diagram.scopes:
        for flow in scope.flows:
            yield flow, flow.condition or ""
    for _, node in diagram.nodes("serviceTask"):
        for expression in parameters(node).values():
            yield node, expression


def _brought(diagram: Diagram) -> set[str]:
    names: set[str] = set()
    for _, node in diagram.nodes():
        names.update(asked.variable for asked in node.step.asks if asked.kind is not QuestionKind.AMOUNT)
        names.update(node.step.computes)
        names.add(text_of(node.extension("calledDecisionId")))
        operator = node.extension("serviceTaskOperator")
        names.add(operator.get("resultVariable", "") if operator is not None else "")
    for tag in ("inputDataItem", "outputDataItem"):
        names.update(item.get("id", "") for item in diagram.xml.iter(f"{{{MODEL}}}{tag}"))
    names.update(text_of(each) for each in diagram.xml.iter(f"{{{MODEL}}}loopDataOutputRef"))
    return names
