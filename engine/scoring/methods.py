"""The algorithm behind every method id, and which kind of row it scores.

A method's id is `slot.name@version`. A method once used is never changed: a new behaviour gets a new version, so that
a score can be repeated years later from the ids stored beside it. Titles, sources and numbers: method_sets.toml.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.errors import NotFound
from engine.scoring import not_applicable, quantities, shares
from engine.scoring.quantities import Earned
from engine.scoring.sheet import DateTarget, Direction, Execution, Judgement, Measured, Quantity, Row

Earn = Callable[[Decimal, Any], Earned]
MoveWeights = Callable[[tuple[Row, ...]], dict[int, Decimal]]

SLOT_OF_DIRECTION = {
    Direction.AT_LEAST: "at_least",
    Direction.MORE_THAN: "more_than",
    Direction.AT_MOST: "at_most",
    Direction.LESS_THAN: "less_than",
    Direction.EQUAL: "equal",
    Direction.BETWEEN: "between",
}
SLOT_OF_KIND: dict[type, str] = {
    Judgement: "qualitative",
    Execution: "execution",
    DateTarget: "date",
}
SATISFACTION = "satisfaction"
NOT_APPLICABLE = "not_applicable"
SLOTS = (*SLOT_OF_DIRECTION.values(), SATISFACTION, *SLOT_OF_KIND.values(), NOT_APPLICABLE)

PERCENT_UNITS = ("", "%", "％", "百分比")

METHODS: dict[str, Earn] = {
    "at_least.proportional@1": quantities.at_least,
    "more_than.proportional@1": quantities.more_than,
    "at_most.linear@1": quantities.at_most_linear,
    "at_most.ratio@1": quantities.at_most_ratio,
    "less_than.linear@1": quantities.less_than_linear,
    "less_than.ratio@1": quantities.less_than_ratio,
    "equal.as_at_least@1": quantities.equal_as_at_least,
    "equal.strict@1": quantities.equal_strict,
    "between.linear@1": quantities.between_linear,
    "between.ratio@1": quantities.between_ratio,
    "satisfaction.proportional@1": quantities.at_least,
    "execution.proportional@1": shares.execution_proportional,
    "date.on_time_or_judged@1": shares.date_on_time_or_judged,
}
METHODS_BY_STEPS: dict[str, Callable[..., Earned]] = {
    "satisfaction.steps@1": shares.satisfaction_steps,
    "execution.steps@1": shares.execution_steps,
}
METHODS_BY_BANDS: dict[str, Callable[..., Earned]] = {
    "qualitative.three_bands@1": shares.judged_in_band,
    "qualitative.bands_80_50@1": shares.judged_in_band,
    "qualitative.five_step@1": shares.judged_in_band,
}
WAYS_TO_MOVE_WEIGHT: dict[str, MoveWeights] = {
    "not_applicable.within_first_level@1": not_applicable.within_first_level,
    "not_applicable.rescale@1": not_applicable.rescale,
}


class UnknownMethod(NotFound):
    """A method or method set that was never defined, or not for that year."""

    code = "scoring.unknown_method"


def slot_of(measured: Measured, levels: str) -> str:
    """Which slot of a method set scores what was measured in a row under these levels; a satisfaction rate is a
    quantity in percent, the more the better."""
    if not isinstance(measured, Quantity):
        return SLOT_OF_KIND[type(measured)]
    in_percent = measured.direction is Direction.AT_LEAST and measured.unit in PERCENT_UNITS
    if in_percent and "满意度" in levels:
        return SATISFACTION
    return SLOT_OF_DIRECTION[measured.direction]
