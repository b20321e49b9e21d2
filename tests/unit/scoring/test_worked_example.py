"""The worked example of forms.md F06: one sheet, five methods, five totals."""

import json
from decimal import Decimal as D

import pytest

from engine.scoring import (
    Direction,
    Execution,
    Judgement,
    Quantity,
    Row,
    Satisfaction,
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
    ("满意度指标", "服务对象满意度指标", "群众满意度", Satisfaction(D(90), D("86.4"))),
]
BEFORE_2021 = ("10", "15", "10", "10", "8", "7", "15", "8", "7", "10")
SINCE_2021 = ("10", "14", "8", "10", "8", "20", "10", "5", "5", "10")


@pytest.fixture
def sheet_before_2021() -> Sheet:
    weighted = zip(MEASURED, BEFORE_2021, strict=True)
    return Sheet(tuple(Row(first, second, name, D(w), m) for (first, second, name, m), w in weighted))


@pytest.fixture
def sheet_since_2021() -> Sheet:
    weighted = zip(MEASURED, SINCE_2021, strict=True)
    return Sheet(
        tuple(
            Row("成本指标" if name == "单位成本" else first, second, name, D(w), m)
            for (first, second, name, m), w in weighted
        )
    )


def by_name(scored: ScoreSheet) -> dict[str, str]:
    return {each.row.name: str(each.score) for each in scored.rows}


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
    assert scored.method_set == method


def test_the_weights_since_2021_give_92_24(sheet_since_2021: Sheet) -> None:
    scored = score(sheet_since_2021, method_set("with_cost2021.proportional@1"))

    assert scored.total == D("92.24")
    assert scored.subtotals["成本指标"] == D("18.00")
    assert scored.subtotals["产出指标"] == D("37.64")
    assert scored.subtotals["效益指标"] == D("18.50")
    assert scored.notes == ()


def test_over_achievement_scores_full_and_asks_for_a_reason(sheet_before_2021: Sheet) -> None:
    scored = score(sheet_before_2021, method_set("mof2020.proportional@1"))

    households = next(each for each in scored.rows if each.row.name == "受益户数")
    assert households.score == D("15.00")
    assert households.completion == D("1.68")
    assert [note.code for note in households.notes] == ["explanation_due"]
    assert "168.00%" in households.notes[0].text


def test_the_jurisdictions_own_flag_goes_before_the_method_sets(sheet_before_2021: Sheet) -> None:
    scored = score(sheet_before_2021, method_set("mof2020.proportional@1"), over_achieved=lambda ratio: ratio >= D(2))

    assert all(each.notes == () for each in scored.rows)


def test_every_row_answers_with_its_formula(sheet_before_2021: Sheet) -> None:
    scored = score(sheet_before_2021, method_set("mof2020.proportional@1"))

    formulas = {each.row.name: each.formula for each in scored.rows}
    assert formulas["预算执行率"] == "10×153÷180＝8.50"
    assert formulas["培训人次"] == "未达到：15×487÷500＝14.61"
    assert formulas["单位成本"] == "超过上限：7×(1－(0.33－0.3)÷0.3)＝6.30"
    assert formulas["验收合格率"] == "实际 98，达到“≥95”，得满分＝10.00"
    assert formulas["环境改善"] == "部分达成（60.00%—<80.00%）：8×75.00%＝6.00"


def test_what_is_kept_beside_a_score_explains_it(sheet_before_2021: Sheet) -> None:
    kept = score(sheet_before_2021, method_set("mof2020.proportional@1")).as_json()

    assert (kept["method_set"], kept["total"]) == ("mof2020.proportional@1", "92.66")
    assert json.loads(json.dumps(kept)) == kept
    assert kept["rows"][6] == {
        "first_level": "效益指标",
        "second_level": "社会效益指标",
        "name": "受益户数",
        "weight": "15.00",
        "score": "15.00",
        "formula": "实际 1680，达到“≥1000”，得满分＝15.00",
        "completion": "168.00%",
        "notes": ["完成值为指标值的 168.00%，请说明原因；如指标值明显偏低，复核时可适度扣减。"],
    }


def test_the_order_of_rows_does_not_change_the_total(sheet_before_2021: Sheet) -> None:
    reversed_sheet = Sheet(tuple(reversed(sheet_before_2021.rows)))

    assert score(reversed_sheet, method_set("mof2020.proportional@1")).total == D("92.66")
