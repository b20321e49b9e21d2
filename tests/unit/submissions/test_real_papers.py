"""Papers as units really fill them in: each passes, or is refused for a reason whoever filled it in would accept."""

from typing import Any

import pytest

from tests.papers import Paper, answered, paper

ALL_SPENT = {"initial_budget_wan": "814", "annual_budget_wan": "814", "executed_amount_wan": "814"}
NOTHING = dict.fromkeys(ALL_SPENT, "0")
SPENT = {"total": ALL_SPENT, "fiscal": ALL_SPENT, "carry_over": NOTHING, "other": NOTHING}


@pytest.mark.parametrize(
    ("name", "total"),
    [
        ("passes_cost_only_2023", "100.00"),
        ("passes_fishing_2020", "100.00"),
        ("passes_four_22_5_2021", "100.00"),
        ("passes_midyear_2023", "100.00"),
        ("passes_salary_2023", "100.00"),
    ],
)
def test_a_paper_that_is_as_it_should_be_is_handed_in_with_the_total_it_prints(name: str, total: str) -> None:
    assert paper(name).one_total() == total


def test_an_execution_rate_told_of_the_money_that_arrived_is_told_of_the_budget() -> None:
    assert any("按本表应为 25.41%" in message for message in paper("passes_monitoring_rate_on_arrived_money").stops)


def test_a_share_outside_its_band_that_was_explained_counts_as_it_was_given() -> None:
    filed = paper("band_80_explained").explained()

    assert points(filed, "x") == "8.00"
    assert filed.one_total() == "98.00"


def test_money_that_went_again_in_the_year_costs_no_points() -> None:
    filed = paper("budget_cut_to_zero")

    assert filed.stops == []
    assert filed.one_total() == "100.00"


def test_a_day_that_was_kept_may_have_its_full_points_typed() -> None:
    assert paper("date_on_time_with_typed_score").one_total() == "100.00"


def test_a_day_that_was_kept_needs_no_points_typed() -> None:
    filed = paper("date_on_time_with_typed_score")
    filed.content["indicators"][2].pop("score")

    assert filed.one_total() == "100.00"


def test_a_day_that_was_missed_needs_points_by_a_person() -> None:
    filed = paper("late_date_without_points")

    assert filed.at("indicators[x].score") == ["指标“12月底前完成”逾期完成，系统不自动计分，请填得分。"]


def test_a_day_that_was_missed_earns_what_a_person_gives() -> None:
    filed = paper("late_date_without_points")
    filed.content["indicators"][2]["score"] = "7"

    assert filed.one_total() == "97.00"


def test_a_rate_in_whole_percent_agrees_with_the_rate_it_is_rounded_from() -> None:
    filed = paper("execution_rate_in_whole_percent")

    assert filed.at("funds.execution_rate") == []
    assert filed.at("funds.score") == [
        "执行率得分填的是 9，按方法应为 8.62。请核对，或清空由系统计算；确需保留，请写说明。"
    ]
    assert filed.explained().stops == []


def test_points_of_nothing_for_the_execution_are_no_row() -> None:
    filed = paper("execution_weight_zero")

    assert filed.one_total() == "100.00"
    assert [row.id for row in filed.score().rows] == ["p1", "p2", "x"]


def test_an_at_least_of_zero_is_met_by_whatever_is_not_below_it() -> None:
    assert paper("target_at_least_zero").one_total() == "100.00"


def test_wrong_points_are_seen_at_their_cells() -> None:
    filed = paper("wrong_scores_pass")

    assert filed.at("funds.score") == [
        "执行率得分填的是 10，按方法应为 8.62。请核对，或清空由系统计算；确需保留，请写说明。"
    ]
    assert "指标“工程资金金额”得分填的是 10，按方法应为 8.62。" in filed.at("indicators[a1].score")[0]


def test_wrong_points_taken_out_are_filled_in_by_the_method() -> None:
    filed = paper("wrong_scores_pass")
    del filed.content["funds"]["score"], filed.content["indicators"][0]["score"]

    assert filed.one_total() == "97.24"


def test_a_target_that_was_reached_is_not_called_missed_because_a_unit_gives_itself_less() -> None:
    filed = paper("reached_but_scored_lower")

    assert not [message for message in filed.stops if "没有完成" in message]
    assert "得分填的是 9，按方法应为 10。" in filed.at("indicators[d1].score")[0]
    assert filed.explained().one_total() == "94.00"


def test_points_left_empty_are_filled_in() -> None:
    content = paper("scores_left_to_the_system").handed_in().content

    assert [row["score"] for row in content["indicators"]] == ["50.00", "30.00", "10.00"]
    assert (content["funds"]["score"], content["total_score"]) == ("10.00", "100.00")
    assert paper("scores_left_to_the_system").one_total() == "100.00"


def test_a_split_the_template_does_not_know_asks_for_a_sentence_and_is_evaluated_as_it_was_frozen() -> None:
    target = paper("hubei_20_40_40_target")

    assert [f.severity for f in target.findings if f.stops and f.field == "indicators"] == ["explain"]
    assert target.explained().stops == []

    reached = {row["id"]: {"actual_value": row["target_value"]} for row in target.content["indicators"]}
    filed = answered(target.explained(), reached, funds=SPENT)

    assert filed.content["funds"]["weight"] == "20"
    assert filed.one_total() == "100.00"


def test_a_target_without_weights_is_frozen_and_weighed_when_it_is_evaluated() -> None:
    target = paper("target_without_weights").explained()

    assert target.stops == []

    reached: dict[str, dict[str, Any]] = {
        row["id"]: {"actual_value": row.get("target_value"), "weight": weight}
        for row, weight in zip(
            target.content["indicators"], ("10", "10", "10", "10", "10", "10", "20", "10"), strict=True
        )
    }
    reached["o6"] = {
        "actual_text": "示例：没有超支",
        "attainment": "achieved",
        "attainment_percent": "100",
        "weight": "10",
    }
    unweighed = {row_id: {key: cell for key, cell in row.items() if key != "weight"} for row_id, row in reached.items()}

    assert any("权重" in message for message in answered(target, unweighed, funds=SPENT).explained().stops)
    assert answered(target, reached, funds=SPENT).one_total() == "100.00"


def test_a_form_without_points_is_kept_without_a_total() -> None:
    filed = paper("grain_reserve_without_scores")

    assert [f.severity for f in filed.findings if f.stops] == ["explain"]
    assert "这份自评不计分、不定等级" in filed.at("indicators")[0]
    assert "total_score" not in filed.explained().handed_in().content


def test_money_of_the_special_account_and_of_the_unit_has_lines_of_its_own() -> None:
    filed = paper("funds_of_sichuan")

    assert filed.one_total() == "99.50"
    filed.content["funds"]["unit"]["executed_amount_wan"] = "30"
    assert "与分项合计 90 不一致" in filed.at("funds.total.executed_amount_wan")[0]


def test_a_flat_list_of_a_department_says_once_why_it_has_no_levels() -> None:
    filed = paper("department_flat_list")

    assert [f.severity for f in filed.findings if f.stops and f.field == "indicators"] == ["explain"]
    assert filed.explained().stops == []
    assert {row.first_level for row in filed.explained().score().rows} == {"绩效指标", "预算执行率"}


def points(filed: Paper, row_id: str) -> str:
    """What the register gives a row."""
    (found,) = [row.score for row in filed.score().rows if row.id == row_id]
    return str(found)
