"""F06 and F07: what was done, against the target in force, explained where it missed or far exceeded it."""

from decimal import Decimal
from typing import Any

import pytest

from engine.submissions.forms import FORMS, blank, check, prefill, settle
from tests.factories_forms import Said, context_for, default, examine, one_at, stated, valid_content

F06 = FORMS["F06"]


def line(initial: str, budget: str, executed: str) -> dict[str, str]:
    return {"initial_budget_wan": initial, "annual_budget_wan": budget, "executed_amount_wan": executed}


def test_the_worked_example_adds_up_to_92_66() -> None:
    settled = settle(F06, valid_content("F06"), context_for("F06"))

    assert settled["total_score"] == "92.66"
    assert settled["funds"]["execution_rate"] == "85.00"


def test_a_total_of_nothing_beside_90_and_89_974_is_blocked() -> None:
    """The form of a town in 2022 (W7): total 0/0/0, lines 90/89.974."""
    changes = {
        "funds.total": line("0", "0", "0"),
        "funds.fiscal": line("90", "90", "89.974"),
        "funds.carry_over": line("0", "0", "0"),
    }

    findings = examine("F06", changes, amount_wan=None)

    assert "与分项合计 89.974 不一致" in one_at("funds.total.executed_amount_wan", findings).message
    assert one_at("funds.total.annual_budget_wan", findings).severity == "error"


def test_spending_above_the_budget_is_explained_and_then_passes() -> None:
    changes = {"funds.fiscal.executed_amount_wan": "180", "funds.total.executed_amount_wan": "188", "funds.score": None}
    places = ("funds.fiscal.executed_amount_wan", "funds.total.executed_amount_wan")

    asked = examine("F06", changes)
    explained = examine("F06", changes | {"explanations": dict.fromkeys(places, "示例：经批准使用上年结余")})

    assert {finding.field for finding in asked if finding.stops} == set(places)
    assert not [finding for finding in explained if finding.stops]


def test_spending_without_any_budget_contradicts_itself() -> None:
    findings = examine("F06", {"funds.other.executed_amount_wan": "3", "funds.total.executed_amount_wan": "156"})

    assert one_at("funds.other.executed_amount_wan", findings).severity == "error"


def test_without_budget_and_spending_the_rate_does_not_apply() -> None:
    nothing = {f"funds.{name}": line("0", "0", "0") for name in ("total", "fiscal", "carry_over", "other")}

    findings = examine("F06", nothing, amount_wan=Decimal(0))

    assert one_at("funds.execution_rate", findings).severity == "hint"
    assert "execution_rate" not in settle(F06, valid_content("F06", **nothing), context_for("F06"))["funds"]


def test_the_budget_is_the_one_in_force() -> None:
    findings = examine("F06", amount_wan=Decimal("175"))

    assert "与预算（调整后）175 不一致" in one_at("funds.total.annual_budget_wan", findings).message


def test_several_fund_lines_are_the_project_together() -> None:
    lines = [
        {"id": "a", "name": "示例：区级", "annual_budget_wan": "100", "executed_amount_wan": "93"},
        {"id": "b", "name": "示例：经开区", "annual_budget_wan": "79.5", "executed_amount_wan": "60"},
    ]

    findings = examine("F06", {"fund_lines": lines})

    assert "与资金分行合计 179.5 不一致" in one_at("funds.total.annual_budget_wan", findings).message
    assert not [f for f in findings if f.field == "funds.total.executed_amount_wan"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("indicators[y1].target_value", "400"),
        ("indicators[y1].weight", "14"),
        ("indicators[y1].name", "示例：另一个指标"),
        ("indicators[y1].unit", "人"),
        ("indicators[y1].direction", "="),
        ("indicators[y7].target_text", "保持"),
    ],
)
def test_no_target_column_may_differ_from_the_frozen_version(path: str, value: str) -> None:
    finding = one_at(path, [f for f in examine("F06", {path: value}) if "已定的绩效目标" in f.message])

    assert (finding.severity, finding.status) == ("error", "arithmetic")


