"""Each rule, shown on the sound diagram with one thing spoilt."""

from dataclasses import dataclass

import pytest

from engine.process.lint import check, check_files, errors
from engine.words import LANES

FILE = "target_filing.bpmn"


@dataclass(frozen=True)
class Spoilt:
    """One replacement in the sound diagram, and the finding that must come of it."""

    what: str
    old: str
    new: str
    element: str | None
    says: str
    severity: str = "error"

    def __str__(self) -> str:
        return self.what


CONDITION = "outcome == 'returned'"
TIMER = "<bpmn:timeDate xsi:type=\"bpmn:tFormalExpression\">deadline('target_filing.fill')</bpmn:timeDate>"
FORM = '<spiffworkflow:property name="form" value="F02" />'

WIRING = [
    Spoilt("dangling target", 'targetRef="targets_filed"', 'targetRef="nowhere"', "targets_approved", "“nowhere”"),
    Spoilt("dangling source", 'sourceRef="review_targets"', 'sourceRef="gone"', "to_reviewed", "起点“gone”"),
    Spoilt("boundary without host", 'attachedToRef="fill_targets"', 'attachedToRef="none"', "targets_overdue", "附着"),
    Spoilt(
        "boundary on an event", 'attachedToRef="fill_targets"', 'attachedToRef="targets_due"', "targets_overdue", "附着"
    ),
    Spoilt(
        "default of another", 'default="targets_approved"', 'default="to_fill"', "targets_reviewed", "默认分支“to_fill”"
    ),
    Spoilt("no default", ' default="targets_approved"', "", "targets_reviewed", "没有默认分支"),
    Spoilt(
        "duplicate id", '<bpmn:endEvent id="overdue_marked"', '<bpmn:endEvent id="targets_due"', "targets_due", "重复"
    ),
    Spoilt("node without id", '<bpmn:serviceTask id="mark_targets_overdue"', "<bpmn:serviceTask", None, "没有编号"),
    Spoilt("unlisted flow", "<bpmn:incoming>to_marked</bpmn:incoming>", "", "overdue_marked", "不一致", "warning"),
]
ELEMENTS = [
    Spoilt("script task", "bpmn:serviceTask", "bpmn:scriptTask", "mark_targets_overdue", "任意代码"),
    Spoilt("manual task", "bpmn:serviceTask", "bpmn:manualTask", "mark_targets_overdue", "待办"),
    Spoilt("unknown element", "bpmn:serviceTask", "bpmn:robotTask", "mark_targets_overdue", "“robotTask”"),
    Spoilt(
        "script before",
        "<spiffworkflow:serviceTaskOperator",
        "<spiffworkflow:preScript>x=1</spiffworkflow:preScript><spiffworkflow:serviceTaskOperator",
        "mark_targets_overdue",
        "脚本",
    ),
    Spoilt(
        "misspelt extension",
        "spiffworkflow:serviceTaskOperator",
        "spiffworkflow:serviceTask",
        "mark_targets_overdue",
        "spiffworkflow:serviceTask",
    ),
    Spoilt(
        "signal end",
        "<bpmn:incoming>to_marked</bpmn:incoming>",
        '<bpmn:incoming>to_marked</bpmn:incoming><bpmn:signalEventDefinition id="s" />',
        "overdue_marked",
        "信号",
    ),
    Spoilt(
        "vendor attribute",
        '<bpmn:userTask id="fill_targets"',
        '<bpmn:userTask xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:formKey="f" id="fill_targets"',
        "fill_targets",
        "Camunda 专用内容1处（@formKey）",
        "warning",
    ),
]
WORDS = [
    Spoilt("code in a condition", CONDITION, "__import__('os').system('id')", "targets_returned", "不被允许"),
    Spoilt("another engine's condition", CONDITION, "${outcome}", "targets_returned", "写法有误"),
    Spoilt("unknown variable", CONDITION, "gradde == 'x'", "targets_returned", "“gradde”"),
    Spoilt("impossible outcome", CONDITION, "outcome == 'signed'", "targets_returned", "“signed”"),
    Spoilt("outcome nobody hears", CONDITION, "target_result == 'approved'", "review_targets", "没有区分"),
    Spoilt("unknown outcome", 'value="approved returned"', 'value="approved rejected"', "review_targets", "“rejected”"),
    Spoilt("unknown kind", 'name="kind" value="fill"', 'name="kind" value="type"', "fill_targets", "“type”"),
    Spoilt("no form", FORM, "", "fill_targets", "表单（form）"),
    Spoilt("unknown form", FORM, FORM.replace("F02", "F99"), "fill_targets", "“F99”"),
    Spoilt("misspelt property", 'name="judges" ', 'name="judge" ', "review_targets", "“judge”"),
    Spoilt("odd sets", "approved|not_arranged", "approved|", "review_targets", "sets"),
    Spoilt("odd deadline", 'value="target_filing.review"', 'value="5 days"', "review_targets", "“5 days”"),
    Spoilt("unknown stage", 'value="target_filing.review"', 'value="holidays.review"', "review_targets", "不合约定"),
    Spoilt("unknown lane", 'name="财政绩效股"', 'name="绩效科"', "lane_performance_office", "“绩效科”"),
    Spoilt("office without steps", 'name="财政绩效股"', 'name="人大、审计"', "lane_performance_office", "不是办理岗位"),
    Spoilt("task without lane", "<bpmn:flowNodeRef>review_targets</bpmn:flowNodeRef>", "", "review_targets", "泳道"),
    Spoilt(
        "lane lists nobody", "flowNodeRef>review_targets<", "flowNodeRef>ghost<", "lane_performance_office", "“ghost”"
    ),
    Spoilt("unknown operation", 'Operator id="mark_overdue"', 'Operator id="mark"', "mark_targets_overdue", "“mark”"),
    Spoilt("fixed date", TIMER, "<bpmn:timeDate>2026-03-01</bpmn:timeDate>", "targets_overdue", "“2026-03-01”"),
    Spoilt("duration", TIMER, "<bpmn:timeDuration>P5D</bpmn:timeDuration>", "targets_overdue", "“P5D”"),
    Spoilt("cycle", TIMER, "<bpmn:timeCycle>R3/P1D</bpmn:timeCycle>", "targets_overdue", "循环定时"),
    Spoilt(
        "deadline elsewhere", TIMER, TIMER.replace("target_filing.fill", "nobody.fill"), "targets_overdue", "“nobody”"
    ),
]
PEOPLE = [
    Spoilt("no Chinese name", 'name="审核绩效目标"', 'name="review"', "review_targets", "中文名称", "warning"),
    Spoilt("no name at all", ' name="审核绩效目标"', "", "review_targets", "没有名称"),
    Spoilt(
        "way without a name",
        'id="targets_returned" name="退回"',
        'id="targets_returned"',
        "targets_returned",
        "中文名称",
        "warning",
    ),
    Spoilt(
        "no documentation",
        "<bpmn:documentation>绩效股审核目标（ZJ-02）。</bpmn:documentation>",
        "",
        "review_targets",
        "没有说明",
        "warning",
    ),
    Spoilt("not executable", 'isExecutable="true"', 'isExecutable="false"', "target_filing", "可执行", "warning"),
    Spoilt("no shape", 'bpmnElement="review_targets"', 'bpmnElement="nothing"', "review_targets", "没有画在图上"),
    Spoilt(
        "shape of nothing", 'bpmnElement="review_targets"', 'bpmnElement="nothing"', "review_targets_di", "“nothing”"
    ),
    Spoilt("no edge", 'bpmnElement="to_review"', 'bpmnElement="to_fill"', "to_review", "没有画在图上"),
    Spoilt(
        "shapes on each other",
        '<dc:Bounds x="480" y="300"',
        '<dc:Bounds x="620" y="300"',
        "targets_reviewed",
        "重叠",
        "warning",
    ),
    Spoilt(
        "outside its lane",
        '<dc:Bounds x="480" y="300"',
        '<dc:Bounds x="480" y="220"',
        "review_targets",
        "泳道之外",
        "warning",
    ),
    Spoilt(
        "edge in the air",
        '<di:waypoint x="580" y="340" />',
        '<di:waypoint x="600" y="340" />',
        "to_reviewed",
        "两端",
        "warning",
    ),
    Spoilt(
        "far from its host",
        '<dc:Bounds x="372" y="142"',
        '<dc:Bounds x="372" y="222"',
        "targets_overdue",
        "边上",
        "warning",
    ),
    Spoilt(
        "size is no number",
        '<dc:Bounds x="480" y="300" width="100"',
        '<dc:Bounds x="480" y="300" width="nan"',
        None,
        "有效数字",
    ),
]


