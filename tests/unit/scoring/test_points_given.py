"""Points somebody gives a row instead of the method, and points of rows that count for more than stands beside them."""

from datetime import date
from decimal import Decimal as D

import pytest

from engine.scoring import (
    DateTarget,
    Direction,
    Given,
    ImpossibleNumber,
    Measured,
    NotApplicable,
    Quantity,
    Row,
    Sheet,
    UnsoundSheet,
    by_method,
    method_set,
    score,
)

METHODS = method_set("mof2020.proportional@1")
HALF = Quantity(Direction.AT_LEAST, D(10), D(5))
LATE = DateTarget(date(2021, 12, 31), date(2022, 1, 20), D(7), "示例：疫情")


def row(name: str, weight: str, measured: Measured, given: Given | None = None) -> Row:
    return Row(name, "产出指标", "数量指标", name, D(weight), measured, given)


def test_points_given_count_instead_of_those_of_the_method_and_say_so() -> None:
    scored = score(Sheet((row("a", "60", HALF, Given(D(20), "示例：从严")), row("b", "40", HALF))), METHODS)

    assert [each.score for each in scored.rows] == [D(20), D("20.00")]
    assert scored.rows[0].formula == "未达到：60×5÷10＝30.00；填报得分 20（示例：从严），计 20.00"
    assert [note.code for note in scored.rows[0].notes] == ["points_given"]


def test_points_given_that_are_those_of_the_method_are_nothing_special() -> None:
    scored = score(Sheet((row("a", "100", HALF, Given(D(50), "示例：核对过")),)), METHODS)

    assert (scored.total, scored.rows[0].notes) == (D("50.00"), ())


def test_points_given_need_a_reason_and_are_within_the_full_marks() -> None:
    with pytest.raises(UnsoundSheet, match="必须写明理由"):
        Given(D(5), " ")
    with pytest.raises(ImpossibleNumber, match="得分 61 大于分值 60"):
        row("a", "60", HALF, Given(D(61), "示例"))


def test_where_a_row_is_left_out_points_given_grow_with_the_weight_of_their_row() -> None:
    left_out = row("c", "50", NotApplicable("示例：划转"))
    sheet = Sheet((row("a", "30", HALF, Given(D(12), "示例：从严")), row("b", "20", LATE), left_out))

    scored = score(sheet, METHODS)

    assert [each.weight for each in scored.rows] == [D("60.00"), D("40.00"), D(0)]
    assert [each.score for each in scored.rows] == [D("24.00"), D("14.00"), None]
    assert by_method(sheet, METHODS) == {"a": D("15.00"), "b": D("7.00"), "c": None}
