"""The worked example of forms.md F06: one sheet, five methods, five totals."""

from decimal import Decimal as D

import pytest

from engine.scoring import (
    Direction,
    Execution,
    Judgement,
    Quantity,
    Row,
    ScoreSheet,
    Sheet,
    method_set,
    score,
)

AT_LEAST, AT_MOST, EQUAL = Direction.AT_LEAST, Direction.AT_MOST, Direction.EQUAL


def quantity(direction: Direction, target: str, actual: str) -> Quantity:
    return Quantity(direction, D(target), D(actual))


MEASURED = [
    ("预算执行率", "", "预算执行率", Execution(D(180), D(153))),
    ("产出指标", "数量指标", "培训人次", quantity(AT_LEAST, "500", "487")),
    ("产出指标", "数量指标", "新建站点", quantity(EQUAL, "4", "4")),
    ("产出指标", "质量指标", "验收合格率", quantity(AT_LEAST, "95", "98")),
    ("产出指标", "时效指标", "按期完成率", quantity(AT_LEAST, "100", "75")),
    ("产出指标", "成本指标", "单位成本", quantity(AT_MOST, "0.30", "0.33")),
    ("效益指标", "社会效益指标", "受益户数", quantity(AT_LEAST, "1000", "1680")),
    ("效益指标", "生态效益指标", "环境改善", Judgement("部分达成", D("0.75"))),
    ("效益指标", "可持续影响指标", "建立机制", Judgement("达成", D("0.95"))),
    ("满意度指标", "服务对象满意度指标", "群众满意度", quantity(AT_LEAST, "90", "86.4")),
]
BEFORE_2021 = ("10", "15", "10", "10", "8", "7", "15", "8", "7", "10")
SINCE_2021 = ("10", "14", "8", "10", "8", "20", "10", "5", "5", "10")


@pytest.fixture
def sheet_before_2021() -> Sheet:
    weighted = zip(MEASURED, BEFORE_2021, strict=True)
    return Sheet(tuple(Row(name, first, second, name, D(w), m) for (first, second, name, m), w in weighted))


@pytest.fixture
def sheet_since_2021() -> Sheet:
    weighted = zip(MEASURED, SINCE_2021, strict=True)
    return Sheet(
        tuple(
            Row(name, "成本指标" if name == "单位成本" else first, second, name, D(w), m)
            for (first, second, name, m), w in weighted
        )
    )


def by_name(scored: ScoreSheet) -> dict[str, str]:
    return {each.name: str(each.score) for each in scored.rows}


def test_the_worked_example_earns_exactly_92_66(sheet_before_2021: Sheet) -> None:
    scored = score(sheet_before_2021, method_set("mof2020.proportional@1"))

    assert scored.total == D("92.66")
    assert scored.subtotals == {
        "预算执行率": D("8.50"),
        "产出指标": D("46.91"),
        "效益指标": D("27.65"),
        "满意度指标": D("9.60"),
    }
    assert list(by_name(scored).values()) == [
        "8.50", "14.61", "10.00", "10.00", "6.00", "6.30", "15.00", "6.00", "6.65", "9.60",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "total", "row", "points"),
    [
        ("mof2020.step_execution@1", "91.16", "预算执行率", "7.00"),
        ("mof2020.ratio_cost@1", "92.72", "单位成本", "6.36"),
        ("mof2020.step_satisfaction@1", "91.06", "群众满意度", "8.00"),
    ],
)
def test_each_variant_of_method_has_its_own_total(
    sheet_before_2021: Sheet, method: str, total: str, row: str, points: str
) -> None:
    scored = score(sheet_before_2021, method_set(method))

    assert scored.total == D(total)
    assert by_name(scored)[row] == points
    assert scored.method == method


def test_the_weights_since_2021_give_92_24(sheet_since_2021: Sheet) -> None:
    scored = score(sheet_since_2021, method_set("with_cost2021.proportional@1"))

    assert scored.total == D("92.24")
    assert scored.subtotals["成本指标"] == D("18.00")
    assert scored.subtotals["产出指标"] == D("37.64")
    assert scored.subtotals["效益指标"] == D("18.50")


def test_over_achievement_scores_full_and_no_more(sheet_before_2021: Sheet) -> None:
    scored = score(sheet_before_2021, method_set("mof2020.proportional@1"))

    households = next(each for each in scored.rows if each.name == "受益户数")
    assert (households.score, households.completion) == (D("15.00"), D("1.68"))


def test_every_row_answers_with_its_formula(sheet_before_2021: Sheet) -> None:
    scored = score(sheet_before_2021, method_set("mof2020.proportional@1"))

    formulas = {each.name: each.formula for each in scored.rows}
    assert formulas["预算执行率"] == "10×153÷180＝8.50"
    assert formulas["培训人次"] == "未达到：15×487÷500＝14.61"
    assert formulas["单位成本"] == "超过上限：7×(1－(0.33－0.3)÷0.3)＝6.30"
    assert formulas["验收合格率"] == "实际 98，达到“≥95”，得满分＝10.00"
    assert formulas["环境改善"] == "部分达成（60.00%—<80.00%）：8×75.00%＝6.00"


def test_the_order_of_rows_does_not_change_the_total(sheet_before_2021: Sheet) -> None:
    reversed_sheet = Sheet(tuple(reversed(sheet_before_2021.rows)))

    assert score(reversed_sheet, method_set("mof2020.proportional@1")).total == D("92.66")
