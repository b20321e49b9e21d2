"""F02: does the money add up, do the weights, and is there anything to measure."""

from decimal import Decimal
from typing import Any

import pytest

from engine.submissions.forms import FORMS, fingerprints, prefill
from tests.factories_forms import Said, context_for, examine, form_context, one_at, stated, valid_content
from tests.sample_forms import indicator


def sources(total: str, fiscal: str, carry_over: str = "0", other: str = "0") -> dict[str, str]:
    return {"total_wan": total, "fiscal_wan": fiscal, "carry_over_wan": carry_over, "other_wan": other}


def test_the_year_is_the_sum_of_its_sources() -> None:
    changes = {"funds.annual": sources("1033.496", "1013.496")}

    finding = one_at("funds.annual.total_wan", examine("F02", changes, amount_wan=None, object_name="")[:1])

    assert finding.severity == "error"
    assert finding.message == "年度资金总额 1,033.496 与分项合计 1,013.496 不一致，差 20.000 万元。请逐项核对。"


def test_a_difference_of_one_mao_is_a_difference() -> None:
    changes = {"funds.annual": sources("180.00001", "180")}

    assert one_at("funds.annual.total_wan", examine("F02", changes, amount_wan=None)).severity == "error"


def test_the_year_may_not_exceed_the_whole_term() -> None:
    changes = {"funds.mid_term": sources("100", "100")}

    assert "大于中期总额 100" in one_at("funds.annual.total_wan", examine("F02", changes)).message


def test_the_year_is_what_was_asked_for() -> None:
    findings = examine("F02", amount_wan=Decimal("200"))

    assert "与预算申请额 200 不一致，差 20 万元" in one_at("funds.annual.total_wan", findings).message


def test_the_name_is_that_of_the_budget_line() -> None:
    assert one_at("project_name", examine("F02", {"project_name": "示例：别的项目"})).severity == "error"


def test_the_year_of_the_form_is_the_year_of_the_money() -> None:
    assert "资金年度是 2021" in one_at("fiscal_year", examine("F02", {"fiscal_year": 2022})).message


def test_a_project_cannot_end_before_it_begins() -> None:
    assert "早于" in one_at("end_on", examine("F02", {"end_on": "2020-12-31"})).message


def test_weights_that_lack_two_points_are_told_where_to_add_them() -> None:
    finding = one_at("indicators", examine("F02", {"indicators[y1].weight": "13"})[:1])

    assert finding.message == (
        "权重合计是 88，应为 90（预算执行率另计 10）。请在产出指标中补 2。"
        "确需如此的，请写说明，自评时预算执行率计 12 分。"
    )
    assert (finding.severity, finding.status) == ("explain", "inferred")


def test_weights_above_a_hundred_leave_nothing_to_explain() -> None:
    finding = one_at("indicators", examine("F02", {"indicators[y1].weight": "26"})[:1])

    assert "权重合计是 101，超过了 100。" in finding.message
    assert finding.severity == "error"


def test_one_row_without_a_weight_among_others_is_asked_for() -> None:
    finding = one_at("indicators[y1].weight", examine("F02", {"indicators[y1].weight": None}))

    assert (finding.severity, finding.status) == ("error", "required")


def test_the_category_is_the_one_the_case_was_opened_with() -> None:
    findings = examine("F02", {"project_category": "operation_support"}, project_category="development")

    assert "案卷登记为“经济和社会发展类”" in one_at("project_category", findings).message
    assert (
        prefill(FORMS["F02"], context_for("F02", project_category="development"))["project_category"] == "development"
    )


def test_weights_that_are_too_many_are_told_where_to_take_them() -> None:
    finding = one_at("indicators", examine("F02", {"indicators[y9].weight": "13.5"})[:1])

    assert "合计是 93.5" in finding.message
    assert "请在满意度指标中减 3.5" in finding.message


def test_first_levels_that_differ_from_the_template_ask_for_a_sentence() -> None:
    findings = examine("F02", {"indicators[y1].weight": "20", "indicators[y6].weight": "10"})

    finding = one_at("indicators", [finding for finding in findings if finding.severity == "explain"])
    assert "产出指标 55、效益指标 25、满意度指标 10" in finding.message