def test_no_row_may_be_added_or_left_out() -> None:
    rows = valid_content("F06")["indicators"]
    findings = examine("F06", {"indicators": [*rows[1:], rows[0] | {"id": "new"}]})

    assert "不在已定的绩效目标中" in one_at("indicators[new].name", findings).message
    assert any("“培训护理人次”没有填" in f.message for f in findings if f.field == "indicators")


def test_it_answers_to_the_target_version_in_force() -> None:
    findings = examine("F06", target_version=2)

    assert "现行已定目标是第 2 版" in one_at("target_version", findings).message


def test_a_score_is_not_above_its_full_marks() -> None:
    assert one_at("indicators[y2].score", examine("F06", {"indicators[y2].score": "10.01"})).severity == "error"


def test_indicators_and_execution_weigh_a_hundred() -> None:
    findings = examine("F06", {"funds.weight": "20"})

    assert "合计是 110，应为 100" in one_at("funds.weight", findings).message


@pytest.mark.parametrize("row", ["y1", "y4", "y5", "y7", "y9"])
def test_whoever_misses_a_target_says_why(row: str) -> None:
    finding = one_at(
        f"indicators[{row}].deviation_reason", examine("F06", {f"indicators[{row}].deviation_reason": None})
    )

    assert (finding.severity, finding.status) == ("error", "required")


def test_a_missed_target_is_seen_before_anything_is_scored() -> None:
    changes = {"indicators[y5].deviation_reason": None, "indicators[y5].score": None}

    assert one_at("indicators[y5].deviation_reason", examine("F06", changes)).severity == "error"


def test_far_above_the_target_is_asked_of_the_table_with_the_ratio() -> None:
    asked: list[Decimal] = []

    def flag(inputs: dict[str, Any]) -> Said:
        asked.append(inputs["completion_ratio"])
        return stated(flagged=inputs["completion_ratio"] >= Decimal("1.5"))

    findings = examine("F06", {"indicators[y6].deviation_reason": None}, {"overachievement_flag": flag})

    assert "完成了指标值的 168.00%" in one_at("indicators[y6].deviation_reason", findings).message
    assert asked == [Decimal("1.031579"), Decimal("1.680000")]


def test_an_unsigned_border_of_over_achievement_only_asks() -> None:
    answers = {"overachievement_flag": default(flagged=True)}

    finding = one_at(
        "indicators[y6].deviation_reason", examine("F06", {"indicators[y6].deviation_reason": None}, answers)
    )

    assert finding.severity == "explain"


@pytest.mark.parametrize(
    ("band", "percent", "sound"),
    [
        ("achieved", "80", True),
        ("achieved", "100", True),
        ("achieved", "79.9", False),
        ("achieved", "100.1", False),
        ("partly", "60", True),
        ("partly", "80", False),
        ("missed", "59.99", True),
        ("missed", "60", False),
    ],
)
def test_a_qualitative_share_lies_within_its_band(band: str, percent: str, sound: bool) -> None:
    changes = {"indicators[y7].attainment": band, "indicators[y7].attainment_percent": percent}

    findings = [f for f in examine("F06", changes) if f.field == "indicators[y7].attainment_percent"]

    assert (findings == []) is sound


@pytest.mark.parametrize(
    "cell", ["indicators[y1].actual_value", "indicators[y7].actual_text", "indicators[y7].attainment"]
)
def test_every_row_is_answered(cell: str) -> None:
    assert one_at(cell, examine("F06", {cell: None})).severity == "error"


def test_a_row_that_does_not_apply_says_why_and_needs_no_value() -> None:
    changes = {"indicators[y1].actual_value": None, "indicators[y1].score": None}

    findings = examine("F06", changes | {"indicators[y1].not_applicable_reason": "示例：培训任务划转外单位"})

    assert not [finding for finding in findings if finding.stops]


