"""Rules about how nodes are joined: every reference leads somewhere, every step is reached and leads on to an end."""

from collections.abc import Iterator

from engine.findings import Finding
from engine.process.lint.diagram import MODEL, Diagram, Node, Scope, some, text_of
from engine.process.lint.graph import reachable
from engine.process.lint.words import ACTIVITIES, GATEWAYS, TASKS

HOSTS = (*TASKS, *ACTIVITIES)


def flow_ends(diagram: Diagram) -> Iterator[Finding]:
    """A sequence flow joins two nodes of the same process or sub-process."""
    for scope in diagram.scopes:
        for flow in scope.flows:
            for end, reference in (("起点", flow.source), ("终点", flow.target)):
                if reference not in scope.by_id:
                    yield diagram.error(
                        flow,
                        f"顺序流“{flow.id}”的{end}“{reference}”在{scope.label}中不存在。",
                        "把顺序流重新接到同一流程内的节点上。",
                    )


def listed_flows(diagram: Diagram) -> Iterator[Finding]:
    """What a node lists as incoming and outgoing is what is drawn: tools trust either. Said once per file."""
    wrong = [node for scope, node in diagram.nodes() if not _lists_what_is_drawn(scope, node)]
    if wrong:
        yield diagram.warning(
            wrong[0],
            f"{len(wrong)}个节点列出的进出顺序流（incoming、outgoing）与实际连接不一致：{some(wrong)}。",
            "用建模工具打开并重新保存。",
        )


def one_start(diagram: Diagram) -> Iterator[Finding]:
    """A process and a sub-process begin at exactly one start event, and nothing leads into it."""
    for scope in diagram.scopes:
        starts = [node for node in scope.nodes if node.kind == "startEvent"]
        if len(starts) != 1:
            yield diagram.error(scope, f"{scope.label}有{len(starts)}个开始事件。", "只保留一个空白开始事件。")
        for start in starts:
            if scope.incoming(start.id):
                yield diagram.error(start, f"有顺序流进入开始事件{start.label}。", "把顺序流接到它后面的节点上。")


def has_end(diagram: Diagram) -> Iterator[Finding]:
    """A process and a sub-process end at an end event, and nothing leads out of it."""
    for scope in diagram.scopes:
        ends = [node for node in scope.nodes if node.kind == "endEvent"]
        if not ends:
            yield diagram.error(scope, f"{scope.label}没有结束事件，办完也不会结束。", "补上结束事件。")
        for end in ends:
            if scope.outgoing(end.id):
                yield diagram.error(end, f"有顺序流从结束事件{end.label}引出。", "删去该顺序流，或改为中间事件。")


def leads_on(diagram: Diagram) -> Iterator[Finding]:
    """Only an end event may be the last: a case would stand there for ever without being finished."""
    for scope, node in diagram.nodes():
        if node.kind != "endEvent" and not scope.outgoing(node.id):
            yield diagram.error(
                node, f"{node.title}后面没有顺序流，流程走到这里就断了。", "接到下一步，或接到结束事件。"
            )


def is_reached(diagram: Diagram) -> Iterator[Finding]:
    """Every node can be reached from the start; what cannot is dropped without a word by the engine's parser."""
    for scope in diagram.scopes:
        starts = [node.id for node in scope.nodes if node.kind == "startEvent"]
        reached = reachable(starts, scope.following)
        for node in scope.nodes:
            if starts and node.id not in reached:
                yield diagram.error(node, f"{node.title}从开始事件走不到。", "接入流程，或删去。")


def reaches_an_end(diagram: Diagram) -> Iterator[Finding]:
    """From every node some way leads to an end event; otherwise a case turns in a circle for ever."""
    for scope in diagram.scopes:
        ends = [node.id for node in scope.nodes if node.kind == "endEvent"]
        finishing = reachable(ends, scope.preceding)
        for node in scope.nodes:
            if ends and node.id not in finishing and scope.outgoing(node.id):
                yield diagram.error(
                    node,
                    f"从{node.title}出发，无论怎么走都到不了结束事件。",
                    "在循环中画出退出条件，或接到结束事件。",
                )


def single_way_out(diagram: Diagram) -> Iterator[Finding]:
    """Only gateways split; a task or event with two ways out is refused by the engine's parser."""
    for scope, node in diagram.nodes():
        if node.kind not in GATEWAYS and len(scope.outgoing(node.id)) > 1:
            yield diagram.error(
                node, f"{node.title}引出{len(scope.outgoing(node.id))}条顺序流。", "在后面加一个网关再分支。"
            )