def test_without_satisfaction_its_points_may_go_to_the_benefits() -> None:
    rows = [row for row in valid_content("F02")["indicators"] if row["id"] != "y9"]

    findings = examine("F02", {"indicators": rows, "indicators[y6].weight": "25"})

    assert not [finding for finding in findings if finding.stops]


def test_a_printed_level_weight_is_the_sum_of_the_rows_under_it() -> None:
    printed = [
        {"id": "l1", "level1": "产出指标", "weight": "50"},
        {"id": "l2", "level1": "产出指标", "level2": "数量指标", "weight": "20"},
    ]

    findings = examine("F02", {"level_weights": printed})

    assert "“数量指标”的权重填 20，其下三级指标合计 25" in one_at("level_weights[l2].weight", findings).message
    assert not [finding for finding in findings if finding.field == "level_weights[l1].weight"]


def test_a_weight_of_nothing_is_refused() -> None:
    findings = examine("F02", {"indicators[y8].weight": "0", "indicators[y7].weight": "15"})

    assert "不计分" in one_at("indicators[y8].weight", findings).message


def test_count_and_quantification_are_asked_of_the_table() -> None:
    asked: dict[str, Any] = {}

    def quality(inputs: dict[str, Any]) -> Said:
        asked.update(inputs)
        return stated(acceptable=True, problems=[])

    findings = examine("F02", {"indicators[y1].calculation": None}, {"target_quality": quality})

    assert not [finding for finding in findings if finding.field == "indicators"]
    assert asked == {
        "project_category": "development",
        "indicator_count": 9,
        "quantified_ratio": Decimal("0.666667"),
        "covered_kinds": ["产出", "成本", "社会效益", "生态效益", "可持续影响", "服务对象满意度"],
    }


def test_the_category_is_required_where_the_table_tells_categories_apart() -> None:
    def by_category(inputs: dict[str, Any]) -> Said:
        return stated(acceptable=inputs["project_category"] != "development", problems=[])

    apart = examine("F02", {"project_category": None}, {"target_quality": by_category})
    alike = examine("F02", {"project_category": None})

    assert one_at("project_category", apart).severity == "error"
    assert not [finding for finding in alike if finding.field == "project_category"]


@pytest.mark.parametrize("direction", ["≥", ">"])
def test_a_cost_that_rewards_spending_asks_for_a_sentence(direction: str) -> None:
    finding = one_at("indicators[y5].direction", examine("F02", {"indicators[y5].direction": direction}))

    assert finding.severity == "explain"
    assert "花得越多得分越高" in finding.message


def test_a_payment_rate_is_no_quantity() -> None:
    finding = one_at("indicators[y2].name", examine("F02", {"indicators[y2].name": "按期拨付率"}))

    assert finding.severity == "explain"
    assert finding.message == (
        "“按期拨付率”反映资金支付，不宜作数量指标。请改填产品或服务的数量，例如“新增公办学位数”；确需保留，请写说明。"
    )


@pytest.mark.parametrize("cell", ["survey_method", "survey_population"])
def test_satisfaction_says_how_and_whom_it_asks(cell: str) -> None:
    finding = one_at(f"indicators[y9].{cell}", examine("F02", {f"indicators[y9].{cell}": None}))

    assert finding.severity == "explain"
    assert "满意度指标“老人满意度”" in finding.message


def test_one_name_under_output_and_benefit_counts_twice() -> None:
    finding = one_at("indicators[y6].name", examine("F02", {"indicators[y6].name": "培训护理人次"}))

    assert finding.severity == "explain"
    assert "重复计分" in finding.message


def test_the_same_row_twice_is_a_mistake() -> None:
    assert one_at("indicators[y2].name", examine("F02", {"indicators[y2].name": "培训护理人次"})).severity == "error"


def test_a_number_in_form_only_is_told_so() -> None:
    changes = {"indicators[y3].name": "效果明显提升率", "indicators[y3].calculation": None}

    finding = one_at("indicators[y3].calculation", examine("F02", changes))

    assert finding.severity == "explain"
    assert "“明显”没有可数的对象" in finding.message


