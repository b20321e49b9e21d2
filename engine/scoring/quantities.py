"""What a measured quantity earns, by 指标性质; every method here is named, with its source, in method_sets.toml.

t = 指标值, a = 实际完成值, w = 分值. Each function gives points between 0 and w, not yet rounded. Where t
is above 0 the share is the one of the method. A target below 0 (a rate of change) that is missed earns by how far it
is missed, w·max(0, 1−|a−t|/|t|), which is what the straight lines give above 0; a target of 0 is met or not.
"""

from dataclasses import dataclass
from decimal import Decimal

from engine.scoring.numbers import ONE, ZERO, plain
from engine.scoring.sheet import Note, Quantity


@dataclass(frozen=True, slots=True)
class Earned:
    """Points before rounding, how they came about in Chinese, and actual/target where that has a meaning."""

    points: Decimal
    formula: str
    completion: Decimal | None = None
    notes: tuple[Note, ...] = ()


def at_least(weight: Decimal, quantity: Quantity) -> Earned:
    """≥: a ≥ t earns w, else w·a/t."""
    return _rising(weight, quantity, quantity.target)


def more_than(weight: Decimal, quantity: Quantity) -> Earned:
    """>: as ≥; at exactly t the share is 100 % and a note asks to check; with t = 0 anything above 0 earns w."""
    if quantity.target == 0:
        return _all_or_nothing(weight, quantity, reached=quantity.actual > 0)
    earned = _rising(weight, quantity, quantity.target)
    return _with_border_note(earned, quantity)


def at_most_linear(weight: Decimal, quantity: Quantity) -> Earned:
    """≤: a ≤ t earns w; up to 2t it falls in a straight line, w·(1−(a−t)/t); from 2t on nothing."""
    return _falling_linear(weight, quantity, quantity.target)


def at_most_ratio(weight: Decimal, quantity: Quantity) -> Earned:
    """≤: a ≤ t earns w, else w·t/a."""
    return _falling_ratio(weight, quantity, quantity.target)


def less_than_linear(weight: Decimal, quantity: Quantity) -> Earned:
    """<: as ≤ in a straight line, with a note at exactly t; with t = 0 anything below 0 earns w."""
    if quantity.target == 0:
        return _all_or_nothing(weight, quantity, reached=quantity.actual < 0)
    return _with_border_note(at_most_linear(weight, quantity), quantity)


def less_than_ratio(weight: Decimal, quantity: Quantity) -> Earned:
    """<: as ≤ by ratio, with a note at exactly t; with t = 0 anything below 0 earns w."""
    if quantity.target == 0:
        return _all_or_nothing(weight, quantity, reached=quantity.actual < 0)
    return _with_border_note(at_most_ratio(weight, quantity), quantity)


def equal_as_at_least(weight: Decimal, quantity: Quantity) -> Earned:
    """=: as ≥, so overshoot scores full; with t = 0 only a = 0 earns w."""
    if quantity.target == 0:
        return _all_or_nothing(weight, quantity, reached=quantity.actual == 0)
    return _rising(weight, quantity, quantity.target)


def equal_strict(weight: Decimal, quantity: Quantity) -> Earned:
    """=: every deviation costs, w·max(0, 1−|a−t|/|t|); with t = 0 only a = 0 earns w."""
    target, actual = quantity.target, quantity.actual
    if target == 0:
        return _all_or_nothing(weight, quantity, reached=actual == 0)
    if actual == target:
        return _full(weight, quantity, ONE)
    return _by_distance(weight, quantity, target, "偏离目标")


def between_linear(weight: Decimal, quantity: Quantity) -> Earned:
    """区间: inside earns w; below l as ≥ l; above u as ≤ u in a straight line."""
    return _below_or_inside(weight, quantity) or _falling_linear(weight, quantity, _upper(quantity))


def between_ratio(weight: Decimal, quantity: Quantity) -> Earned:
    """区间: inside earns w; below l as ≥ l; above u as ≤ u by ratio."""
    return _below_or_inside(weight, quantity) or _falling_ratio(weight, quantity, _upper(quantity))


