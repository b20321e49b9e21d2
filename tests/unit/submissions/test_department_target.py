"""F04: duty, task, project and money hang together."""

from engine.submissions.forms import FORMS, settle
from tests.factories_forms import context_for, examine, one_at, valid_content
from tests.sample_forms import indicator


def test_the_tasks_together_are_the_budget() -> None:
    findings = examine("F04", {"tasks[t2].total_wan": "600", "tasks[t2].fiscal_wan": "600"})

    assert "与各项任务金额合计 780 不一致，差 20.12345 万元" in one_at("budget.total_wan", findings).message


def test_project_tasks_together_are_the_project_expenditure() -> None:
    findings = examine("F04", {"tasks[t1].basic_support": True})

    assert "项目支出 180 与各项目任务金额合计 0 不一致" in one_at("budget.project_wan", findings).message


def test_the_budget_is_basic_and_project_expenditure() -> None:
    fields = {finding.field for finding in examine("F04", {"budget.project_wan": "181"})}

    assert {"budget.total_wan", "budget.project_wan"} <= fields


def test_basic_expenditure_is_people_and_office() -> None:
    findings = examine("F04", {"budget.public_wan": "121"})

    assert "人员经费与公用经费合计 621.12345" in one_at("budget.basic_wan", findings).message


def test_a_task_is_the_sum_of_its_sources() -> None:
    assert "来源合计 171" in one_at("tasks[t1].total_wan", examine("F04", {"tasks[t1].other_wan": "1"})).message


def test_a_task_has_a_project_or_is_basic_support() -> None:
    assert one_at("tasks[t1].projects", examine("F04", {"tasks[t1].projects": []})).severity == "error"


def test_a_task_serves_a_duty_of_the_department() -> None:
    finding = one_at("tasks[t1].duty", examine("F04", {"tasks[t1].duty": "d9"}))

    assert (finding.severity, finding.source) == ("error", "CH-03")


def test_every_task_is_measured() -> None:
    rows = [row | {"task": "t2"} for row in valid_content("F04")["indicators"]]

    assert "没有绩效指标" in one_at("tasks[t1].name", examine("F04", {"indicators": rows})).message


def test_an_indicator_cannot_belong_to_a_task_that_is_not_there() -> None:
    assert one_at("indicators[y1].task", examine("F04", {"indicators[y1].task": "t9"})).severity == "error"


def test_the_sum_of_the_tasks_is_computed() -> None:
    assert settle(FORMS["F04"], valid_content("F04"), context_for("F04"))["tasks_total_wan"] == "800.12345"


def test_the_pilot_family_of_indicators_is_a_template_too() -> None:
    rows = [
        indicator("p1", "运行成本", "运行成本", "人均公用经费", "30", direction="≤", target_value="3", unit="万元"),
        indicator("p2", "履职效能", "履职效能", "站点建成数", "50", direction="≥", target_value="4", unit="个"),
        indicator("p3", "服务对象满意度", "服务对象满意度", "满意度", "10", direction="≥", target_value="90", unit="%"),
    ]
    rows[0] |= {"task": "t2"}
    rows[1] |= {"task": "t1"}
    rows[2] |= {"task": "t1", "survey_method": "示例：问卷", "survey_population": "示例：居民"}

    findings = examine("F04", {"template": "department.pilot", "indicators": rows})

    assert not [finding for finding in findings if finding.stops]
