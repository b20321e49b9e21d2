"""Rules about what is done once for each item of a list (multi-instance): its input, its output, its end."""

from collections.abc import Iterator

from engine.findings import Finding
from engine.process.expressions import compile_expression
from engine.process.lint.conditions import vet
from engine.process.lint.diagram import Diagram, Node, Scope, text_of
from engine.process.lint.graph import cycles

_INSTANCES = "multiInstanceLoopCharacteristics"


def have_input_and_output(diagram: Diagram) -> Iterator[Finding]:
    """An activity done once per item names the list and the item; what it gives back it names twice, or not at all.

    One after the other, the instances hand their data on: without an output the second finds the first's item.
    """
    for _, node in diagram.nodes():
        instances = node.child(_INSTANCES)
        if instances is None:
            continue
        listed, item = text_of(node.child(_INSTANCES, "loopDataInputRef")), _item(node, "inputDataItem")
        results, result = text_of(node.child(_INSTANCES, "loopDataOutputRef")), _item(node, "outputDataItem")
        if not listed or not item:
            yield diagram.error(
                node,
                f"多实例{node.label}没有写明对哪个列表逐项办理。",
                "写明 loopDataInputRef（列表）和 inputDataItem（其中一项）。",
            )
        if bool(results) != bool(result) or (not results and instances.get("isSequential") == "true"):
            yield diagram.error(
                node,
                f"多实例{node.label}的输出没有写全；逐个办理的必须有输出。",
                "写明 loopDataOutputRef（结果列表）和 outputDataItem（其中一项）。",
            )
        if node.child(_INSTANCES, "loopCardinality") is not None:
            yield diagram.error(node, f"多实例{node.label}按次数重复。", "改为按列表重复（loopDataInputRef）。")


def complete_on_their_own_item(diagram: Diagram) -> Iterator[Finding]:
    """A completion condition sees the finished instance only: it may ask nothing but its output item."""
    from_item = "写成只看输出项的条件；要看全部结果，在多实例后面用排他网关判断。"
    for _, node in diagram.nodes():
        condition = text_of(node.child(_INSTANCES, "completionCondition"))
        if not condition:
            continue
        refusals = list(vet(diagram, node, condition))
        yield from refusals
        others = set() if refusals else _names(condition) - {_item(node, "outputDataItem")}
        if others:
            yield diagram.error(
                node, f"多实例{node.label}的完成条件用到了“{'、'.join(sorted(others))}”，它看不到。", from_item
            )


def are_not_revisited(diagram: Diagram) -> Iterator[Finding]:
    """A multi-instance activity is not part of a loop: on its second visit the engine refuses the data of the first."""
    for scope in diagram.scopes:
        for node in scope.nodes:
            if node.child(_INSTANCES) is not None and _in_a_loop(scope, node):
                yield diagram.error(
                    node,
                    f"多实例{node.label}处在循环里，第二次走到时会出错。",
                    "把循环画到每个实例内部（子流程或被调用流程）。",
                )


def _item(node: Node, tag: str) -> str:
    item = node.child(_INSTANCES, tag)
    return item.get("id", "") if item is not None else ""


def _names(condition: str) -> set[str]:
    return set(compile_expression(condition).names)


def _in_a_loop(scope: Scope | None, node: Node) -> bool:
    """Whether the node, or a sub-process around it, can be walked through twice."""
    name = node.id
    while scope is not None:
        if any(name in knot for knot in cycles((each.id for each in scope.nodes), scope.following)):
            return True
        name, scope = scope.id, scope.parent
    return False
