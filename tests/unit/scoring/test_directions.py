"""What a quantity earns on each side of its target."""

from decimal import Decimal as D

import pytest

from engine.scoring import Direction, ImpossibleNumber, Quantity, UnsoundSheet, rounded
from engine.scoring.methods import METHODS

TEN = D(10)


def points(method: str, sign: str, target: str, actual: str, upper: str | None = None) -> D:
    quantity = Quantity(Direction(sign), D(target), D(actual), D(upper) if upper else None)
    return rounded(METHODS[method](TEN, quantity).points)


@pytest.mark.parametrize(
    ("method", "sign", "target", "actual", "earned"),
    [
        ("at_least.proportional@1", "≥", "100", "100", "10"),
        ("at_least.proportional@1", "≥", "100", "99.99", "10.00"),
        ("at_least.proportional@1", "≥", "100", "50", "5"),
        ("at_least.proportional@1", "≥", "100", "0", "0"),
        ("at_least.proportional@1", "≥", "100", "-5", "0"),
        ("at_least.proportional@1", "≥", "0", "0", "10"),
        ("at_least.proportional@1", "≥", "0", "-1", "0"),
        ("at_least.proportional@1", "≥", "-5", "-5", "10"),
        ("at_least.proportional@1", "≥", "-5", "3", "10"),
        ("at_least.proportional@1", "≥", "-5", "-8", "4"),
        ("at_least.proportional@1", "≥", "-5", "-10", "0"),
        ("more_than.proportional@1", ">", "-5", "-6", "8"),
        ("at_most.linear@1", "≤", "-5", "-6", "10"),
        ("at_most.linear@1", "≤", "-5", "-4", "8"),
        ("at_most.linear@1", "≤", "-5", "1", "0"),
        ("at_most.ratio@1", "≤", "-5", "-4", "8"),
        ("at_most.ratio@1", "≤", "100", "-1", "10"),
        ("less_than.linear@1", "<", "0", "-1", "10"),
        ("less_than.linear@1", "<", "0", "0", "0"),
        ("less_than.ratio@1", "<", "0", "1", "0"),
        ("equal.as_at_least@1", "=", "-5", "-5", "10"),
        ("equal.as_at_least@1", "=", "-5", "-6", "8"),
        ("equal.strict@1", "=", "-5", "-4", "8"),
        ("more_than.proportional@1", ">", "0", "0", "0"),
        ("more_than.proportional@1", ">", "0", "1", "10"),
        ("more_than.proportional@1", ">", "3", "1.5", "5"),
        ("at_most.linear@1", "≤", "100", "100", "10"),
        ("at_most.linear@1", "≤", "100", "150", "5"),
        ("at_most.linear@1", "≤", "100", "199.99", "0.00"),
        ("at_most.linear@1", "≤", "100", "200", "0"),
        ("at_most.linear@1", "≤", "100", "1000", "0"),
        ("at_most.linear@1", "≤", "0", "0", "10"),
        ("at_most.linear@1", "≤", "0", "1", "0"),
        ("at_most.ratio@1", "≤", "100", "200", "5"),
        ("at_most.ratio@1", "≤", "0", "0", "10"),
        ("at_most.ratio@1", "≤", "0", "1", "0"),
        ("less_than.linear@1", "<", "100", "99", "10"),
        ("less_than.linear@1", "<", "100", "150", "5"),
        ("less_than.ratio@1", "<", "100", "200", "5"),
        ("equal.as_at_least@1", "=", "4", "8", "10"),
        ("equal.as_at_least@1", "=", "4", "3", "7.5"),
        ("equal.as_at_least@1", "=", "0", "0", "10"),
        ("equal.as_at_least@1", "=", "0", "1", "0"),
        ("equal.strict@1", "=", "4", "4", "10"),
        ("equal.strict@1", "=", "4", "5", "7.5"),
        ("equal.strict@1", "=", "4", "3", "7.5"),
        ("equal.strict@1", "=", "4", "8", "0"),
        ("equal.strict@1", "=", "4", "80", "0"),
        ("equal.strict@1", "=", "0", "1", "0"),
    ],
)
def test_a_direction_earns_what_its_method_says(method: str, sign: str, target: str, actual: str, earned: str) -> None:
    assert points(method, sign, target, actual) == D(earned)