def test_a_qualitative_cell_that_reads_like_a_number_is_shown_taken_apart() -> None:
    finding = one_at("indicators[y7].target_text", examine("F02", {"indicators[y7].target_text": "≥100百分比"}))

    assert finding.severity == "explain"
    assert "≥、100、%" in finding.message


def test_a_split_cell_waits_for_confirmation() -> None:
    changes = {"indicators[y3].as_written": "≥95%"}

    waiting = examine("F02", changes)
    confirmed = examine("F02", changes | {"indicators[y3].as_written_confirmed": True})

    assert one_at("indicators[y3].as_written_confirmed", waiting).stops
    assert not [finding for finding in confirmed if finding.stops]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"indicators[y1].target_value": None}, "indicators[y1].target_value"),
        ({"indicators[y1].unit": None}, "indicators[y1].unit"),
        ({"indicators[y7].target_text": None}, "indicators[y7].target_text"),
        ({"indicators[y1].direction": "range"}, "indicators[y1].lower"),
        ({"indicators[y1].direction": None}, "indicators[y1].direction"),
    ],
)
def test_a_row_needs_what_its_direction_needs(changes: dict[str, Any], field: str) -> None:
    assert one_at(field, examine("F02", changes)).severity == "error"


def test_an_interval_cannot_be_upside_down() -> None:
    changes = {"indicators[y3].direction": "range", "indicators[y3].lower": "95", "indicators[y3].upper": "90"}

    assert "请对调" in one_at("indicators[y3].lower", examine("F02", changes)).message


def test_a_date_can_be_a_target() -> None:
    changes = {"indicators[y4].target_value": None, "indicators[y4].unit": None, "indicators[y4].direction": "≤"}

    findings = examine("F02", changes | {"indicators[y4].target_date": "2021-12-31"})

    assert not [finding for finding in findings if finding.stops]


def test_a_cumulative_year_cannot_exceed_the_term() -> None:
    changes = {"indicators[y1].cumulative": True, "indicators[y1].mid_term_value": "400"}

    assert "大于中期值 400" in one_at("indicators[y1].target_value", examine("F02", changes)).message


def test_a_target_below_last_year_asks_for_a_sentence() -> None:
    finding = one_at("indicators[y1].target_value", examine("F02", {"indicators[y1].last_year_value": "620"}))

    assert finding.severity == "explain"
    assert "低于上年实际 620" in finding.message


def test_a_row_in_the_wrong_place_of_the_tree_is_told_where_it_belongs() -> None:
    finding = one_at("indicators[y5].level2", examine("F02", {"indicators[y5].level1": "效益指标"}))

    assert finding.severity == "explain"
    assert "在本模板中它属于“产出指标”" in finding.message


def test_a_year_goal_that_repeats_the_term_goal_asks_for_a_sentence() -> None:
    goal = valid_content("F02")["mid_term_goal"]

    findings = [finding for finding in examine("F02", {"annual_goal": goal}) if finding.field == "annual_goal"]

    assert all(finding.severity == "explain" for finding in findings)
    assert any("一字不差" in finding.message for finding in findings)


def test_a_year_goal_without_the_year_is_a_hint() -> None:
    assert one_at("annual_goal", examine("F02", {"annual_goal": "示例：建成四个服务站。"})).severity == "hint"


def test_the_tree_of_before_2021_is_for_the_years_before_with_one_year_of_transition() -> None:
    in_transition = examine("F02", {"fiscal_year": 2022}, fiscal_year=2022)
    too_late = examine("F02", {"fiscal_year": 2023}, fiscal_year=2023)

    assert not [finding for finding in in_transition if finding.field == "template"]
    assert one_at("template", too_late).severity == "explain"


