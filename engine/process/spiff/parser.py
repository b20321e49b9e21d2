# mypy: disable-error-code="misc"
"""Turns checked BPMN into shared SpiffWorkflow specs, knowing only the shapes our diagrams may hold.

Every other shape is refused, because the library runs it wrongly or not at all.
"""

import re
from collections.abc import Mapping
from typing import Any, NoReturn

from lxml import etree
from SpiffWorkflow.bpmn.parser.event_parsers import EventDefinitionParser
from SpiffWorkflow.bpmn.parser.task_parsers import ConditionalGatewayParser, GatewayParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser, SpiffProcessParser
from SpiffWorkflow.spiff.parser.task_spec import (
    BusinessRuleTaskParser,
    CallActivityParser,
    ServiceTaskParser,
    SpiffTaskParser,
    SubWorkflowParser,
    UserTaskParser,
)

from engine.process.model import DiagramRefused
from engine.process.spiff.events import Border, CatchEvent, DeadlineReached, End, FirstOf, MessageArrived, StartEvent
from engine.process.spiff.joins import ParallelJoin
from engine.process.spiff.private import WithMarkers, WithoutDependencies
from engine.process.spiff.specs import (
    AskDecision,
    CallActivity,
    DoOperation,
    EachItem,
    ExclusiveGateway,
    ProcessSpec,
    SubWorkflowTask,
    UserTask,
)

_IN_OUR_WORDS = {
    "When looking for a task spec": "连线指向的步骤不存在。",
    "Multiple outgoing flows are not supported": "任务有多条流出的连线；请先经过网关。",
    "Non-default exclusive outgoing sequence flow without condition": "网关的连线没有条件，也不是默认连线。",
    "Exactly one start event is required": "子流程须恰有一个开始事件。",
    "A SubWorkflow Must contain an End event": "子流程没有结束事件。",
    "No start event found": "流程没有开始事件。",
    "A Service Task must have an operator": "服务任务没有写明操作（serviceTaskOperator）。",
    "Duplicate process ID": "流程编号重复。",
}
"""What the library says in riddles, and always without a line."""

DEADLINE = re.compile(r"""\s*deadline\(\s*(['"])([A-Za-z_][\w.]*)\1\s*\)\s*""", re.ASCII)


def _refuse(parser: Any, why: str, node: Any = None) -> NoReturn:
    raise ValidationException(why, node=parser.node if node is None else node, file_name=parser.filename)


class _ActivityParser(WithMarkers, SpiffTaskParser):
    """What all activities share: no scripts, and repetition only as parallel multi-instance over a list."""

    PARALLEL_MI_CLASS = EachItem

    def parse_extensions(self, node: Any = None) -> dict[str, Any]:
        extensions: dict[str, Any] = super().parse_extensions(node)
        if extensions.keys() & {"preScript", "postScript"}:
            _refuse(self, "图中不允许脚本（preScript、postScript）；请改用服务任务。")
        return extensions

    def check_loop(self, marker: Any) -> None:
        _refuse(self, "不支持标准循环标记；请画成带网关的回路。")

    def check_instances(self, marker: Any) -> None:
        if marker.get("isSequential") == "true":
            _refuse(self, "不支持顺序多实例；请改为并行多实例。")
        if not self.xpath(".//bpmn:loopDataInputRef") or not self.xpath(".//bpmn:inputDataItem"):
            _refuse(self, "多实例须写明 loopDataInputRef（列表变量）和 inputDataItem（每一项的变量名）。")


class _UserTaskParser(_ActivityParser, UserTaskParser):
    def create_task(self) -> Any:
        return self.spec_class(self.spec, self.bpmn_id, **self.bpmn_attributes)


class _DecisionParser(_ActivityParser):
    def create_task(self) -> Any:
        name = BusinessRuleTaskParser.get_decision_ref(self.node)
        if not name or not name.strip():
            _refuse(self, "决策任务须用 calledDecisionId 写明决策表名称。")
        engine = self.process_parser.parser.get_engine(name.strip(), self.node)
        return self.spec_class(self.spec, self.bpmn_id, engine, **self.bpmn_attributes)


class _OperationParser(_ActivityParser, ServiceTaskParser):
    pass


class _SubProcessParser(_ActivityParser, SubWorkflowParser):
    def create_task(self) -> Any:
        if self.node.get("triggeredByEvent") == "true":
            _refuse(self, "不支持事件子流程；请在活动上画边界事件。")
        return super().create_task()


class _CallParser(_ActivityParser, CallActivityParser):
    pass


