"""Rules about what steps set: nothing the engine sets, nothing on two parallel ways, and no value nobody can give."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from engine.findings import Finding
from engine.process.lint.conditions import readable
from engine.process.lint.deployment import Deployment
from engine.process.lint.diagram import MODEL, Diagram, Node, Scope, text_of
from engine.process.lint.graph import reachable
from engine.process.lint.words import MESSAGE_VARIABLES, START_VARIABLES
from engine.process.properties import QuestionKind
from engine.words import CaseKind

ASKING = ("userTask", "boundaryEvent", "intermediateCatchEvent")


def given_by_the_engine(diagram: Diagram) -> Iterator[Finding]:
    """A step does not ask for, or work out, what the engine sets itself: the case would turn into another."""
    taken = {"outcome", "stage", *START_VARIABLES}
    for _, node in diagram.nodes(*ASKING):
        for name in sorted({*(asked.variable for asked in node.step.asks), *node.step.computes} & taken):
            yield diagram.error(
                node, f"{node.label}要改写“{name}”，它由系统给出，不能改写。", "改用另一个变量名，并更正用到它的条件。"
            )


def branches_set_their_own(diagram: Diagram) -> Iterator[Finding]:
    """No variable is set on several parallel branches: whoever is last would decide, or the value would be lost."""
    inner = {scope.id: scope for scope in diagram.scopes if scope.parent is not None}
    for scope in diagram.scopes:
        for split in scope.nodes:
            if split.kind == "parallelGateway" and len(scope.outgoing(split.id)) > 1:
                yield from _set_twice(diagram, scope, split, inner)


def _set_twice(diagram: Diagram, scope: Scope, split: Node, inner: Mapping[str, Scope]) -> Iterator[Finding]:
    first: dict[str, tuple[int, Node]] = {}
    for number, nodes in enumerate(_branches(scope, split)):
        for node in nodes:
            for name in sorted(_sets(node, inner)):
                branch, earlier = first.setdefault(name, (number, node))
                if branch != number:
                    yield diagram.error(
                        node,
                        f"并行的{earlier.label}和{node.label}都设置“{name}”，汇聚后只剩后办的一个。",
                        "各用各的变量名；要汇总的用多实例的列表或计数。",
                    )


def _branches(scope: Scope, split: Node) -> list[list[Node]]:
    """The nodes of each way out of a parallel split that lie on no other way: what is common lies behind the join."""
    ways = [reachable([flow.target], scope.following) for flow in scope.outgoing(split.id)]
    shared = {node for number, way in enumerate(ways) for other in ways[number + 1 :] for node in way & other}
    return [[node for node in scope.nodes if node.id in way - shared] for way in ways]


def outcomes_end_at_joins(diagram: Diagram) -> Iterator[Finding]:
    """Behind a parallel join nobody asks for `outcome` before the next step: it is the one of whoever was last."""
    for scope in diagram.scopes:
        joins = [node for node in scope.nodes if node.kind == "parallelGateway" and len(scope.incoming(node.id)) > 1]
        for join in joins:
            for node_id in reachable([join.id], partial(_before_the_next_step, scope)):
                for flow in scope.outgoing(node_id):
                    if readable(flow.condition) and "outcome" in _names(ast.parse(flow.condition or "", mode="eval")):
                        yield diagram.error(
                            flow,
                            f"并行汇聚{join.label}之后的条件用到办理结果 outcome，它是最后办的那一路的。",
                            "在并行分支里各用一个变量（sets），条件改用这些变量。",
                        )


def _before_the_next_step(scope: Scope, node_id: str) -> list[str]:
    steps = ("userTask", "subProcess", "callActivity")
    return [other for other in scope.following(node_id) if scope.by_id[other].kind not in steps]


def _sets(node: Node, inner: Mapping[str, Scope]) -> set[str]:
    """The variables a node, or anything inside it, sets; not the outcome, which every step has."""
    names = {asked.variable for asked in node.step.asks if asked.kind is not QuestionKind.AMOUNT}
    names |= {*node.step.computes, text_of(node.extension("calledDecisionId"))}
    operator = node.extension("serviceTaskOperator")
    names.add(operator.get("resultVariable", "") if operator is not None else "")
    if node.child("multiInstanceLoopCharacteristics") is not None:
        names = set()
    elif node.id in inner:
        for each in inner[node.id].nodes:
            names |= _sets(each, inner)
    return names - {""}


def values_can_be_given(deployment: Deployment) -> Iterator[Finding]:
    """A condition compares a variable only with values some step of these files can give it."""
    values = _values(deployment)
    for diagram in deployment.diagrams:
        for scope in diagram.scopes:
            for flow in scope.flows:
                if not readable(flow.condition):
                    continue
                for name, value in _compared(flow.condition or ""):
                    if name in values and value not in values[name]:
                        yield diagram.error(
                            flow,
                            f"条件把“{name}”与“{value}”比较，但没有步骤会给出这个值。",
                            f"更正该词；可能的值：{'、'.join(sorted(values[name]))}。",
                        )


def _values(deployment: Deployment) -> Mapping[str, set[str]]:
    """The words a variable can have, of those whose every giver names them."""
    values: dict[str, set[str]] = defaultdict(set)
    values["object_kind"] = set(CaseKind)
    open_ones = {*MESSAGE_VARIABLES}
    for diagram in deployment.diagrams:
        for _, node in diagram.nodes():
            for asked in node.step.asks:
                values[asked.variable].update(asked.choices)
                open_ones |= set() if asked.choices else {asked.variable}
            open_ones |= {*node.step.computes, text_of(node.extension("calledDecisionId"))}
            operator = node.extension("serviceTaskOperator")
            open_ones.add(operator.get("resultVariable", "") if operator is not None else "")
        for tag in ("inputDataItem", "outputDataItem"):
            open_ones |= {item.get("id", "") for item in diagram.xml.iter(f"{{{MODEL}}}{tag}")}
    return {name: words for name, words in values.items() if name not in open_ones}


def _compared(condition: str) -> Iterator[tuple[str, str]]:
    """Names with the words they are compared with, as `sets` writes them.

    >>> sorted(_compared("grade == '优' or upheld == true and kind in ('a', 'b') and n < 3"))
    [('grade', '优'), ('kind', 'a'), ('kind', 'b'), ('upheld', 'true')]
    """
    for node in ast.walk(ast.parse(condition.strip(), mode="eval")):
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            sides = (node.left, node.comparators[0])
            names = [side.id for side in sides if isinstance(side, ast.Name) and side.id not in ("true", "false")]
            others = [side for side in sides if not isinstance(side, ast.Name) or side.id in ("true", "false")]
            if len(names) == 1 and isinstance(node.ops[0], ast.Eq | ast.NotEq | ast.In | ast.NotIn):
                yield from ((names[0], word) for word in _words(others))


def _words(sides: Iterable[ast.expr]) -> Iterator[str]:
    for side in sides:
        if isinstance(side, ast.Constant) and isinstance(side.value, str):
            yield side.value
        elif isinstance(side, ast.Name):
            yield side.id
        elif isinstance(side, ast.Tuple | ast.List):
            yield from _words(side.elts)


def _names(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
