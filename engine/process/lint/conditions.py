"""Rules about conditions and other expressions: where they may stand, and that the restricted language knows them."""

import ast
from collections.abc import Iterator, Mapping

from engine.findings import Finding
from engine.process.expressions import compile_expression
from engine.process.lint.diagram import SPIFF, Diagram, Flow, Node
from engine.process.model import ExpressionRefused

OTHER_LANGUAGES = ("${", "#{", "=")


def only_behind_exclusive_gateways(diagram: Diagram) -> Iterator[Finding]:
    """A condition stands only on a way out of an exclusive split; anywhere else the engine silently ignores it."""
    for scope in diagram.scopes:
        for flow in scope.flows:
            source = scope.by_id.get(flow.source)
            if flow.condition is None or source is None:
                continue
            if source.kind != "exclusiveGateway" or len(scope.outgoing(source.id)) < 2:
                yield diagram.error(
                    flow,
                    f"顺序流“{flow.id}”上有条件，但它不是排他网关的分支，条件不起作用。",
                    "删去条件，或在前面加排他网关。",
                )
            elif source.default == flow.id:
                yield diagram.error(flow, f"默认分支“{flow.id}”上有条件，条件不起作用。", "删去默认分支的条件。")


def every_way_has_one(diagram: Diagram) -> Iterator[Finding]:
    """Every way out of an exclusive split except the default says when it is taken."""
    for scope, node in diagram.nodes("exclusiveGateway"):
        ways = scope.outgoing(node.id)
        for flow in ways:
            if len(ways) > 1 and flow.id != node.default and not flow.condition:
                yield diagram.error(flow, f"从{node.label}出去的“{flow.id}”没有条件。", "写上条件，或设为默认分支。")


def expressions_are_vetted(diagram: Diagram) -> Iterator[Finding]:
    """Every condition is one sentence of the restricted language; nothing in a diagram is run as code."""
    for scope in diagram.scopes:
        for flow in scope.flows:
            if flow.condition:
                yield from vet(diagram, flow, flow.condition)


def parameters_are_vetted(diagram: Diagram) -> Iterator[Finding]:
    """A parameter of a service task has a name and is a sentence of the restricted language too."""
    for _, node in diagram.nodes("serviceTask"):
        for name, value in parameters(node).items():
            if not name or not value:
                yield diagram.error(node, f"服务任务{node.label}有参数没有名称或没有值。", "补全参数的 id 和 value。")
            else:
                yield from vet(diagram, node, value)


def parameters(node: Node) -> Mapping[str, str]:
    """What a service task hands to its operation: name -> expression."""
    operator = node.extension("serviceTaskOperator")
    found = () if operator is None else operator.iter(f"{{{SPIFF}}}parameter")
    return {each.get("id", ""): each.get("value", "") for each in found}


def vet(diagram: Diagram, place: Flow | Node, text: str) -> Iterator[Finding]:
    """The finding on one expression, if the restricted language refuses it."""
    try:
        compile_expression(text)
    except ExpressionRefused as refused:
        remedy = "只用变量、文字、数字和比较，如 outcome == 'returned' and sampled == true。"
        if text.startswith(OTHER_LANGUAGES):
            remedy = f"这是其他引擎的写法，去掉 ${{…}} 或开头的 =；{remedy}"
        yield diagram.error(place, refused.message, remedy)


def outcomes_asked_for(condition: str) -> frozenset[str]:
    """The words a vetted condition compares `outcome` with.

    >>> sorted(outcomes_asked_for("outcome == 'returned' or outcome in ('revise', 'signed') and grade == 'x'"))
    ['returned', 'revise', 'signed']
    """
    words: set[str] = set()
    for comparison in ast.walk(ast.parse(condition.strip(), mode="eval")):
        if not isinstance(comparison, ast.Compare):
            continue
        parts = (comparison.left, *comparison.comparators)
        if any(isinstance(part, ast.Name) and part.id == "outcome" for part in parts):
            constants = (each.value for part in parts for each in ast.walk(part) if isinstance(each, ast.Constant))
            words.update(value for value in constants if isinstance(value, str))
    return frozenset(words)


def readable(condition: str | None) -> bool:
    """Whether a condition is there and the restricted language knows it."""
    if not condition:
        return False
    try:
        compile_expression(condition)
    except ExpressionRefused:
        return False
    return True