@pytest.mark.parametrize(
    ("actual", "linear", "ratio"),
    [
        ("10", "10", "10"),
        ("20", "10", "10"),
        ("15", "10", "10"),
        ("5", "5", "5"),
        ("30", "5", "6.67"),
        ("40", "0", "5"),
    ],
)
def test_an_interval_counts_from_its_nearer_bound(actual: str, linear: str, ratio: str) -> None:
    assert points("between.linear@1", "区间", "10", actual, "20") == D(linear)
    assert points("between.ratio@1", "区间", "10", actual, "20") == D(ratio)


@pytest.mark.parametrize("method", ["between.linear@1", "between.ratio@1"])
def test_an_interval_that_begins_at_zero_is_kept_by_zero(method: str) -> None:
    assert points(method, "区间", "0", "0", "20") == TEN


@pytest.mark.parametrize(("method", "sign"), [("more_than.proportional@1", ">"), ("less_than.linear@1", "<")])
def test_exactly_on_an_open_border_a_note_asks_to_check(method: str, sign: str) -> None:
    earned = METHODS[method](TEN, Quantity(Direction(sign), D(5), D(5)))

    assert earned.points == TEN
    assert [note.code for note in earned.notes] == ["at_the_border"]


@pytest.mark.parametrize("actual", ["4", "6"])
@pytest.mark.parametrize(("method", "sign"), [("more_than.proportional@1", ">"), ("less_than.linear@1", "<")])
def test_beside_an_open_border_there_is_nothing_to_check(method: str, sign: str, actual: str) -> None:
    assert METHODS[method](TEN, Quantity(Direction(sign), D(5), D(actual))).notes == ()


def test_how_far_a_target_below_zero_was_missed_is_told() -> None:
    earned = METHODS["at_least.proportional@1"](TEN, Quantity(Direction.AT_LEAST, D(-5), D(-8)))

    assert (earned.formula, earned.completion) == ("未达到：10×max(0, 1－|-8－(-5)|÷5)", None)


@pytest.mark.parametrize(("actual", "earned"), [("-7.5", "5"), ("-5", "10"), ("0", "10"), ("3", "0")])
def test_an_interval_below_zero_counts_from_its_nearer_bound(actual: str, earned: str) -> None:
    assert points("between.linear@1", "区间", "-5", actual, "0") == D(earned)


def test_what_was_wanted_is_told_with_both_bounds_of_an_interval() -> None:
    assert Quantity(Direction.BETWEEN, D(10), D(15), D(20), "人").told == "指标值区间10—20人，实际15人"
    assert Quantity(Direction.AT_LEAST, D(10), D(15), unit="人").told == "指标值≥10人，实际15人"


def test_a_reversed_interval_is_refused() -> None:
    with pytest.raises(ImpossibleNumber, match="区间写反了：下限 20 大于上限 10"):
        Quantity(Direction.BETWEEN, D(20), D(15), D(10))


def test_an_interval_needs_both_bounds_and_others_only_one() -> None:
    with pytest.raises(UnsoundSheet, match="同时填下限和上限"):
        Quantity(Direction.BETWEEN, D(20), D(15))
    with pytest.raises(UnsoundSheet, match="只填一个指标值"):
        Quantity(Direction.AT_LEAST, D(20), D(15), D(30))


@pytest.mark.parametrize(("actual", "earned"), [("6.245", "6.25"), ("6.235", "6.24"), ("6.2349", "6.23")])
def test_scores_are_rounded_half_up_to_two_decimals(actual: str, earned: str) -> None:
    assert points("at_least.proportional@1", "≥", "10", actual) == D(earned)
