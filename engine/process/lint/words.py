"""The words a diagram may use: BPMN elements this engine carries out, kinds of task, commands, operations."""

from collections.abc import Mapping

from engine.process.properties import StepKind
from engine.words import OtherDiagram, OutcomeWord, Stage

PROCESSES: tuple[str, ...] = (*Stage, *OtherDiagram)
"""Known even when only some files are checked: deadlines and messages are named after them."""

KINDS: Mapping[StepKind, str] = {
    StepKind.FILL: "填报",
    StepKind.CONFIRM: "确认",
    StepKind.REVIEW: "审核",
    StepKind.DECIDE: "决定",
    StepKind.RECORD: "登记",
}
OUTCOMES = tuple(OutcomeWord)
COMMANDS = (
    "sign_letter",
    "issue_feedback",
    "assign_agency",
    "accept_evaluation",
    "record_deliberation",
    "publish",
    "close_rectification",
)
OPERATIONS = (
    "mark_overdue",
    "escalate",
    "freeze_target_version",
    "add_evaluation_candidate",
    "apply_monitoring_disposal",
    "propose_stop_payment",
    "propose_result_effects",
    "archive_case",
    "note",
)
FORMS = tuple(f"F{number:02}" for number in range(1, 17))

USER_TASK_PROPERTIES = (
    "kind",
    "form",
    "form_whole_department",
    "judges",
    "judges_whole_department",
    "outcomes",
    "sets",
    "computes",
    "deadline",
    "no_deadline",
    "command",
    "year_wide",
)
PROPERTIES: Mapping[str, tuple[str, ...]] = {
    "userTask": USER_TASK_PROPERTIES,
    "boundaryEvent": ("rearm", "sets"),
    "intermediateCatchEvent": ("sets",),
}
"""Which properties mean something on which element; on any other element none does."""

START_VARIABLES = (
    "object_kind",
    "jurisdiction",
    "fiscal_year",
    "has_department",
)
MESSAGE_VARIABLES = ("sampled", "selected", "organizer", "rectification_items", "adjustment_kind", "late_filing")
"""Brought by messages of the engine (a draw, a plan, the problems found, an adjustment, 补报), not by a task."""

WORK = ("userTask", "serviceTask", "businessRuleTask")
TASKS = (*WORK, "task", "manualTask", "scriptTask", "sendTask", "receiveTask")
ACTIVITIES = ("subProcess", "transaction", "adHocSubProcess", "callActivity")
EVENTS = ("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent")
GATEWAYS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway", "complexGateway", "eventBasedGateway")

KIND_NAMES: Mapping[str, str] = {
    "userTask": "用户任务",
    "serviceTask": "服务任务",
    "businessRuleTask": "决策任务",
    "subProcess": "子流程",
    "callActivity": "调用活动",
    "startEvent": "开始事件",
    "endEvent": "结束事件",
    "intermediateCatchEvent": "中间捕获事件",
    "intermediateThrowEvent": "中间抛出事件",
    "boundaryEvent": "边界事件",
    "exclusiveGateway": "排他网关",
    "parallelGateway": "并行网关",
    "eventBasedGateway": "事件网关",
    "task": "任务",
    "manualTask": "手工任务",
    "scriptTask": "脚本任务",
    "sendTask": "发送任务",
    "receiveTask": "接收任务",
    "inclusiveGateway": "包容网关",
    "complexGateway": "复杂网关",
    "transaction": "事务子流程",
    "adHocSubProcess": "自由子流程",
}
"""Every flow node of BPMN; those in REFUSED_NODES are not carried out."""

REFUSED_NODES: Mapping[str, tuple[str, str]] = {
    "task": ("没有人办理", "改为用户任务、服务任务或决策任务"),
    "manualTask": ("它不进入任何人的待办", "改为用户任务，办理方式写“登记”（kind=record）"),
    "scriptTask": ("它会执行任意代码，一律拒绝", "改为服务任务（系统操作）或决策任务（决策表）"),
    "sendTask": ("消息由系统命令送达，流程图不发送", "改为服务任务，或删去"),
    "receiveTask": ("引擎不支持", "改为中间捕获事件（消息）"),
    "inclusiveGateway": ("它的汇聚难以核对", "改为并行网关与排他网关的组合"),
    "complexGateway": ("引擎不支持", "改为排他网关或并行网关"),
    "transaction": ("引擎不支持", "改为普通子流程，用边界事件处理例外"),
    "adHocSubProcess": ("引擎不支持", "改为普通子流程，画明先后顺序"),
}
"""What this engine does not carry out: why, and what to draw instead."""

REFUSED_EVENTS: Mapping[str, tuple[str, str]] = {
    "signal": ("引擎会忽略它，或只触发一次", "改为消息事件"),
    "link": ("流程走到这里会无声中断", "用顺序流直接连接"),
    "compensate": ("引擎不支持", "把撤销步骤画成普通任务"),
    "conditional": ("数据变化后它不会触发", "改为消息事件，或用排他网关判断"),
    "cancel": ("它只用于事务，引擎不支持事务", "改为错误事件或普通分支"),
}
EVENT_KINDS: Mapping[str, tuple[str, ...]] = {
    "startEvent": (),
    "endEvent": ("terminate",),
    "intermediateCatchEvent": ("message", "timer"),
    "intermediateThrowEvent": (),
    "boundaryEvent": ("message", "timer"),
}
EVENT_NAMES: Mapping[str, str] = {
    "message": "消息",
    "timer": "定时",
    "error": "错误",
    "escalation": "升级",
    "terminate": "终止",
    "signal": "信号",
    "link": "链接",
    "compensate": "补偿",
    "conditional": "条件",
    "cancel": "取消",
}

PARTS = frozenset(
    [
        "documentation",
        "extensionElements",
        "incoming",
        "outgoing",
        "laneSet",
        "lane",
        "flowNodeRef",
        "sequenceFlow",
        "conditionExpression",
        "timerEventDefinition",
        "timeDate",
        "timeCycle",
        "timeDuration",
        "messageEventDefinition",
        "errorEventDefinition",
        "escalationEventDefinition",
        "terminateEventDefinition",
        "multiInstanceLoopCharacteristics",
        "loopCardinality",
        "loopDataInputRef",
        "loopDataOutputRef",
        "inputDataItem",
        "outputDataItem",
        "completionCondition",
        "ioSpecification",
        "dataInput",
        "dataOutput",
        "inputSet",
        "outputSet",
        "dataInputRefs",
        "dataOutputRefs",
        "property",
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "dataState",
        "dataInputAssociation",
        "dataOutputAssociation",
        "sourceRef",
        "targetRef",
        "textAnnotation",
        "text",
        "association",
        "group",
    ]
)
"""What may stand inside a process besides flow nodes."""
ROOT_PARTS = frozenset(
    ["process", "collaboration", "message", "error", "escalation", "itemDefinition", "category", "dataStore"]
)
"""What may stand beside a process; the last three are left by other tools and mean nothing here."""
SPIFF_PARTS = frozenset(
    ["properties", "property", "calledDecisionId", "serviceTaskOperator", "parameters", "parameter", "messageVariable"]
)
"""Extension elements of the SpiffWorkflow namespace that are used."""
SPIFF_SCRIPTS = frozenset(["preScript", "postScript"])
