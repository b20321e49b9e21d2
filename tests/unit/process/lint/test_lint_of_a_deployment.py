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


def test_a_timer_or_a_task_waits_only_for_what_a_table_lays_down(draw: Draw) -> None:
    case = draw("""
        userTask fill deadline=case.fil
        boundaryEvent late on=fill timer=case.fill cancel=false
        boundaryEvent gone on=fill timer=case.never
    """)

    found = list(deployment.deadlines_exist(Deployment([case], deadlines={"case.fill", "case.confirm"})))

    assert [(each.severity, each.element, each.message) for each in found] == [
        ("error", "fill", "“fill”的期限“case.fil”在期限表里没有，没有截止日。"),
        ("error", "gone", "“gone”的期限“case.never”在期限表里没有，永远不会到期。"),
    ]
    assert "是不是“case.fill”" in found[0].remedy


def test_a_step_whose_day_only_some_places_lay_down_says_why_it_has_none_elsewhere(draw: Draw) -> None:
    case = draw("userTask fill deadline=case.fill no_deadline=没有规定的不计时")

    assert list(deployment.deadlines_exist(Deployment([case], deadlines={"case.confirm"}))) == []


def test_where_no_table_is_known_names_of_deadlines_are_not_looked_up(draw: Draw) -> None:
    assert list(deployment.deadlines_exist(Deployment([draw("userTask fill deadline=case.never")]))) == []
