"""The smaller rules of the forms catalogue: change one thing in a valid form, and exactly that is found."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.submissions.forms import FORMS, facts, form_of, prefill
from tests.factories_forms import context_for, examine, valid_content

EXPLAIN, ERROR, HINT = "explain", "error", "hint"


@pytest.mark.parametrize(
    ("code", "changes", "field", "severity"),
    [
        ("F01", {"suggested_wan": "400"}, "suggested_wan", ERROR),
        ("F01", {"assessor_name": None}, "assessor_name", ERROR),
        ("F01", {"conclusion": "conditional"}, "conclusion", HINT),
        ("F01", {"requested.total_wan": "361"}, "requested.total_wan", ERROR),
        ("F01", {"methods": []}, "methods", ERROR),
        ("F01", {"problems": [{"id": "w1", "problem": "示例"}]}, "problems[w1].suggestion", ERROR),
        ("F03", {"marks": valid_content("F03")["marks"][1:]}, "marks", EXPLAIN),
        ("F03", {"marks[complete_clear].weight": "20"}, "marks[complete_clear].weight", EXPLAIN),
        ("F03", {"marks[complete_clear].score": "11"}, "marks[complete_clear].score", ERROR),
        ("F05", {"indicators[y1].period_value": None}, "indicators[y1].period_value", ERROR),
        ("F05", {"indicators[y7].forecast_text": None}, "indicators[y7].forecast_text", ERROR),
        ("F05", {"funds.total.annual_budget_wan": "179"}, "funds.total.annual_budget_wan", ERROR),
        ("F06", {"indicators[y7].attainment_percent": None}, "indicators[y7].attainment_percent", ERROR),
        ("F06", {"funds.score": "10.01"}, "funds.score", ERROR),
        ("F06", {"total_score": "92.65"}, "total_score", ERROR),
        ("F06", {"fiscal_year": 2020}, "fiscal_year", ERROR),
        ("F07", {"funds.project.execution_rate": "90"}, "funds.project.execution_rate", ERROR),
        ("F07", {"problems": None}, "problems", ERROR),
        ("F08", {"deviation_ratio": "4"}, "deviation_ratio", ERROR),
        ("F08", {"execution_score": None}, "execution_score", ERROR),
        ("F09", {"rows[satisfaction].score": "11"}, "rows[satisfaction].score", ERROR),
        ("F09", {"lead_evaluator": None}, "lead_evaluator", ERROR),
        ("F11", {"letter_number": "示例〔2022〕9号"}, "letter_number", ERROR),
        ("F11", {"letter_on": "2022-10-13"}, "letter_on", ERROR),
        ("F11", {"items[q1].verified_on": "2022-11-01"}, "items[q1].verified_on", ERROR),
        ("F11", {"items[q1].responsible_person": None}, "items[q1].responsible_person", ERROR),
        ("F11", {"sealed": False}, "sealed", ERROR),
        ("F11", {"overview": None}, "overview", ERROR),
        ("F12", {"effects[a1].requested_wan": "100"}, "effects[a1].approved_wan", ERROR),
        ("F12", {"effects[a1].rule_version": None}, "effects[a1].rule_version", ERROR),
        ("F13", {"payment_rate": None}, "payment_rate", ERROR),
        ("F13", {"payment_rate": "101"}, "payment_rate", ERROR),
        ("F13", {"grade": "良"}, "grade", ERROR),
        ("F14", {"items[k1].published_on": None}, "items[k1].published_on", ERROR),
        ("F15", {"expiry_on": "2018-07-01", "evaluated_on": "2018-06-01"}, "expiry_on", ERROR),
        ("F15", {"budget_year": None}, "budget_year", ERROR),
        ("F15", {"funds_total_wan": "205"}, "funds_total_wan", ERROR),
        ("F16", {"cells[c1_exists].score": "7"}, "cells[c1_exists].score", ERROR),
    ],
)
def test_one_change_is_one_finding(code: str, changes: dict[str, Any], field: str, severity: str) -> None:
    assert severity in {finding.severity for finding in examine(code, changes) if finding.field == field}


@pytest.mark.parametrize(
    ("code", "changes", "field"),
    [
        ("F01", {}, "object_name"),
        ("F03", {}, "object_name"),
        ("F05", {}, "object_name"),
        ("F06", {}, "project_name"),
        ("F08", {}, "object_name"),
        ("F09", {}, "object_name"),
        ("F10", {}, "object_name"),
        ("F11", {}, "object_name"),
        ("F12", {}, "object_name"),
    ],
)
def test_every_form_bears_the_name_of_the_budget_line(code: str, changes: dict[str, Any], field: str) -> None:
    findings = examine(code, {field: "示例：别的项目", **changes})

    assert ERROR in {finding.severity for finding in findings if finding.field == field}


def test_a_fund_line_spent_beyond_its_budget_is_explained() -> None:
    lines = [
        {"id": "a", "name": "示例：区级", "annual_budget_wan": "100", "executed_amount_wan": "103"},
        {"id": "b", "name": "示例：上级", "annual_budget_wan": "80", "executed_amount_wan": "50"},
    ]

    fields = {finding.field: finding.severity for finding in examine("F06", {"fund_lines": lines})}

    assert fields["fund_lines[a].executed_amount_wan"] == EXPLAIN


def test_the_department_budget_is_the_one_asked_for() -> None:
    findings = examine("F04", amount_wan=Decimal("900"))

    assert any("与预算数 900 不一致" in finding.message for finding in findings)


def test_a_missing_item_of_the_agency_sheet_is_asked_for() -> None:
    items = [item for item in valid_content("F13")["items"] if item["id"] != "plan"]

    findings = examine("F13", {"items": items, "items[team].weight": "30", "items[team].score": "30"})

    assert any("缺少考核项目：方案" in finding.message for finding in findings)


def test_an_evaluation_without_a_part_of_the_common_framework_is_asked_for_it() -> None:
    rows = [row for row in valid_content("F09")["rows"] if row["level1"] != "过程"]

    findings = examine("F09", {"rows": rows, "rows[completed].weight": "40"})

    assert any("过程没有指标" in finding.message for finding in findings)


def test_low_satisfaction_is_listed_on_its_own() -> None:
    content = valid_content("F09")
    changes = {"problems": content["problems"][:1], "suggestions": content["suggestions"][:1]}

    assert [f.source for f in examine("F09", changes) if f.field == "problems"] == ["CH-28"]


@pytest.mark.parametrize(("value", "share"), [("96", "1.000000"), ("45", "0.944444"), ("150", "0.944444")])
def test_an_interval_is_reached_inside_and_half_reached_halfway_beside_it(value: str, share: str) -> None:
    row = {"direction": "range", "lower": "90", "upper": "100", "target_value": None, "period_value": value}
    changes = {f"indicators[y3].{key}": cell for key, cell in row.items()}
    changes |= {"indicators[y7].period_band": "achieved", "indicators[y8].period_band": "achieved"}

    told = facts(FORMS["F05"], valid_content("F05", **changes), context_for("F05"))

    assert told["achievement_rate"] == share


def test_without_a_conclusion_an_ended_policy_is_said_to_get_nothing() -> None:
    changes = dict.fromkeys(("conclusion", "finance_opinion", "new_policy", "budget_year", "budget_wan"))

    findings = examine("F15", changes, today=date(2021, 8, 1))

    assert "下年不列预算" in next(f.message for f in findings if f.field == "conclusion")


def test_the_sheets_after_an_evaluation_start_from_it() -> None:
    evaluation = valid_content("F09", total_score="87.75")

    agency = prefill(FORMS["F13"], context_for("F13", evaluation=evaluation))
    effects = prefill(FORMS["F12"], context_for("F12"))
    policy = prefill(FORMS["F15"], context_for("F15", evaluation=evaluation))

    assert (agency["agency"], agency["lead_evaluator"]) == ("示例评价机构", "示例主评人")
    assert (effects["total_score"], effects["grade"]) == ("87.75", "良")
    assert policy["evaluation_report"] == [{"id": "f1", "name": "示例：评价报告"}]


def test_an_adjusted_department_target_starts_from_the_frozen_one() -> None:
    context = context_for(
        "F04", target=valid_content("F04"), budget_adjusted=True, amount_before_wan=Decimal("800.12345")
    )

    content = prefill(FORMS["F04"], context)

    assert content["revision"]["number"] == 2
    assert [task["id"] for task in content["tasks"]] == ["t1", "t2"]


def test_a_form_is_found_by_its_code() -> None:
    assert form_of("F07").title == "部门整体自评表"


@pytest.mark.parametrize(
    ("code", "changes", "field"),
    [
        ("F02", {"indicators[y1].last_year_value": "500"}, "indicators[y1].target_value"),
        ("F02", {"annual_goal": "示例：2021 建成四个服务站。"}, "annual_goal"),
        ("F02", {"annual_goal": "示例：本年建成四个服务站。"}, "annual_goal"),
        ("F02", {"end_on": "2021-01-01"}, "end_on"),
        ("F01", {"requested_this_year_wan": "360"}, "requested_this_year_wan"),
        ("F05", {"forecast_executed_wan": "110"}, "forecast_executed_wan"),
        ("F05", {"indicators[y1].forecast_value": "500"}, "indicators[y1].likelihood"),
        ("F06", {"funds.score": "8.5"}, "funds.score"),
        ("F06", {"indicators[y2].score": "10.00"}, "indicators[y2].score"),
        ("F08", {"accepted": False}, "indicators[y3].review_score"),
        ("F08", {"indicators[y1].completed_on": "2022-03-01"}, "indicators[y1].review_score"),
        ("F08", {"indicators[y4].completed_on": "2022-03-01"}, "indicators[y4].review_score"),
        ("F10", {"rectify_by": "2022-10-12"}, "rectify_by"),
        ("F11", {"items[q1].recovered_wan": "27"}, "items[q1].recovered_wan"),
        ("F13", {"payment_rate": "100"}, "payment_rate"),
        ("F14", {"items[k1].published_on": "2022-11-01"}, "items[k1].published_on"),
        ("F15", {"evaluated_on": "2021-07-21"}, "evaluated_on"),
    ],
)
def test_at_the_border_nothing_is_found(code: str, changes: dict[str, Any], field: str) -> None:
    assert [finding.message for finding in examine(code, changes) if finding.field == field] == []


def test_more_than_the_target_is_not_reached_at_the_target() -> None:
    target = valid_content("F02", **{"indicators[y2].direction": ">"})

    findings = examine("F06", {"indicators[y2].direction": ">", "indicators[y2].score": None}, target=target)

    assert "没有完成" in next(f.message for f in findings if f.field == "indicators[y2].deviation_reason")
