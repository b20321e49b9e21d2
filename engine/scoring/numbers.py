"""The numbers of forms and scores: read exactly, added exactly, rounded half up, and written the way people do.

Amounts are 万元 and kept as they were entered. A percentage is the number in front of the % sign (95.88 for 95.88 %);
a ratio is between 0 and 1. A score is computed only with what is finite and of a size that money and
indicators have; only what is measured may be below zero (a rate of change). Nothing here is a float.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import Any

from engine.errors import InvalidInput

LARGEST = Decimal(10) ** 12
FINEST_DECIMALS = 12
CENT = Decimal("0.01")
HUNDRED = Decimal(100)
ZERO = Decimal(0)
ONE = Decimal(1)
MONEY_PLACES = 6
SCORE_PLACES = 2
PERCENT_PLACES = 2
RATIO_PLACES = 6

PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_EXACT = Context(prec=80, rounding=ROUND_HALF_UP)


class ImpossibleNumber(InvalidInput):
    """A number with which no score can be computed."""

    code = "scoring.impossible_number"


class NothingToCount(InvalidInput):
    """Statistics asked of no rows at all."""

    code = "scoring.nothing_to_count"


def exact(value: str | int | Decimal, what: str) -> Decimal:
    """The number written in `value`, exactly; `what` names it to the person who wrote it.

    Refuses anything but plain digits (no `1e5`, no thousands separators, no `NaN`), and what `bounded` refuses.

    >>> exact("0.30", "指标值")
    Decimal('0.30')
    """
    if isinstance(value, str):
        text = value.strip()
        if not PLAIN_NUMBER.fullmatch(text):
            raise ImpossibleNumber(f"“{what}”填的“{text[:40]}”不是数字，请只填数字，单位另填。", what=what)
        return bounded(Decimal(text), what)
    return bounded(Decimal(value) if type(value) is int else value, what)


def bounded(value: object, what: str, *, signed: bool = False) -> Decimal:
    """`value` itself, if it is an exact number up to one trillion with at most twelve decimals; below 0 if `signed`."""
    if not isinstance(value, Decimal):
        raise ImpossibleNumber(f"“{what}”必须是精确的十进制数，不能是浮点数或其他类型。", what=what)
    if not value.is_finite():
        raise ImpossibleNumber(f"“{what}”不是有效的数字，请重新填写。", what=what)
    if value < 0 and not signed:
        raise ImpossibleNumber(f"“{what}”不能是负数，请改用正数表述（例如把“增长率 -5”写成“下降率 5”）。", what=what)
    if abs(value) > LARGEST:
        raise ImpossibleNumber(f"“{what}”超过一万亿，请核对数字和单位。", what=what)
    if decimals_of(value) > FINEST_DECIMALS:
        raise ImpossibleNumber(f"“{what}”的小数超过 {FINEST_DECIMALS} 位，请四舍五入后再填。", what=what)
    return value


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


def decimals_of(value: Decimal) -> int:
    """How many decimals `value` is written with; 0 for whole numbers."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def rounded(value: Decimal, decimals: int = 2) -> Decimal:
    """`value` rounded half up; scores and percentages have two decimals (forms.md, Conventions).

    >>> rounded(Decimal("6.365"))
    Decimal('6.37')
    """
    return value.quantize(ONE.scaleb(-decimals), context=_EXACT)


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


def mean(values: Sequence[Decimal]) -> Decimal:
    """The arithmetic mean of at least one value, unrounded."""
    return sum(values, ZERO) / len(values)


def ratio(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """part / whole, half-up; None where either is missing or the whole is nothing (不适用).

    >>> ratio(Decimal(7), Decimal(12))
    Decimal('0.583333')
    """
    if part is None or not whole:
        return None
    return rounded(_EXACT.divide(part, whole), RATIO_PLACES)


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


def share_of(amount: Decimal, percent: Decimal) -> Decimal:
    """So many percent of an amount, to the 万元's sixth decimal (one 分), without zeros at the end.

    >>> share_of(Decimal("120.00"), Decimal(5))
    Decimal('6')
    """
    share = _EXACT.divide(product(amount, percent), HUNDRED)
    return Decimal(format(rounded(share, MONEY_PLACES).normalize(_EXACT), "f"))


def apportion(whole: Decimal, shares: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """`whole` split in proportion to `shares` into amounts of whole cents that sum to exactly `whole`.

    What rounding down leaves over goes, a cent each, to the largest remainders; of equal ones the first.

    >>> apportion(Decimal("10.00"), [Decimal(1), Decimal(1), Decimal(1)])
    (Decimal('3.34'), Decimal('3.33'), Decimal('3.33'))
    """
    all_shares = sum(shares, ZERO)
    ideal = [whole * share / all_shares for share in shares]
    parts = [amount.quantize(CENT, rounding=ROUND_DOWN) for amount in ideal]
    left_over = int((whole - sum(parts, ZERO)) / CENT)
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - ideal[i], i))
    for i in by_remainder[:left_over]:
        parts[i] += CENT
    return tuple(parts)


def plain(value: Decimal) -> str:
    """`value` as a person writes it: no exponent, no idle zeros.

    >>> plain(Decimal("1.50E+3"))
    '1500'
    """
    return format(value.normalize() + ZERO, "f") if value else "0"


def shown(value: Decimal) -> str:
    """A figure in a sentence about a form: thousands set off, decimals as entered.

    >>> shown(Decimal("1033.496"))
    '1,033.496'
    """
    return format(value, ",f")


def text_of(value: Decimal) -> str:
    """A figure as stored content keeps it: plain digits, never an exponent."""
    return format(value, "f")


def percent(ratio: Decimal) -> str:
    """A ratio as a percentage with two decimals.

    >>> percent(Decimal("0.399"))
    '39.90%'
    """
    return f"{rounded(ratio * HUNDRED)}%"