def joins_are_drawn(diagram: Diagram) -> Iterator[Finding]:
    """Ways come together in a gateway, so that it can be seen whether one or all of them are waited for."""
    for scope, node in diagram.nodes():
        if node.kind not in GATEWAYS and len(scope.incoming(node.id)) > 1:
            yield diagram.warning(
                node, f"{node.title}有{len(scope.incoming(node.id))}条顺序流直接汇入。", "在前面加一个排他网关汇聚。"
            )


def gateways_have_a_purpose(diagram: Diagram) -> Iterator[Finding]:
    """A gateway splits or joins: not neither, and not both at once."""
    for scope, node in diagram.nodes(*GATEWAYS):
        ways_in, ways_out = len(scope.incoming(node.id)), len(scope.outgoing(node.id))
        if ways_in > 1 and ways_out > 1:
            yield diagram.warning(node, f"{node.title}既汇聚又分支。", "拆成一个汇聚网关和一个分支网关。")
        if ways_in == 1 and ways_out == 1:
            yield diagram.warning(node, f"{node.title}只有一进一出，不起作用。", "删去该网关。")


def parallel_flows_differ(diagram: Diagram) -> Iterator[Finding]:
    """Two flows between the same two nodes differ at least in their conditions."""
    for scope in diagram.scopes:
        seen: set[tuple[str, str, str | None]] = set()
        for flow in scope.flows:
            course = (flow.source, flow.target, flow.condition)
            if course in seen and flow.source in scope.by_id:
                yield diagram.error(flow, f"顺序流“{flow.id}”与另一条起点、终点、条件都相同。", "只保留一条。")
            seen.add(course)


def default_way(diagram: Diagram) -> Iterator[Finding]:
    """Every exclusive split names one of its own ways as the default, so that no case stands before closed doors."""
    for scope, node in diagram.nodes(*GATEWAYS, *HOSTS):
        ways = [flow.id for flow in scope.outgoing(node.id)]
        if node.default is not None and (node.kind != "exclusiveGateway" or node.default not in ways):
            yield diagram.error(
                node,
                f"{node.title}的默认分支“{node.default}”不是从它引出的分支。",
                "从排他网关的分支中选一条作默认。",
            )
        elif node.kind == "exclusiveGateway" and len(ways) > 1 and node.default is None:
            yield diagram.error(
                node,
                f"{node.title}没有默认分支，条件都不满足时案卷会停在这里。",
                "把其中一条设为默认分支（default）。",
            )


def boundary_hosts(diagram: Diagram) -> Iterator[Finding]:
    """A boundary event sits on a task, sub-process or call activity of the same process, and nothing leads into it."""
    for scope, node in diagram.nodes("boundaryEvent"):
        host = scope.by_id.get(node.host)
        if host is None or host.kind not in HOSTS:
            yield diagram.error(
                node,
                f"边界事件{node.label}附着的“{node.host}”不存在，或不是任务、子流程、调用活动。",
                "把边界事件重新贴到任务或子流程的边上。",
            )
        if scope.incoming(node.id):
            yield diagram.error(node, f"有顺序流进入边界事件{node.label}。", "把顺序流接到它后面的节点上。")
        if "error" in node.events and not node.interrupting:
            yield diagram.error(node, f"错误边界事件{node.label}不能是非中断的。", "改为中断事件。")


def event_gateway_ways(diagram: Diagram) -> Iterator[Finding]:
    """An event-based gateway waits for at least two events, each of them drawn right behind it."""
    for scope, node in diagram.nodes("eventBasedGateway"):
        targets = [scope.by_id.get(flow.target) for flow in scope.outgoing(node.id)]
        if len(targets) < 2:
            yield diagram.error(node, f"{node.title}后面不足两个事件。", "至少接两个中间捕获事件。")
        for target in targets:
            if target is not None and (target.kind != "intermediateCatchEvent" or len(scope.incoming(target.id)) > 1):
                yield diagram.error(
                    target,
                    f"事件网关后面的{target.label}不是它专用的中间捕获事件。",
                    "改为中间捕获事件（消息或定时）。",
                )


def _lists_what_is_drawn(scope: Scope, node: Node) -> bool:
    return all(
        sorted(text_of(each) for each in node.xml.iterfind(f"{{{MODEL}}}{tag}")) == sorted(flow.id for flow in drawn)
        for tag, drawn in (("incoming", scope.incoming(node.id)), ("outgoing", scope.outgoing(node.id)))
    )
