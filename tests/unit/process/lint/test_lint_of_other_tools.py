"""Diagrams of other tools get clear findings: what is not read, what is not carried out, what to do instead."""

from pathlib import Path

import pytest

from engine.process import Diagrams
from engine.process.lint import Finding, check_files, errors

OTHER_TOOLS = sorted((Path(__file__).parent / "files" / "other_tools").iterdir())


def findings_of(name: str) -> list[Finding]:
    [path] = [path for path in OTHER_TOOLS if path.name == name]
    return check_files({path.name: path.read_bytes()})


def told(findings: list[Finding], element: str) -> str:
    return "".join(finding.message for finding in findings if finding.element == element)


@pytest.mark.parametrize("path", OTHER_TOOLS, ids=lambda path: path.name)
def test_every_finding_has_a_line_a_sentence_and_a_remedy(path: Path) -> None:
    findings = check_files({path.name: path.read_bytes()})

    assert errors(findings)
    assert all(each.line and each.message.endswith("。") and each.remedy.endswith("。") for each in findings)
    assert len({(each.element, each.message) for each in findings}) == len(findings)


def test_camunda_modeler_files_are_told_about_scripts_forms_and_cycles() -> None:
    findings = findings_of("camunda_modeler.bpmn")

    assert "不能使用脚本任务" in told(findings, "Activity_1compute")
    assert "Camunda 专用内容7处（@historyTimeToLive、@formKey、@assignee" in told(findings, "Process_1ml4bzi")
    assert "循环定时" in told(findings, "Event_1timer")
    assert "没有默认分支" in told(findings, "Gateway_0ok")
    assert "写法有误" in told(findings, "Flow_1mail")
    assert "没有写明系统操作" in told(findings, "Activity_1mail")


def test_camunda_8_files_are_told_about_feel_and_missing_pictures() -> None:
    findings = findings_of("camunda_8.bpmn")

    [feel] = [each for each in findings if each.element == "to_send"]
    assert "其他引擎的写法" in feel.remedy
    assert "没有图形信息" in told(findings, "camunda_8")


def test_files_of_bpmn_io_are_told_about_untyped_tasks_and_links() -> None:
    findings = findings_of("bpmn_io_new.bpmn")

    assert "不能使用任务（task）" in told(findings, "Task_1hcentk")
    assert "链接" in told(findings, "Event_link")
    assert told(findings, "DataStore_1") == "", "a data store is drawing only"
    assert "bioc" not in "".join(each.message for each in findings)


def test_files_with_several_pools_are_told_to_be_split() -> None:
    findings = findings_of("signavio_pools.bpmn")

    assert "一个文件只能有一个流程，这里有2个" in told(findings, "sid-finance-process")
    assert "消息流不会执行" in told(findings, "sid-report-sent")
    assert "不能使用包容网关" in told(findings, "sid-or")
    assert "“经办”不是办理岗位" in told(findings, "sid-lane-1")
    assert "不能使用信号" in told(findings, "sid-reviewed")
    assert "potentialOwner" in told(findings, "sid-fill")
    assert "formalExpression" not in told(findings, "sid-fill")


def test_flowable_files_are_told_about_collections_and_event_sub_processes() -> None:
    findings = findings_of("flowable.bpmn")

    assert "多实例“逐项整改”没有写明对哪个列表逐项办理" in told(findings, "rectify")
    assert "事件子流程" in told(findings, "onLock")
    assert "条件不起作用" in told(findings, "f2")


def test_a_file_that_is_no_bpmn_gets_one_sentence() -> None:
    [found] = findings_of("bpmn_1.xpdl.bpmn")

    assert found.message == "文件不是BPMN 2.0流程图，最外层元素是“Package”。"


def test_labels_of_no_size_data_stores_and_content_of_other_tools_are_at_most_noticed(sound: str) -> None:
    drawn = sound.replace('width="44" height="14" /></bpmndi:BPMNLabel>', 'width="0" height="0" /></bpmndi:BPMNLabel>')
    stored = drawn.replace(
        "</bpmn:process>",
        '<bpmn:dataStoreReference id="register" name="台账" />'
        '<bpmn:textAnnotation id="remark"><bpmn:text>备注</bpmn:text></bpmn:textAnnotation>'
        '<bpmn:association id="to_remark" sourceRef="fill_targets" targetRef="remark" />'
        "</bpmn:process>",
    )
    extended = stored.replace(
        "<spiffworkflow:properties>",
        '<zeebe:formDefinition xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" formId="f"><zeebe:part />'
        "</zeebe:formDefinition>"
        "<spiffworkflow:properties>",
        1,
    )

    found = check_files({"target_filing.bpmn": extended.encode()})

    assert (drawn, extended) != (sound, stored)
    assert {finding.severity for finding in found} <= {"warning"}
    assert Diagrams.stored({"target_filing.bpmn": extended.encode()}).process_ids == ("target_filing",)