def _rising(weight: Decimal, quantity: Quantity, bound: Decimal) -> Earned:
    actual = quantity.actual
    if actual >= bound:
        return _full(weight, quantity, _completion(actual, bound))
    if bound <= 0:
        return _by_distance(weight, quantity, bound, "未达到")
    if actual < 0:
        return Earned(ZERO, f"实际 {plain(actual)}，低于 0，不得分")
    return Earned(weight * actual / bound, f"未达到：{plain(weight)}×{plain(actual)}÷{plain(bound)}", actual / bound)


def _falling_linear(weight: Decimal, quantity: Quantity, bound: Decimal) -> Earned:
    actual = quantity.actual
    if actual <= bound:
        return _full(weight, quantity)
    if bound <= 0:
        return _by_distance(weight, quantity, bound, "超过上限")
    if actual >= 2 * bound:
        return Earned(ZERO, f"实际 {plain(actual)} 达到 {plain(bound)} 的两倍及以上，不得分")
    over = f"({plain(actual)}－{plain(bound)})÷{plain(bound)}"
    return Earned(weight * (ONE - (actual - bound) / bound), f"超过上限：{plain(weight)}×(1－{over})")


def _falling_ratio(weight: Decimal, quantity: Quantity, bound: Decimal) -> Earned:
    actual = quantity.actual
    if actual <= bound:
        return _full(weight, quantity)
    if bound <= 0:
        return _by_distance(weight, quantity, bound, "超过上限")
    return Earned(weight * bound / actual, f"超过上限：{plain(weight)}×{plain(bound)}÷{plain(actual)}")


def _below_or_inside(weight: Decimal, quantity: Quantity) -> Earned | None:
    """The score of a value not above the interval; None for one above it."""
    if quantity.actual < quantity.target:
        return _rising(weight, quantity, quantity.target)
    return _full(weight, quantity) if quantity.actual <= _upper(quantity) else None


def _upper(quantity: Quantity) -> Decimal:
    return quantity.target if quantity.upper is None else quantity.upper


def _full(weight: Decimal, quantity: Quantity, completion: Decimal | None = None) -> Earned:
    return Earned(weight, f"实际 {plain(quantity.actual)}，达到“{quantity.wanted}”，得满分", completion)


def _by_distance(weight: Decimal, quantity: Quantity, bound: Decimal, said: str) -> Earned:
    """By how far a bound is missed, as a share of the bound itself; one of 0 is met or not."""
    actual = quantity.actual
    if bound == 0:
        return Earned(ZERO, f"实际 {plain(actual)}，未达到“{quantity.wanted}”，不得分")
    points = weight * max(ZERO, ONE - abs(actual - bound) / abs(bound))
    away = f"|{plain(actual)}－{_in_brackets(bound)}|÷{plain(abs(bound))}"
    return Earned(points, f"{said}：{plain(weight)}×max(0, 1－{away})", _completion(actual, bound))


def _completion(actual: Decimal, bound: Decimal) -> Decimal | None:
    """actual / target, which says something only of a target above 0."""
    return actual / bound if bound > 0 else None


def _in_brackets(value: Decimal) -> str:
    return f"({plain(value)})" if value < 0 else plain(value)


def _all_or_nothing(weight: Decimal, quantity: Quantity, *, reached: bool) -> Earned:
    if reached:
        return _full(weight, quantity)
    return Earned(ZERO, f"实际 {plain(quantity.actual)}，未达到“{quantity.direction}0”，不得分")


def _with_border_note(earned: Earned, quantity: Quantity) -> Earned:
    if not quantity.is_at_open_border:
        return earned
    text = f"实际完成值恰等于指标值 {plain(quantity.target)}，而指标性质为“{quantity.direction}”，请核实是否算达到。"
    return Earned(earned.points, earned.formula, earned.completion, (Note("at_the_border", text),))
