"""F05: money against time, targets against the frozen version, and what must follow from a lag."""

from decimal import Decimal
from typing import Any

import pytest

from engine.submissions.forms import FORMS, blank, facts, prefill
from engine.words import TimeProgress
from tests.factories_forms import context_for, default, examine, one_at, stated, valid_content

F05 = FORMS["F05"]


def told(**changes: Any) -> dict[str, Any]:
    return facts(F05, valid_content("F05", **changes), context_for("F05"))


@pytest.mark.parametrize(
    ("month", "share"), [(6, "0.500000"), (7, "0.583333"), (8, "0.666667"), (10, "0.833333"), (12, "1.000000")]
)
def test_time_goes_by_month(month: int, share: str) -> None:
    assert told(cutoff_month=month)["time_progress"] == share


def test_time_can_go_by_day() -> None:
    context = context_for("F05", time_progress_method=TimeProgress.DAY)

    assert facts(F05, valid_content("F05", cutoff_month=6), context)["time_progress"] == "0.495890"  # 181/365


def test_time_can_go_by_the_units_own_payment_plan() -> None:
    context = context_for("F05", time_progress_method=TimeProgress.PAYMENT_PLAN)

    assert facts(F05, valid_content("F05", planned_amount_wan="90"), context)["time_progress"] == "0.500000"


def test_a_payment_plan_must_be_there_where_time_goes_by_it() -> None:
    assert (
        one_at("planned_amount_wan", examine("F05", time_progress_method=TimeProgress.PAYMENT_PLAN)).severity == "error"
    )


def test_where_nothing_says_how_time_goes_nobody_is_called_late() -> None:
    untold = context_for("F05", time_progress_method=None)

    assert one_at("time_progress", examine("F05", time_progress_method=None)).severity == "undefined"
    assert facts(F05, valid_content("F05"), untold)["time_progress"] is None


def test_the_execution_rate_has_the_adjusted_budget_below_the_line() -> None:
    assert told()["execution_rate"] == "0.611111"


def test_without_a_budget_there_is_no_rate() -> None:
    assert told(**{"funds.total.annual_budget_wan": "0"})["execution_rate"] is None


def test_achievement_counts_every_row_at_most_in_full() -> None:
    changes = {"indicators[y1].period_value": "250", "indicators[y5].period_value": "0.60"}
    changes["indicators[y6].period_value"] = "99999"

    # 90 points: y1 half of 15, y5 nothing of 7 (twice what it may cost), y7 and y8 at 0.6 of 15, the rest in full
    lost = Decimal("7.5") + Decimal("7") + Decimal("6")
    assert told(**changes)["achievement_rate"] == str(((90 - lost) / 90).quantize(Decimal("0.000001")))


def test_a_rate_of_change_below_zero_that_is_missed_is_not_counted_as_reached() -> None:
    cells = {"direction": "≥", "target_value": "-5", "period_value": "-8", "forecast_value": "-8"}
    changes = {f"indicators[y1].{key}": cell for key, cell in cells.items()}
    changes |= {"indicators[y7].period_band": "achieved", "indicators[y8].period_band": "achieved"}

    findings = examine("F05", changes, target=None)

    assert told(**changes)["achievement_rate"] == str((Decimal(90 - 9) / 90).quantize(Decimal("0.000001")))
    assert "全年预计达不到指标值" in one_at("indicators[y1].likelihood", findings).message


def test_rows_without_a_value_are_left_out_of_achievement() -> None:
    rows = [row | {"period_value": None, "period_band": None} for row in valid_content("F05")["indicators"]]

    assert told(indicators=rows)["achievement_rate"] is None


def test_the_rows_are_those_of_the_frozen_target() -> None:
    changed = examine("F05", {"indicators[y1].target_value": "400"})
    missing_row = examine("F05", {"indicators": valid_content("F05")["indicators"][1:]})

    assert "与已定的绩效目标不同（绩效目标中为 500）" in one_at("indicators[y1].target_value", changed).message
    assert "“培训护理人次”没有填" in one_at("indicators", [f for f in missing_row if f.severity == "error"]).message


