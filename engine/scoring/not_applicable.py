"""Where the weight of a 不适用 row goes. Both ways keep the whole at 100 and every weight at two decimals."""

from decimal import Decimal

from engine.scoring.numbers import HUNDRED, ZERO, apportion
from engine.scoring.sheet import NotApplicable, Row, UnsoundSheet

Weights = dict[int, Decimal]


def rescale(rows: tuple[Row, ...]) -> Weights:
    """The rows that remain, by position, scaled up together to 100."""
    return _share_out(HUNDRED, {i: rows[i].weight for i in _applicable(rows)})


def within_first_level(rows: tuple[Row, ...]) -> Weights:
    """The weight stays inside its first level; a first level with no row left is shared out over all that remain."""
    applicable = _applicable(rows)
    weights: Weights = {}
    for level in dict.fromkeys(row.first_level for row in rows):
        whole = sum((row.weight for row in rows if row.first_level == level), ZERO)
        kept = {i: rows[i].weight for i in applicable if rows[i].first_level == level}
        if kept:
            weights |= _share_out(whole, kept)
    return _share_out(HUNDRED, weights)


def _applicable(rows: tuple[Row, ...]) -> list[int]:
    positions = [i for i, row in enumerate(rows) if not isinstance(row.measured, NotApplicable)]
    if not positions:
        raise UnsoundSheet("所有指标都标为“不适用”，无法评分。")
    return positions


def _share_out(total: Decimal, weights: Weights) -> Weights:
    return dict(zip(weights, apportion(total, list(weights.values())), strict=True))
