"""Rules about what people and tables do: lanes, the properties of user tasks, decisions asked and operations run."""

from collections.abc import Iterator

from engine.findings import Finding
from engine.process.lint.conditions import outcomes_asked_for, readable
from engine.process.lint.diagram import MODEL, Diagram, Node, Scope, text_of
from engine.process.lint.graph import reachable
from engine.process.lint.timing import DEADLINE_NAME
from engine.process.lint.words import COMMANDS, FORMS, KINDS, OUTCOMES, PROCESSES, PROPERTIES
from engine.process.properties import QUESTION, VARIABLE, QuestionKind, StepKind
from engine.words import LANES


def lanes_are_offices(diagram: Diagram) -> Iterator[Finding]:
    """A lane is one of the offices that have steps in a diagram, and lists nodes that exist, each once."""
    for scope in diagram.scopes:
        placed: dict[str, str] = {}
        for lane in scope.xml.iterfind(f"{{{MODEL}}}laneSet/{{{MODEL}}}lane"):
            name = lane.get("name", "")
            if name not in LANES:
                yield diagram.error(lane, f"泳道“{name}”不是办理岗位。", f"改为：{'、'.join(LANES)}。")
            for reference in map(text_of, lane.iterfind(f"{{{MODEL}}}flowNodeRef")):
                if reference not in scope.by_id:
                    yield diagram.error(lane, f"泳道“{name}”列出的“{reference}”不存在。", "从泳道中删去该引用。")
                elif reference in placed:
                    yield diagram.error(
                        lane,
                        f"“{reference}”同时列在泳道“{placed[reference]}”和“{name}”里。",
                        "一个节点只放在一个泳道。",
                    )
                placed[reference] = name


def tasks_have_a_lane(diagram: Diagram) -> Iterator[Finding]:
    """Somebody does every user task: it stands in the lane of an office."""
    for scope, node in diagram.nodes("userTask"):
        if not scope.lane(node.id):
            yield diagram.error(node, f"用户任务{node.label}不在任何泳道里，不知道由谁办理。", "放进办理岗位的泳道。")


def known_properties(diagram: Diagram) -> Iterator[Finding]:
    """A property means something on the element that carries it; a misspelt one would silently mean nothing."""
    for _, node in diagram.nodes():
        allowed = PROPERTIES.get(node.kind, ())
        for name in node.properties:
            if name not in allowed:
                yield diagram.error(
                    node, f"{node.label}的属性“{name}”不起作用。", f"可用属性：{'、'.join(allowed) or '无'}。"
                )


def kind_of_work(diagram: Diagram) -> Iterator[Finding]:
    """A user task says what kind of work it is; filling names its form, reviewing the form it judges."""
    for _, node in diagram.nodes("userTask"):
        kind = node.step.kind
        if kind is None:
            written = node.properties.get("kind", "")
            words = "、".join(f"{word}（{name}）" for word, name in KINDS.items())
            yield diagram.error(node, f"用户任务{node.label}的办理方式（kind）“{written}”不存在。", f"写：{words}。")
        needed = {StepKind.FILL: "form", StepKind.REVIEW: "judges"}.get(kind) if kind else None
        if needed and not node.properties.get(needed):
            yield diagram.error(node, f"用户任务{node.label}没有写明表单（{needed}）。", "填写表单代码，如 F02。")
        for name in ("form", "form_whole_department", "judges", "judges_whole_department"):
            if name in node.properties and node.properties[name] not in FORMS:
                yield diagram.error(
                    node,
                    f"{node.label}的表单“{node.properties[name]}”（{name}）不存在。",
                    f"可用：{FORMS[0]}至{FORMS[-1]}。",
                )


def outcomes_are_words(diagram: Diagram) -> Iterator[Finding]:
    """A user task lists the words it can end with, the normal one first."""
    for _, node in diagram.nodes("userTask"):
        words = node.step.outcomes
        unknown = [word for word in words if word not in OUTCOMES]
        if not node.properties.get("outcomes", "").strip():
            yield diagram.error(
                node, f"用户任务{node.label}没有写明办理结果（outcomes）。", f"可用：{'、'.join(OUTCOMES)}。"
            )
        if unknown:
            yield diagram.error(
                node, f"{node.label}的办理结果“{'、'.join(unknown)}”不存在。", f"可用：{'、'.join(OUTCOMES)}。"
            )
        if len(set(words)) != len(words):
            yield diagram.error(node, f"{node.label}的办理结果有重复。", "每个结果只写一次，第一个是正常结果。")


def outcomes_are_heard(diagram: Diagram) -> Iterator[Finding]:
    """Each outcome of a task leads somewhere: before the next task, at most one is left to the default way."""
    for scope, node in diagram.nodes("userTask"):
        words = node.step.outcomes
        unheard = [word for word in words if word not in _asked_behind(scope, node)]
        if len(unheard) > 1:
            yield diagram.error(
                node,
                f"{node.label}有{len(words)}种办理结果，但后面的网关没有区分“{'、'.join(unheard)}”。",
                "在任务后面接排他网关，按 outcome 分支，只留一种走默认分支。",
            )


