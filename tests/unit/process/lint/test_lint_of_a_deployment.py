"""Files that are sound each by itself may still not fit together."""

from collections.abc import Callable

from engine.process.lint import deployment
from engine.process.lint.deployment import Deployment
from engine.process.lint.diagram import Diagram

Draw = Callable[..., Diagram]


def test_a_called_process_must_be_among_the_files(draw: Draw) -> None:
    case = draw("callActivity monitor calls=monitoring")
    monitoring = draw("startEvent opened", "monitoring.bpmn")

    [found] = deployment.called_processes_exist(Deployment([case]))

    assert found.message == "调用活动“monitor”调用的流程“monitoring”不存在。"
    assert found.remedy.endswith("现有流程：case。")
    assert list(deployment.called_processes_exist(Deployment([case, monitoring]))) == []


def test_processes_do_not_call_each_other_in_a_circle(draw: Draw) -> None:
    case = draw("callActivity one calls=monitoring")
    monitoring = draw("callActivity two calls=case", "monitoring.bpmn")

    [found] = deployment.calls_come_to_an_end(Deployment([case, monitoring]))

    assert "（case、monitoring）" in found.message


def test_a_process_or_sub_process_id_is_used_once_over_all_files(draw: Draw) -> None:
    case = draw("userTask fill\nsubProcess round {\n}")
    monitoring = draw("userTask fill\nsubProcess round {\n}", "monitoring.bpmn")

    findings = list(deployment.ids_across_files(Deployment([case, monitoring])))

    assert [(found.element, found.severity) for found in findings] == [("fill", "warning"), ("round", "error")]
    assert all("“case.bpmn”第1行" in found.message for found in findings)


def test_a_condition_may_ask_for_what_another_file_sets(draw: Draw) -> None:
    case = draw("""
        exclusiveGateway choice
        endEvent one
        endEvent two
        choice => one
        choice -> two [target_result == 'approved' and object_kind == 'project']
    """)
    filing = draw('userTask approve sets="target_result=approved|not_arranged"', "target_filing.bpmn")

    [found] = deployment.variables_are_set_somewhere(Deployment([case]))

    assert "“target_result”" in found.message
    assert list(deployment.variables_are_set_somewhere(Deployment([case, filing]))) == []
