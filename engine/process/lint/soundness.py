"""Rules about what can happen: no case waits in vain, goes two ways at once by mistake, or turns round by itself.

They are asked only of diagrams whose wiring is in order.
"""

from collections.abc import Iterator, Sequence
from functools import partial

from engine.findings import Finding
from engine.process.lint.diagram import Diagram, Node, Scope
from engine.process.lint.graph import cycles, reachable
from engine.process.lint.tokens import MAX_MARKINGS, TokenGame
from engine.process.properties import QuestionKind

WAITING = ("userTask", "intermediateCatchEvent", "boundaryEvent")


def tokens_come_together(diagram: Diagram) -> Iterator[Finding]:
    """Whatever is decided on the way, a case reaches its end, and no step is gone through twice by two tokens."""
    for scope in diagram.scopes:
        played = TokenGame(scope).play()
        for node_id, flows in sorted(played.stuck.items()):
            join = scope.by_id[node_id]
            missing = "、".join(_way(scope, flow_id) for flow_id in sorted(flows))
            yield diagram.error(
                join,
                f"并行汇聚{join.label}会永远等待：{missing}不一定会走到。",
                "前面若是二选一，改用排他网关汇聚；若要都办，前面改用并行网关分支。",
            )
        for node_id in sorted(played.doubled):
            yield diagram.error(
                scope.by_id[node_id],
                f"并行分出的几路各自通过{scope.by_id[node_id].label}，其后的步骤会重复办理。",
                "并行分支要用并行网关汇聚；若只走一路，前面改用排他网关分支。",
            )
        if not played.complete:
            yield diagram.warning(
                scope, f"{scope.label}的并行组合超过{MAX_MARKINGS}种，未能全部核对。", "把并行部分拆成子流程。"
            )


def side_branches_stay_apart(diagram: Diagram) -> Iterator[Finding]:
    """The branch of a non-interrupting event does not run into the main way: its steps would be done twice."""
    for scope in diagram.scopes:
        main_following = partial(_main_following, scope)
        main = reachable((node.id for node in scope.nodes if node.kind == "startEvent"), main_following)
        for event in scope.nodes:
            if event.kind != "boundaryEvent" or event.interrupting:
                continue
            side = reachable([event.id], main_following)
            shared = [node for node in scope.nodes if node.id in side & main and _does_something(node)]
            if shared:
                yield diagram.error(
                    event,
                    f"非中断边界事件{event.label}的支线汇入主线（{shared[0].label}），主线会走两遍。",
                    "支线单独接到自己的结束事件，或改为中断事件。",
                )


def no_parallel_gateway_in_a_loop(diagram: Diagram) -> Iterator[Finding]:
    """No parallel gateway inside a loop: in the second round its join may fire while a branch is still open."""
    for scope in diagram.scopes:
        for knot in _knots(scope):
            for node in scope.nodes:
                if node.id in knot and node.kind == "parallelGateway":
                    yield diagram.error(
                        node, f"并行网关{node.label}处在循环里，第二轮汇聚会出错。", "把并行部分整个放进子流程。"
                    )


def lists_do_not_cross_joins(diagram: Diagram) -> Iterator[Finding]:
    """No task between a parallel split and its join sets a list: the join would cut it to another branch's length."""
    for scope in diagram.scopes:
        gateways = [node for node in scope.nodes if node.kind == "parallelGateway"]
        splits = [node.id for node in gateways if len(scope.outgoing(node.id)) > 1]
        joins = {node.id for node in gateways if len(scope.incoming(node.id)) > 1}
        inside = reachable(splits, scope.following)
        for node in scope.nodes:
            gives_list = any(question.kind is QuestionKind.LIST for question in node.step.asks)
            if gives_list and node.id in inside and joins & reachable([node.id], scope.following):
                yield diagram.error(
                    node, f"{node.label}在并行分支里设置列表变量，汇聚时列表会被截断。", "把该任务移到并行部分之外。"
                )


def loops_wait_for_somebody(diagrams: Sequence[Diagram]) -> Iterator[Finding]:
    """Every loop holds a human task or a waiting event; otherwise the engine could turn round in it for ever."""
    passable = _Passable(diagrams)
    for diagram in diagrams:
        for scope in diagram.scopes:
            automatic = [node.id for node in scope.nodes if passable.node(node)]
            for knot in cycles(automatic, scope.following):
                members = [node for node in scope.nodes if node.id in knot]
                yield diagram.error(
                    members[0],
                    f"循环（{'、'.join(node.label for node in members)}）中没有人工任务或等待事件，可能停不下来。",
                    "在循环中加入人工任务，或去掉回路。",
                )


class _Passable:
    """Which nodes and scopes a token may pass without anybody having to do anything."""

    def __init__(self, diagrams: Sequence[Diagram]) -> None:
        scopes = [scope for diagram in diagrams for scope in diagram.scopes]
        self.processes: set[str] = set()
        self.inner: set[str] = set()
        found = True
        while found:
            found = False
            for scope in scopes:
                passable = self.inner if scope.parent else self.processes
                if scope.id not in passable and self._lets_through(scope):
                    passable.add(scope.id)
                    found = True

    def node(self, node: Node) -> bool:
        if node.kind == "callActivity":
            return node.xml.get("calledElement", "") in self.processes
        if node.kind == "subProcess":
            return node.id in self.inner
        return node.kind not in WAITING

    def _lets_through(self, scope: Scope) -> bool:
        """Whether some way from its start to an end waits for nobody."""
        starts = [node.id for node in scope.nodes if node.kind == "startEvent"]
        passed = reachable(
            starts, lambda node_id: [other for other in scope.following(node_id) if self.node(scope.by_id[other])]
        )
        return any(node.id in passed for node in scope.nodes if node.kind == "endEvent")


def _knots(scope: Scope) -> list[frozenset[str]]:
    return cycles((node.id for node in scope.nodes), scope.following)


def _main_following(scope: Scope, node_id: str) -> list[str]:
    """What follows, without the branches of non-interrupting events."""
    return [other for other in scope.following(node_id) if _takes_the_token(scope.by_id[other])]


def _takes_the_token(node: Node) -> bool:
    return node.kind != "boundaryEvent" or node.interrupting


def _does_something(node: Node) -> bool:
    """Whether passing it twice would be felt: an end event or a gateway that only brings ways together is not."""
    return node.kind not in ("endEvent", "exclusiveGateway")


def _way(scope: Scope, flow_id: str) -> str:
    flow = next(flow for flow in scope.flows if flow.id == flow_id)
    return f"来自{scope.by_id[flow.source].label}的一路"