def test_a_date_missed_is_explained() -> None:
    target = valid_content("F02")
    target["indicators"][3] |= {"direction": "≤", "target_date": "2021-10-31", "target_value": None, "unit": None}
    changes = {
        f"indicators[y4].{key}": target["indicators"][3].get(key) for key in ("direction", "target_date", "unit")
    }
    changes |= {"indicators[y4].target_value": None, "indicators[y4].actual_value": None}
    changes |= {"indicators[y4].actual_date": "2021-12-05", "indicators[y4].score": "5"}

    late = examine("F06", changes | {"indicators[y4].deviation_reason": None}, target=target)
    unjudged = examine("F06", changes | {"indicators[y4].score": None}, target=target)
    explained = examine("F06", changes, target=target)

    assert one_at("indicators[y4].deviation_reason", late).severity == "error"
    assert one_at("indicators[y4].score", unjudged).severity == "error"
    assert not [finding for finding in explained if finding.stops]


def test_evidence_the_target_asked_for_is_attached_or_explained() -> None:
    target = valid_content("F02", **{"indicators[y1].evidence_required": "示例：签到表"})

    finding = one_at("indicators[y1].evidence", examine("F06", target=target))

    assert finding.severity == "explain"


def test_a_grade_that_does_not_fit_the_score_is_refused_where_the_scale_is_stated() -> None:
    changes = {"grade": "良", "total_score": "92.66"}

    stated_scale = examine("F06", changes, {"grade": stated(grade="优")})
    default_scale = examine("F06", changes, {"grade": default(grade="优")})

    assert one_at("grade", stated_scale).severity == "error"
    assert one_at("grade", default_scale).severity == "explain"


def test_filing_is_announced_where_the_amount_asks_for_it() -> None:
    answers = {"self_evaluation_filing_required": stated(required=True)}

    assert one_at("filed", examine("F06", answers=answers)).severity == "hint"


def test_the_prefilled_form_has_the_frozen_rows_the_goal_and_the_ten_points() -> None:
    content = prefill(F06, context_for("F06"))

    assert content["expected_goal"] == valid_content("F02")["annual_goal"]
    assert content["funds"] == {"total": {"annual_budget_wan": "180"}, "weight": "10"}
    assert [row["weight"] for row in content["indicators"]] == ["15", "10", "10", "8", "7", "15", "8", "7", "10"]
    assert content["target_version"] == 1


def test_the_prefilled_form_disagrees_with_nothing_that_is_frozen() -> None:
    context = context_for("F06")

    messages = [finding.message for finding in check(F06, prefill(F06, context), context)]
    assert not [message for message in messages if "已定的绩效目标" in message]


def test_the_blank_form_has_no_rows() -> None:
    assert "indicators" not in blank(F06, context_for("F06"))


def test_the_department_is_basic_and_project_expenditure_together() -> None:
    findings = examine("F07", {"funds.project.executed_amount_wan": "150"})

    assert "合计 767.12345 不一致" in one_at("funds.total.executed_amount_wan", findings).message


def test_each_block_of_the_department_has_its_own_rate() -> None:
    funds = settle(FORMS["F07"], valid_content("F07"), context_for("F07"))["funds"]

    assert (funds["execution_rate"], funds["basic"]["execution_rate"], funds["project"]["execution_rate"]) == (
        "96.25",
        "99.52",
        "85.00",
    )


def test_the_department_answers_to_its_own_frozen_target() -> None:
    assert one_at("indicators[y1].weight", examine("F07", {"indicators[y1].weight": "14"})).severity == "error"


def test_the_prefilled_department_form_lists_all_goals() -> None:
    content = prefill(FORMS["F07"], context_for("F07"))

    assert content["expected_goal"] == valid_content("F04")["goals"][0]["text"]


def test_a_row_that_does_not_apply_has_no_points() -> None:
    changes = {"indicators[y1].actual_value": None, "indicators[y1].not_applicable_reason": "示例：培训任务划转外单位"}

    assert "不适用，不计分" in one_at("indicators[y1].score", examine("F06", changes)).message
    assert "indicators[y1].score" not in {f.field for f in examine("F06", changes | {"indicators[y1].score": "0"})}
