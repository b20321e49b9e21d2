"""Figures a column gives back as they were handed in: not rounded, not cut, no zero below zero."""

from decimal import Decimal
from typing import Any

from sqlalchemy import Numeric

from engine.store.base import HIGHEST_SCORE, MONEY, MOST_WAN, SCORE


def is_amount(wan: Decimal) -> bool:
    """Whether it is an amount of money in 万元: not below zero, less than MOST_WAN, six decimals at the most."""
    return _is_kept(MONEY, wan) and 0 <= wan < MOST_WAN


def is_score(points: Decimal) -> bool:
    """Whether it is a score between 0 and 100, two decimals at the most."""
    return _is_kept(SCORE, points) and 0 <= points <= HIGHEST_SCORE


def _is_kept(column: Numeric[Any], number: Decimal) -> bool:
    if not number.is_finite() or number.is_signed():
        return False
    assert column.scale is not None
    return number.adjusted() <= MOST_WAN.adjusted() and number == round(number, column.scale)