def test_a_sound_diagram_has_no_finding(sound: str) -> None:
    assert check_files({FILE: sound.encode()}) == []


@pytest.mark.parametrize("office", LANES)
def test_every_office_that_can_have_a_step_may_be_a_lane(sound: str, office: str) -> None:
    assert check_files({FILE: sound.replace('name="财政绩效股"', f'name="{office}"').encode()}) == []


@pytest.mark.parametrize("spoilt", [*WIRING, *ELEMENTS, *WORDS, *PEOPLE], ids=str)
def test_one_fault_is_named_with_its_element_its_line_and_a_remedy(sound: str, spoilt: Spoilt) -> None:
    assert spoilt.old in sound
    findings = check_files({FILE: sound.replace(spoilt.old, spoilt.new).encode()})

    [found] = [each for each in findings if each.element == spoilt.element and spoilt.says in each.message]

    assert found.severity == spoilt.severity
    assert found.file == FILE
    assert found.line is not None
    assert found.remedy


def test_the_line_is_the_line_of_the_element(sound: str) -> None:
    spoilt = sound.replace(CONDITION, "import os")
    line = next(n for n, text in enumerate(spoilt.splitlines(), 1) if 'id="targets_returned"' in text)

    assert line in [each.line for each in errors(check_files({FILE: spoilt.encode()}))]


