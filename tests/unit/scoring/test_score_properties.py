"""What holds for every sheet: scores within the weight, monotone in the good direction, totals of rounded rows."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.scoring import (
    Direction,
    Execution,
    Judgement,
    NotApplicable,
    Quantity,
    Row,
    Sheet,
    method_set,
    rounded,
    score,
)
from engine.scoring.method_sets import catalogue
from engine.scoring.methods import METHODS
from engine.scoring.numbers import apportion

HUNDRED = Decimal(100)
DIRECTION_OF = {
    "at_least": Direction.AT_LEAST,
    "more_than": Direction.MORE_THAN,
    "at_most": Direction.AT_MOST,
    "less_than": Direction.LESS_THAN,
    "equal": Direction.EQUAL,
    "between": Direction.BETWEEN,
}
QUANTITY_METHODS = sorted(id for id in METHODS if id.partition(".")[0] in DIRECTION_OF)
RISING = ["at_least.proportional@1", "more_than.proportional@1"]
FALLING = ["at_most.linear@1", "at_most.ratio@1", "less_than.linear@1", "less_than.ratio@1"]

numbers = st.decimals(Decimal("0"), Decimal(10) ** 12, places=4)
targets = st.decimals(Decimal("0.0001"), Decimal(10) ** 12, places=4)
weights = st.decimals(Decimal("0.01"), HUNDRED, places=2)
cents = st.integers(50, 4000)


def quantity_for(method: str, target: Decimal, actual: Decimal, span: Decimal) -> Quantity:
    direction = DIRECTION_OF[method.partition(".")[0]]
    upper = min(target + span, Decimal(10) ** 12) if direction is Direction.BETWEEN else None
    return Quantity(direction, target, actual, upper)


@pytest.mark.parametrize("method", QUANTITY_METHODS)
@settings(max_examples=60)
@given(weight=weights, target=targets, actual=numbers, span=numbers)
def test_a_quantity_never_earns_less_than_nothing_or_more_than_its_weight(
    method: str, weight: Decimal, target: Decimal, actual: Decimal, span: Decimal
) -> None:
    earned = METHODS[method](weight, quantity_for(method, target, actual, span))

    assert 0 <= rounded(earned.points) <= weight


@pytest.mark.parametrize("method", RISING)
@settings(max_examples=60)
@given(weight=weights, target=targets, one=numbers, other=numbers)
def test_where_more_is_better_more_never_earns_less(
    method: str, weight: Decimal, target: Decimal, one: Decimal, other: Decimal
) -> None:
    less, more = (
        METHODS[method](weight, quantity_for(method, target, actual, HUNDRED)).points for actual in sorted((one, other))
    )

    assert rounded(less) <= rounded(more)


@pytest.mark.parametrize("method", FALLING)
@settings(max_examples=60)
@given(weight=weights, target=targets, one=numbers, other=numbers)
def test_where_less_is_better_more_never_earns_more(
    method: str, weight: Decimal, target: Decimal, one: Decimal, other: Decimal
) -> None:
    less, more = (
        METHODS[method](weight, quantity_for(method, target, actual, HUNDRED)).points for actual in sorted((one, other))
    )

    assert rounded(more) <= rounded(less)


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    shares = draw(st.lists(cents, min_size=2, max_size=12))
    parts = apportion(HUNDRED, [Decimal(share) for share in shares])
    measured = st.one_of(
        st.builds(Quantity, st.just(Direction.AT_LEAST), targets, numbers),
        st.builds(Quantity, st.just(Direction.AT_MOST), numbers, numbers),
        st.builds(Quantity, st.just(Direction.EQUAL), numbers, numbers),
        st.builds(Judgement, st.just("部分达成"), st.decimals("0.60", "0.79", places=2)),
        st.builds(Quantity, st.just(Direction.AT_LEAST), targets, numbers, unit=st.just("%")),
        st.builds(Execution, targets, numbers),
        st.just(NotApplicable("不适用")),
    )
    rows = [
        Row(
            f"y{i}",
            draw(st.sampled_from(["产出指标", "满意度指标", "成本指标"])),
            "二级",
            f"指标{i}",
            part,
            draw(measured),
        )
        for i, part in enumerate(parts[:-1])
    ]
    last = Row("last", "产出指标", "二级", "末行", parts[-1], Quantity(Direction.AT_LEAST, Decimal(3), draw(numbers)))
    return Sheet((*rows, last))


@settings(max_examples=80, deadline=None)
@given(sheet=sheets(), chosen=st.sampled_from([id for id in catalogue().sets if not id.startswith("county")]))
def test_the_total_is_the_sum_of_rounded_rows_and_of_subtotals(sheet: Sheet, chosen: str) -> None:
    scored = score(sheet, method_set(chosen))

    points = [each.score for each in scored.rows if each.score is not None]
    assert all(point == rounded(point) and point.as_tuple().exponent == -2 for point in points)
    assert scored.total == sum(points) == sum(scored.subtotals.values())
    assert 0 <= scored.total <= HUNDRED
    assert sum(each.weight for each in scored.rows) == HUNDRED
    assert all(each.score <= each.weight for each in scored.rows if each.score is not None)
    assert score(sheet, method_set(chosen)) == scored


@settings(max_examples=80)
@given(total=cents, shares=st.lists(cents, min_size=1, max_size=20))
def test_apportioning_loses_no_cent_and_strays_less_than_a_cent(total: int, shares: list[int]) -> None:
    whole = Decimal(total) / 100
    parts = apportion(whole, [Decimal(share) for share in shares])

    assert sum(parts) == whole
    assert all(
        abs(part - whole * share / sum(shares)) < Decimal("0.01") for part, share in zip(parts, shares, strict=True)
    )