def test_five_hundred_and_five_hundred_point_zero_are_the_same_target() -> None:
    assert not [f for f in examine("F05", {"indicators[y1].target_value": "500.00"}) if f.stops]


def test_the_forecast_is_not_below_what_is_spent_already() -> None:
    assert one_at("forecast_executed_wan", examine("F05", {"forecast_executed_wan": "109"})).severity == "error"


def test_spending_above_the_budget_is_explained() -> None:
    changes = {"funds.fiscal.executed_amount_wan": "171", "funds.total.executed_amount_wan": "176"}

    finding = one_at("funds.fiscal.executed_amount_wan", examine("F05", changes | {"forecast_executed_wan": "180"}))

    assert finding.severity == "explain"


def test_the_window_is_the_jurisdictions() -> None:
    finding = one_at("cutoff_month", examine("F05", answers={"monitoring_window": stated(end_month=Decimal(6))}))

    assert "本区监控截止月为 6 月，填的是 7 月" in finding.message


def test_the_blank_form_has_the_window_filled_in() -> None:
    context = context_for("F05", {"monitoring_window": stated(end_month=Decimal(6))})

    assert blank(F05, context)["cutoff_month"] == 6


RED = {"money_light": "red", "target_light": "green", "advice": "check_payment"}
YELLOW = {"money_light": "yellow", "target_light": "green", "advice": "check_payment"}
GREEN = {"money_light": "green", "target_light": "green", "advice": "continue"}


@pytest.mark.parametrize(
    ("lights", "asked"),
    [
        (GREEN, set()),
        (YELLOW, {"measures", "responsible_person", "measures_due_on"}),
        (RED, {"measures", "responsible_person", "measures_due_on", "suggested_disposals"}),
    ],
)
def test_a_lag_asks_for_measures_and_a_serious_one_for_a_disposal(lights: dict[str, str], asked: set[str]) -> None:
    findings = examine("F05", answers={"monitoring_light": stated(**lights)})

    assert {finding.field for finding in findings if finding.severity == "error"} == asked


def test_unsigned_lights_only_ask_for_a_sentence() -> None:
    findings = examine("F05", answers={"monitoring_light": default(**YELLOW)})

    assert {finding.severity for finding in findings if finding.field == "measures"} == {"explain"}


def test_the_lights_are_computed_and_cannot_be_typed_differently() -> None:
    findings = examine("F05", {"money_light": "green"}, {"monitoring_light": default(**RED)})

    assert one_at("money_light", findings).severity == "error"


def test_behind_time_supplements_are_said_to_be_blocked() -> None:
    answer = stated(allowed=False, override_needs_reason=True)

    finding = one_at("funds.execution_rate", examine("F05", answers={"supplement_allowed": answer}))

    assert finding.severity == "hint"
    assert "原则上不予追加" in finding.message


@pytest.mark.parametrize("likelihood", ["possible", "impossible"])
def test_a_row_that_may_fail_gives_its_causes(likelihood: str) -> None:
    finding = one_at("indicators[y1].cause_note", examine("F05", {"indicators[y1].likelihood": likelihood}))

    assert finding.severity == "explain"


def test_certain_success_does_not_go_with_a_forecast_below_the_target() -> None:
    assert (
        "请核对"
        in one_at("indicators[y1].likelihood", examine("F05", {"indicators[y1].forecast_value": "480"})).message
    )


def test_a_bundle_has_a_number() -> None:
    assert one_at("bundle", examine("F05", {"scope": "bundle"})).source == "CH-08"


def test_the_prefilled_form_carries_the_frozen_rows_and_only_their_target_columns() -> None:
    rows = prefill(F05, context_for("F05"))["indicators"]

    assert [row["id"] for row in rows] == [f"y{number}" for number in range(1, 10)]
    assert "data_source" not in rows[0]