def test_since_2022_cost_is_a_first_level_of_its_own() -> None:
    rows = [
        indicator("c1", "成本指标", "经济成本指标", "单位成本", "20", direction="≤", target_value="3", unit="万元"),
        indicator("c2", "产出指标", "数量指标", "站点数", "40", direction="=", target_value="4", unit="个"),
        indicator("c3", "效益指标", "社会效益指标", "受益户数", "20", direction="≥", target_value="9", unit="户"),
        indicator("c4", "满意度指标", "服务对象满意度指标", "满意度", "10", direction="≥", target_value="90", unit="%"),
    ]
    rows[3] |= {"survey_method": "示例：问卷", "survey_population": "示例：老人"}
    changes = {"fiscal_year": 2023, "template": "project.2021", "indicators": rows}

    assert not [finding for finding in examine("F02", changes, fiscal_year=2023) if finding.stops]


def test_a_budget_adjustment_needs_a_reason_and_both_amounts() -> None:
    findings = examine("F02", budget_adjusted=True, amount_before_wan=Decimal("200"))

    assert {finding.field for finding in findings if finding.source == "HX-06"} == {
        "revision.reason",
        "revision.amount_before_wan",
        "revision.amount_after_wan",
    }


def test_the_amounts_of_an_adjustment_are_those_of_the_budget() -> None:
    revision = {"reason": "示例：压减", "amount_before_wan": "210", "amount_after_wan": "190"}

    findings = examine("F02", {"revision": revision}, budget_adjusted=True, amount_before_wan=Decimal("200"))

    assert "原目标为 200" in one_at("revision.amount_before_wan", findings).message
    assert "预算调整后为 180" in one_at("revision.amount_after_wan", findings).message


def test_an_adjusted_target_starts_from_the_frozen_one() -> None:
    context = context_for("F02", target=valid_content("F02"), budget_adjusted=True, amount_before_wan=Decimal("200"))

    content = prefill(FORMS["F02"], context)

    rows = [{key: cell for key, cell in row.items() if key != "initial_value"} for row in content["indicators"]]
    assert rows == FORMS["F02"].dump(FORMS["F02"].load(valid_content("F02")))["indicators"]
    assert content["revision"] == {"number": 2, "amount_before_wan": "200", "amount_after_wan": "180"}


def test_words_copied_from_another_unit_are_found_though_names_and_numbers_were_changed() -> None:
    words = "示例项目围绕居家养老服务，完善站点设施，培训护理队伍，提升老年人生活质量，覆盖{}个社区。{}"
    theirs = valid_content("F02", necessity=words.format(12, "示例单位乙"))
    their_context = form_context(unit_name="示例单位乙")
    mark = fingerprints(FORMS["F02"], theirs, their_context)["necessity"]

    ours = valid_content("F02", necessity=words.format(9, "示例单位甲"))

    assert fingerprints(FORMS["F02"], ours, form_context(unit_name="示例单位甲"))["necessity"] == mark


def test_one_text_in_two_cells_asks_for_a_sentence() -> None:
    words = "示例：本项目完善社区站点设施，培训护理队伍，提升老年人生活质量，形成长效机制。"

    finding = one_at("feasibility", examine("F02", {"necessity": words, "feasibility": words}))

    assert "“可行性”与“必要性”的文字相同" in finding.message


def test_a_target_declared_again_shows_what_it_promised_at_the_beginning_of_the_year() -> None:
    target = valid_content("F02")
    target["indicators"][1] |= {"initial_value": "5"}

    rows = prefill(FORMS["F02"], context_for("F02", target=target, budget_adjusted=True))["indicators"]

    assert [row.get("initial_value") for row in rows[:2]] == ["500", "5"]
    assert "initial_value" not in rows[6]


def test_a_row_without_levels_among_others_is_asked_for_them() -> None:
    changes = {"indicators[y1].level1": None, "indicators[y1].level2": None}

    found = {finding.field for finding in examine("F02", changes) if finding.status == "required"}

    assert found == {"indicators[y1].level1", "indicators[y1].level2"}


@pytest.mark.parametrize(("direction", "asked"), [("≤", False), ("=", False), ("≥", True), (">", True)])
def test_a_day_as_a_target_is_one_that_must_not_be_passed(direction: str, asked: bool) -> None:
    cells = {"direction": direction, "target_date": "2021-12-31", "target_value": None, "unit": None}

    found = examine("F02", {f"indicators[y4].{key}": cell for key, cell in cells.items()})

    assert ("indicators[y4].direction" in {finding.field for finding in found}) is asked