class _EventParser(SpiffTaskParser, EventDefinitionParser):
    """Events: none at start and end, messages and named deadlines in between and on borders."""

    def create_task(self) -> Any:
        definitions = [child for child in self.node if etree.QName(child).localname.endswith("EventDefinition")]
        if self.spec_class in (StartEvent, End):
            return self._plain_event(definitions)
        if len(definitions) != 1:
            _refuse(self, "事件须恰有一个定义：消息或期限。")
        border = {}
        if self.spec_class is Border:
            border = {"cancel_activity": self.node.get("cancelActivity", "true") not in ("false", "0")}
        caught = self._caught(definitions[0])
        return self.spec_class(self.spec, self.bpmn_id, event_definition=caught, **border, **self.bpmn_attributes)

    def _plain_event(self, definitions: list[Any]) -> Any:
        terminates = [etree.QName(d).localname for d in definitions] == ["terminateEventDefinition"]
        if definitions and not (terminates and self.spec_class is End):
            _refuse(self, "开始事件不带定义，结束事件只可为普通结束或终止。")
        event_definition = self.get_event_definition([".//bpmn:terminateEventDefinition"])
        event = self.spec_class(self.spec, self.bpmn_id, event_definition=event_definition, **self.bpmn_attributes)
        if self.spec_class is StartEvent:
            self.spec.start.connect(event)
        else:
            event.connect(self.spec.end)
        return event

    def _caught(self, definition: Any) -> Any:
        kind = etree.QName(definition).localname
        if kind == "messageEventDefinition":
            message = self.process_parser.parser.messages.get(definition.get("messageRef"))
            if not message:
                _refuse(self, "消息事件没有指向已定义且有名称的消息（messageRef）。")
            return MessageArrived(message)
        if kind == "timerEventDefinition":
            written = definition.find("bpmn:timeDate", self.nsmap)
            found = None if written is None else DEADLINE.fullmatch(written.text or "")
            if found is None:
                _refuse(self, "定时事件须写成 timeDate 并只命名一个期限，如 deadline('target_filing.revise')。")
            return DeadlineReached(found[2])
        _refuse(self, f"不支持的事件定义（{kind}）。")

    def handles_multiple_outgoing(self) -> bool:
        return False


class _ProcessParser(SpiffProcessParser):
    def parse_node(self, node: Any) -> Any:
        if node.tag not in self.parser.PARSER_CLASSES:
            _refuse(self, f"不支持的图形（{etree.QName(node).localname}）。", node)
        return super().parse_node(node)

    def create_spec(self) -> ProcessSpec:
        return ProcessSpec(name=self.bpmn_id, description=self.get_name(), filename=self.filename)


class DiagramParser(WithoutDependencies, SpiffBpmnParser):
    """The library's parser, with our shapes only and blind to the drawing: moving a shape changes no route."""

    PROCESS_PARSER_CLASS = _ProcessParser
    OVERRIDE_PARSER_CLASSES: Mapping[str, tuple[type, type]] = {}
    PARSER_CLASSES = {
        full_tag("startEvent"): (_EventParser, StartEvent),
        full_tag("endEvent"): (_EventParser, End),
        full_tag("intermediateCatchEvent"): (_EventParser, CatchEvent),
        full_tag("boundaryEvent"): (_EventParser, Border),
        full_tag("userTask"): (_UserTaskParser, UserTask),
        full_tag("businessRuleTask"): (_DecisionParser, AskDecision),
        full_tag("serviceTask"): (_OperationParser, DoOperation),
        full_tag("exclusiveGateway"): (ConditionalGatewayParser, ExclusiveGateway),
        full_tag("parallelGateway"): (GatewayParser, ParallelJoin),
        full_tag("eventBasedGateway"): (GatewayParser, FirstOf),
        full_tag("subProcess"): (_SubProcessParser, SubWorkflowTask),
        full_tag("callActivity"): (_CallParser, CallActivity),
    }

    def __init__(self) -> None:
        super().__init__()
        self.roots: list[Any] = []

    def add_root(self, name: str, root: Any) -> None:
        """Take a parsed file; the root is kept, because the library finds lanes by its memory address."""
        self.roots.append(root)
        self.add_bpmn_xml(root, filename=name)

    def get_document_positions(self, root: Any) -> dict[str, Any]:
        return {}

    def get_engine(self, decision_ref: str, node: Any) -> str:
        """Decisions are asked by name, in the policies of the case; the name is all a shared spec needs."""
        return decision_ref


def parse_specs(roots: Mapping[str, Any]) -> dict[str, ProcessSpec]:
    """Every process and embedded sub-process of the files by id; DiagramRefused with file, line and element."""
    parser = DiagramParser()
    try:
        for name, root in roots.items():
            parser.add_root(name, root)
        specs: dict[str, ProcessSpec] = {}
        while new := [process_id for process_id in parser.process_parsers if process_id not in specs]:
            for process_id in new:
                specs[process_id] = parser.get_spec(process_id)
    except ValidationException as error:
        raise _diagram_refused(error, roots) from error
    except RecursionError as error:
        raise DiagramRefused("流程图步骤过多，无法读取；请拆成子流程。") from error
    return specs


def _diagram_refused(error: ValidationException, roots: Mapping[str, Any]) -> DiagramRefused:
    element, file = error.id or None, error.file_name or None
    line = None
    for name, root in roots.items():
        for node in root.iter(etree.Element):
            if element is not None and node.get("id") == element and file in (None, name):
                file, line = name, node.sourceline
    place = "，".join(part for part in (file, f"第{line}行" if line else "", element) if part)
    reason = next((ours for theirs, ours in _IN_OUR_WORDS.items() if theirs in error.args[0]), str(error.args[0]))
    return DiagramRefused(f"流程图不能使用（{place}）：{reason}", file=file, line=line, element=element)
