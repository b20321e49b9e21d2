"""Sheets that score by judgement, steps and dates; rows that do not apply; sheets that are refused."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest

from engine.errors import InvalidInput, NotFound
from engine.scoring import (
    DateTarget,
    Direction,
    Execution,
    ImpossibleNumber,
    Judgement,
    Measured,
    NotApplicable,
    Quantity,
    Row,
    ScoredRow,
    Sheet,
    UnsoundSheet,
    exact,
    execution_of,
    method_set,
    method_set_for,
    method_sets,
    score,
)
from engine.scoring.method_sets import Choice

FULL = Quantity(Direction.AT_LEAST, D(1), D(1))


def row(name: str, weight: str, measured: Measured, level: str = "产出指标") -> Row:
    return Row(name, level, "数量指标", name, D(weight), measured)


def alone(measured: Measured, method: str = "mof2020.proportional@1", level: str = "产出指标") -> ScoredRow:
    """The one row of ten points in question, scored in a sheet that is otherwise full marks."""
    sheet = Sheet((row("本行", "10", measured, level), row("其余", "90", FULL)))
    return score(sheet, method_set(method)).rows[0]


@pytest.mark.parametrize(
    ("word", "share"),
    [
        ("达成", "1"),
        ("达成", "0.80"),
        ("部分达成", "0.7999"),
        ("部分达成", "0.60"),
        ("未达成", "0.5999"),
        ("未达成", "0"),
    ],
)
def test_a_judgement_inside_its_band_earns_its_share(word: str, share: str) -> None:
    assert alone(Judgement(word, D(share))).score == (10 * D(share)).quantize(D("0.01"))


@pytest.mark.parametrize(("word", "share"), [("达成", "0.79"), ("部分达成", "0.80"), ("未达成", "0.60"), ("优", "1")])
def test_a_judgement_outside_its_band_is_refused(word: str, share: str) -> None:
    with pytest.raises(UnsoundSheet, match="范围"):
        alone(Judgement(word, D(share)))


def test_a_band_without_a_chosen_share_is_refused() -> None:
    with pytest.raises(UnsoundSheet, match="须同时填写得分比例"):
        alone(Judgement("达成"))


@pytest.mark.parametrize(("word", "points"), [("优", "10"), ("良", "8"), ("中", "6"), ("低", "4"), ("差", "0")])
def test_the_county_gives_five_fixed_steps(word: str, points: str) -> None:
    assert alone(Judgement(word), "county.five_step@1").score == D(points)


@pytest.mark.parametrize(
    ("actual", "points"),
    [("100", "10"), ("90", "10"), ("89.99", "8"), ("80", "8"), ("79.99", "5"), ("60", "5"), ("59.99", "0"), ("0", "0")],
)
def test_satisfaction_by_steps_includes_each_lower_border(actual: str, points: str) -> None:
    satisfied = Quantity(Direction.AT_LEAST, D(95), D(actual), unit="%")

    assert alone(satisfied, "mof2020.step_satisfaction@1", "满意度指标").score == D(points)


@pytest.mark.parametrize("unit", ["", "%", "％", "百分比"])
def test_a_satisfaction_rate_is_known_by_every_way_of_writing_percent(unit: str) -> None:
    satisfied = Quantity(Direction.AT_LEAST, D(95), D("89.99"), unit=unit)

    assert alone(satisfied, "mof2020.step_satisfaction@1", "满意度指标").score == D(8)


@pytest.mark.parametrize(
    "measured",
    [
        Quantity(Direction.AT_LEAST, D(5), D(4), unit="分"),
        Quantity(Direction.AT_MOST, D(5), D(6), unit="%"),
    ],
)
def test_steps_of_satisfaction_hold_for_a_rate_that_should_be_high_and_for_nothing_else(measured: Quantity) -> None:
    assert alone(measured, "mof2020.step_satisfaction@1", "满意度指标").score == D(8)


@pytest.mark.parametrize(
    ("executed", "points"), [("100", "10"), ("99.99", "7"), ("80", "7"), ("79.99", "5"), ("60", "5"), ("59.99", "0")]
)
def test_execution_by_steps_includes_each_lower_border(executed: str, points: str) -> None:
    assert alone(Execution(D(100), D(executed)), "mof2020.step_execution@1").score == D(points)


def test_an_agencys_execution_rate_of_95_88_percent_scores_9_59() -> None:
    assert alone(Execution(D(10000), D(9588))).score == D("9.59")


def test_spending_more_than_the_budget_is_capped_and_must_be_explained() -> None:
    scored = alone(Execution(D(100), D(120)))

    assert scored.score == D(10)
    assert [note.code for note in scored.notes] == ["overspent"]


def test_spending_exactly_the_budget_is_full_marks_with_nothing_to_explain() -> None:
    scored = alone(Execution(D(100), D(100)))

    assert scored.formula == "全年执行数不少于全年预算数，得满分（执行率 100.00%）＝10.00"
    assert scored.notes == ()


def test_a_date_kept_is_full_and_a_date_missed_is_judged_by_a_person() -> None:
    due, done = date(2021, 12, 31), date(2022, 1, 10)

    assert alone(DateTarget(due, due)).score == D(10)
    judged = alone(DateTarget(due, done, D(6), "受疫情影响顺延"))
    assert judged.score == D(6)
    assert judged.formula == "逾期 10 天，人工给分（受疫情影响顺延）＝6.00"
    with pytest.raises(UnsoundSheet, match="系统不自动计分"):
        alone(DateTarget(due, done))


def test_the_weight_of_a_row_that_does_not_apply_stays_in_its_first_level() -> None:
    sheet = Sheet(
        (
            row("一", "20", NotApplicable("项目已取消")),
            row("二", "20", FULL),
            row("三", "10", FULL),
            row("四", "50", FULL, "效益指标"),
        )
    )
    scored = score(sheet, method_set("mof2020.proportional@1"))

    assert [each.weight for each in scored.rows] == [D(0), D("33.33"), D("16.67"), D(50)]
    assert scored.rows[0].score is None
    assert scored.rows[0].formula.startswith("不适用（项目已取消）")
    assert scored.subtotals == {"产出指标": D(50), "效益指标": D(50)}
    assert scored.total == D(100)


def test_by_rescaling_the_weight_is_spread_over_all_rows() -> None:
    rows = [row(str(i), "10", FULL, f"第{i}类") for i in range(6)]
    sheet = Sheet((row("不适用行", "40", NotApplicable("无此项")), *rows))
    scored = score(sheet, method_set("mof2020.rescaled@1"))

    assert [each.weight for each in scored.rows[1:]] == [D("16.67")] * 4 + [D("16.66")] * 2
    assert scored.total == D(100)


def test_a_first_level_with_no_row_left_is_spread_over_the_others() -> None:
    sheet = Sheet((row("预算执行率", "10", execution_of(D(0), D(0)), "预算执行率"), row("二", "90", FULL)))
    scored = score(sheet, method_set("mof2020.proportional@1"))

    assert [each.weight for each in scored.rows] == [D(0), D(100)]
    assert scored.total == D(100)
    assert [note.code for note in scored.rows[1].notes] == ["weight_moved"]


def test_a_sheet_where_nothing_applies_is_refused() -> None:
    sheet = Sheet((row("一", "100", NotApplicable("取消")),))

    with pytest.raises(UnsoundSheet, match="所有指标都标为“不适用”"):
        score(sheet, method_set("mof2020.proportional@1"))


def test_weights_that_do_not_sum_to_100_are_refused() -> None:
    with pytest.raises(UnsoundSheet, match="分值合计是 98，应为 100"):
        Sheet((row("一", "50", FULL), row("二", "48", FULL)))


def test_the_same_indicator_twice_is_refused() -> None:
    with pytest.raises(UnsoundSheet, match="出现了两次"):
        Sheet((row("一", "50", FULL), row("一", "50", FULL)))


def test_one_name_under_two_second_levels_is_two_indicators() -> None:
    quantity, quality = row("一", "50", FULL), Row("二", "产出指标", "质量指标", "一", D(50), FULL)

    assert score(Sheet((quantity, quality)), method_set("mof2020.proportional@1")).total == 100


@pytest.mark.parametrize("weight", ["0", "-1", "100.01", "3.333", "NaN", "Infinity", "1e20"])
def test_an_impossible_weight_is_refused(weight: str) -> None:
    with pytest.raises(ImpossibleNumber):
        row("一", weight, FULL)


@pytest.mark.parametrize(
    "number", ["NaN", "sNaN", "Infinity", "-Infinity", "1000000000001", "-1000000000001", "0.0000000000001"]
)
def test_an_impossible_target_or_actual_value_is_refused(number: str) -> None:
    with pytest.raises(ImpossibleNumber, match="指标值"):
        Quantity(Direction.AT_LEAST, D(number), D(1))
    with pytest.raises(ImpossibleNumber, match="实际完成值"):
        Quantity(Direction.AT_LEAST, D(1), D(number))


@pytest.mark.parametrize("number", ["0.000000000001", "1000000000000"])
def test_the_finest_and_the_largest_value_are_taken(number: str) -> None:
    assert exact(number, "指标值") == D(number)


@pytest.mark.parametrize("text", ["", "abc", "1e5", "1,000", "≥100百分比", "50个", "１２", "NaN", "-3", "+3", "--3"])
def test_text_that_is_no_plain_number_is_refused_in_chinese(text: str) -> None:
    with pytest.raises(ImpossibleNumber, match="“指标值”"):
        exact(text, "指标值")


def test_numbers_are_exact_and_floats_are_refused() -> None:
    assert exact(" 0.30 ", "指标值") == D("0.30")
    assert exact(7, "指标值") == D(7)
    with pytest.raises(ImpossibleNumber, match="不能是浮点数"):
        exact(0.1, "指标值")  # type: ignore[arg-type]
    with pytest.raises(ImpossibleNumber):
        exact(True, "指标值")


@pytest.mark.parametrize(
    "build",
    [
        lambda: Execution(D(0), D(1)),
        lambda: Execution(D(1), D(-1)),
        lambda: execution_of(D(0), D(1)),
        lambda: Judgement("达成", D("1.01")),
        lambda: NotApplicable(" "),
        lambda: row("", "10", FULL),
    ],
)
def test_other_impossible_rows_are_refused(build: object) -> None:
    with pytest.raises(InvalidInput):
        build()  # type: ignore[operator]


def test_a_jurisdictions_own_choice_goes_first_and_holds_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    own = Choice("with_cost2021.proportional@1", 2019, "conghua", "示例依据", "default")
    chosen = replace(method_sets.catalogue(), choices=(*method_sets.catalogue().choices, own))
    monkeypatch.setattr(method_sets, "catalogue", lambda: chosen)

    assert method_set_for("conghua", 2021).id == "with_cost2021.proportional@1"
    assert method_set_for("huaxi", 2021).id == "mof2020.proportional@1"


def test_the_method_set_is_chosen_by_the_year_of_the_money() -> None:
    assert method_set_for("huaxi", 2021).id == "mof2020.proportional@1"
    assert method_set_for("huaxi", 2022).id == "with_cost2021.proportional@1"
    with pytest.raises(NotFound, match="没有规定计分方法组"):
        method_set_for("huaxi", 2015)
    with pytest.raises(NotFound, match="没有名为“x@1”"):
        method_set("x@1")