def test_a_file_named_otherwise_than_its_process_is_told_so(sound: str) -> None:
    [found] = check_files({"targets.bpmn": sound.encode()})

    assert "“target_filing”与文件名“targets”不一致" in found.message


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('id="target_filing_definitions"', 'id="target_filing_definitions" typo="1"', "typo"),
        (
            "<bpmn:outgoing>to_fill</bpmn:outgoing>\n",
            "<bpmn:outgoing>to_fill</bpmn:outgoing><bpmn:documentation/>\n",
            "documentation",
        ),
    ],
)
def test_what_no_rule_names_the_schema_of_bpmn_does(sound: str, old: str, new: str, says: str) -> None:
    [found] = check_files({FILE: sound.replace(old, new).encode()})

    assert found.message.startswith("不符合BPMN 2.0标准格式")
    assert says in found.message


def test_a_decision_task_needs_a_table_that_exists_and_a_way_for_what_is_not_laid_down(sound: str) -> None:
    asks = "<bpmn:extensionElements><spiffworkflow:calledDecisionId>grade</spiffworkflow:calledDecisionId></bpmn:extensionElements>"  # noqa: E501
    spoilt = (
        sound.replace("bpmn:serviceTask", "bpmn:businessRuleTask")
        .replace('<spiffworkflow:serviceTaskOperator id="mark_overdue" />', "")
        .replace("<bpmn:extensionElements>\n        \n      </bpmn:extensionElements>", asks)
    )

    messages = [each.message for each in check_files({FILE: spoilt.encode()}, decisions={"quota_cut"})]

    assert messages == ["决策“grade”可能没有规定，但没有分支处理 grade.undefined。", "决策表“grade”不存在。"]


def test_operations_are_those_the_engine_has(sound: str) -> None:
    assert check_files({FILE: sound.encode()}, operations={"mark_overdue"}) == []

    [found] = check_files({FILE: sound.encode()}, operations={"escalate"})

    assert found.message == "系统操作“mark_overdue”不存在。"
    assert found.remedy == "可用操作：escalate。"


def test_a_parameter_is_vetted_like_a_condition(sound: str) -> None:
    def with_parameter(value: str) -> bytes:
        parameter = f'<spiffworkflow:parameter id="text" type="str" value="{value}" />'
        operator = f'Operator id="mark_overdue"><spiffworkflow:parameters>{parameter}</spiffworkflow:parameters>'
        return sound.replace(
            'Operator id="mark_overdue" />', f"{operator}</spiffworkflow:serviceTaskOperator>"
        ).encode()

    assert check_files({FILE: with_parameter("'逾期未报'")}) == []
    assert check_files({FILE: with_parameter("'逾期' if defined('target_result') else '未批'")}) == []
    [refused] = check_files({FILE: with_parameter("open('/etc/passwd')")})
    assert "不被允许" in refused.message
    [too_early] = check_files({FILE: with_parameter("target_result")})
    assert "不是走到这里的每一条路都给出" in too_early.message
    [unknown] = check_files({FILE: with_parameter("target_resullt")})
    assert "“target_resullt”没有任何任务" in unknown.message


def test_a_diagram_may_call_its_prefix_as_it_likes(sound: str) -> None:
    renamed = sound.replace("bpmn:", "semantic:").replace("xmlns:bpmn=", "xmlns:semantic=")

    assert check_files({FILE: renamed.encode()}) == []


def test_every_rule_says_what_it_is_about_and_is_asked_once() -> None:
    groups = (check.ADMISSION, check.WIRING, check.CONTENT, check.BEHAVIOUR, check.TOGETHER)
    rules = [rule for group in groups for rule in group]

    assert all(rule.__doc__ for rule in rules)
    assert len(rules) == len(set(rules))