def asked_outcomes_exist(diagram: Diagram) -> Iterator[Finding]:
    """A gateway asks only for outcomes some task of the process can give."""
    for process in diagram.processes:
        tasks = [node for scope, node in diagram.nodes("userTask") if scope.process is process]
        given = {word for node in tasks for word in node.step.outcomes}
        for scope in diagram.scopes:
            for flow in scope.flows if scope.process is process else ():
                asked = outcomes_asked_for(flow.condition or "") if readable(flow.condition) else frozenset()
                for word in sorted(asked - given):
                    yield diagram.error(
                        flow,
                        f"条件等待办理结果“{word}”，但本流程没有任务会给出它。",
                        "更正该词，或在任务的 outcomes 中补上。",
                    )


def routing_properties(diagram: Diagram) -> Iterator[Finding]:
    """`sets` and `computes` name routing variables, `deadline` a deadline, `command` one of the special commands."""
    for _, node in diagram.nodes("userTask", "boundaryEvent", "intermediateCatchEvent"):
        for word in node.properties.get("sets", "").split():
            if QUESTION.fullmatch(word) is None:
                yield diagram.error(
                    node,
                    f"{node.label}的 sets 中“{word}”写法有误。",
                    "写成 名称=值1|值2、名称:list、名称:text 或 名称:amount。",
                )
        for word in node.step.computes:
            if VARIABLE.fullmatch(word) is None:
                yield diagram.error(node, f"{node.label}的 computes 中“{word}”不是变量名。", "只写英文变量名。")
        command = node.properties.get("command")
        if command is not None and command not in COMMANDS:
            yield diagram.error(node, f"{node.label}的命令“{command}”不存在。", f"可用：{'、'.join(COMMANDS)}。")


def year_wide_steps(diagram: Diagram) -> Iterator[Finding]:
    """A step taken for many cases at once asks for nothing that is each case's own: no form, no list, no text.

    An amount may be left out, so an act for many leaves it out.
    """
    for _, node in diagram.nodes("userTask"):
        written = node.properties.get("year_wide")
        if written is None:
            continue
        if written != "true":
            yield diagram.error(node, f"{node.label}的 year_wide 写成了“{written}”。", "写 true，或删去该属性。")
        own = [name for name in ("form", "judges", "command") if node.properties.get(name)]
        own += [each.variable for each in node.step.asks if not each.choices and each.kind is not QuestionKind.AMOUNT]
        if own:
            yield diagram.error(
                node, f"{node.label}要逐件填写“{'、'.join(own)}”，不能一次办理多件。", "删去 year_wide 属性。"
            )


def due_dates(diagram: Diagram) -> Iterator[Finding]:
    """A task's `deadline` is a deadline's name, and not the one a timer on its border says already."""
    for scope, node in diagram.nodes("userTask"):
        name = node.properties.get("deadline")
        if name is None:
            continue
        found = DEADLINE_NAME.fullmatch(name)
        if found is None or found["stage"] not in (*PROCESSES, scope.process.id):
            yield diagram.error(node, f"{node.label}的期限“{name}”不合约定。", "写成“阶段.步骤”，阶段用流程编号。")
        timers = (boundary.child("timerEventDefinition", "timeDate") for boundary in scope.boundaries(node.id))
        if any(name in text_of(timer) for timer in timers):
            yield diagram.warning(
                node, f"{node.label}的期限“{name}”既写在属性里，又写在定时边界事件里。", "删去 deadline 属性。"
            )


def decisions_are_named(diagram: Diagram) -> Iterator[Finding]:
    """A decision task names its table, and some gateway of the process asks what to do if nothing is laid down."""
    for scope, node in diagram.nodes("businessRuleTask"):
        name = text_of(node.extension("calledDecisionId"))
        if not name:
            yield diagram.error(node, f"决策任务{node.label}没有写明决策表。", "填写 spiffworkflow:calledDecisionId。")
            continue
        flows = (flow for each in diagram.scopes if each.process is scope.process for flow in each.flows)
        if not any(f"{name}.undefined" in (flow.condition or "") for flow in flows):
            yield diagram.error(
                node,
                f"决策“{name}”可能没有规定，但没有分支处理 {name}.undefined。",
                "在排他网关上加一条分支，交由人工决定并说明理由。",
            )


def operations_are_named(diagram: Diagram) -> Iterator[Finding]:
    """A service task names the operation it asks for."""
    for _, node in diagram.nodes("serviceTask"):
        operator = node.extension("serviceTaskOperator")
        if operator is None or not operator.get("id"):
            yield diagram.error(
                node, f"服务任务{node.label}没有写明系统操作。", "填写 spiffworkflow:serviceTaskOperator 的 id。"
            )


def _asked_behind(scope: Scope, task: Node) -> frozenset[str]:
    """The outcomes asked for between this task and the next ones."""
    start = [flow.target for flow in scope.outgoing(task.id)]
    tasks = {node.id for node in scope.nodes if node.kind == "userTask"}
    between = reachable(start, lambda node_id: [] if node_id in tasks else scope.following(node_id)) - tasks
    conditions = (flow.condition for node_id in between for flow in scope.outgoing(node_id))
    return frozenset(word for each in conditions if each and readable(each) for word in outcomes_asked_for(each))
