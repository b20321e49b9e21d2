"""Arithmetic of the forms: exact sums, half-up rounding, and how a figure is written in a sentence.

Amounts are 万元 and kept as they were entered. A percentage is the number in front of the % sign (95.88 for 95.88 %);
a ratio is between 0 and 1. Nothing here is a float.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import Any

ZERO = Decimal(0)
HUNDRED = Decimal(100)
MONEY_PLACES = 6
SCORE_PLACES = 2
PERCENT_PLACES = 2
RATIO_PLACES = 6
_EXACT = Context(prec=80, rounding=ROUND_HALF_UP)


def rounded(value: Decimal, places: int) -> Decimal:
    """HALF_UP to so many decimals.

    >>> rounded(Decimal("6.365"), 2)
    Decimal('6.37')
    """
    return value.quantize(Decimal(1).scaleb(-places), context=_EXACT)


def total(values: Iterable[Decimal | None]) -> Decimal:
    """The exact sum; a cell not yet filled counts as nothing."""
    result = ZERO
    for value in values:
        if value is not None:
            result = _EXACT.add(result, value)
    return result


def product(left: Decimal, right: Decimal) -> Decimal:
    """The exact product."""
    return _EXACT.multiply(left, right)


def share_of(amount: Decimal, percent: Decimal) -> Decimal:
    """So many percent of an amount, to the 万元's sixth decimal (one 分), without zeros at the end.

    >>> share_of(Decimal("120.00"), Decimal(5))
    Decimal('6')
    """
    share = _EXACT.divide(product(amount, percent), HUNDRED)
    return Decimal(format(rounded(share, MONEY_PLACES).normalize(_EXACT), "f"))


def ratio(part: Decimal | None, whole: Decimal | None, places: int = RATIO_PLACES) -> Decimal | None:
    """part / whole, half-up; None where either is missing or the whole is nothing (不适用).

    >>> ratio(Decimal(7), Decimal(12))
    Decimal('0.583333')
    """
    if part is None or not whole:
        return None
    return rounded(_EXACT.divide(part, whole), places)


def percentage(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """part / whole as the number in front of the % sign, two decimals; None where it has no meaning.

    >>> percentage(Decimal("35.85"), Decimal("90.63"))
    Decimal('39.56')
    """
    if part is None or not whole:
        return None
    return rounded(_EXACT.divide(_EXACT.multiply(part, HUNDRED), whole), PERCENT_PLACES)


def percent_of(share: Decimal) -> Decimal:
    """A ratio as a percentage with two decimals.

    >>> percent_of(Decimal("0.583333"))
    Decimal('58.33')
    """
    return rounded(_EXACT.multiply(share, HUNDRED), PERCENT_PLACES)


def shown(value: Decimal) -> str:
    """A figure in a sentence: thousands set off, decimals as entered.

    >>> shown(Decimal("1033.496"))
    '1,033.496'
    """
    return format(value, ",f")


def as_decimal(stored: Any) -> Decimal | None:
    """A figure out of stored content, where decimals are text; None if it is no figure."""
    if isinstance(stored, Decimal):
        return stored
    if isinstance(stored, bool) or not isinstance(stored, str | int):
        return None
    try:
        value = Decimal(stored)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def text_of(value: Decimal) -> str:
    """A figure as stored content keeps it: plain digits, never an exponent."""
    return format(value, "f")
