"""Numbers a score may be computed with: exact, finite, not negative, and of a size that money and indicators have."""

import re
from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from engine.errors import InvalidInput

LARGEST = Decimal(10) ** 12
FINEST_DECIMALS = 12
CENT = Decimal("0.01")
HUNDRED = Decimal(100)
ZERO = Decimal(0)
ONE = Decimal(1)

PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


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


def bounded(value: object, what: str) -> Decimal:
    """`value` itself, if it is an exact number from 0 up to one trillion with at most twelve decimals."""
    if not isinstance(value, Decimal):
        raise ImpossibleNumber(f"“{what}”必须是精确的十进制数，不能是浮点数或其他类型。", what=what)
    if not value.is_finite():
        raise ImpossibleNumber(f"“{what}”不是有效的数字，请重新填写。", what=what)
    if value < 0:
        raise ImpossibleNumber(f"“{what}”不能是负数，请改用正数表述（例如把“增长率 -5”写成“下降率 5”）。", what=what)
    if value > LARGEST:
        raise ImpossibleNumber(f"“{what}”超过一万亿，请核对数字和单位。", what=what)
    if decimals_of(value) > FINEST_DECIMALS:
        raise ImpossibleNumber(f"“{what}”的小数超过 {FINEST_DECIMALS} 位，请四舍五入后再填。", what=what)
    return value


def decimals_of(value: Decimal) -> int:
    """How many decimals `value` is written with; 0 for whole numbers."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def rounded(value: Decimal, decimals: int = 2) -> Decimal:
    """`value` rounded half up; scores and percentages have two decimals (forms.md, Conventions).

    >>> rounded(Decimal("6.365"))
    Decimal('6.37')
    """
    return value.quantize(ONE.scaleb(-decimals), rounding=ROUND_HALF_UP)


def plain(value: Decimal) -> str:
    """`value` as a person writes it: no exponent, no idle zeros.

    >>> plain(Decimal("1.50E+3"))
    '1500'
    """
    return format(value.normalize() + ZERO, "f") if value else "0"


def percent(ratio: Decimal) -> str:
    """A ratio as a percentage with two decimals.

    >>> percent(Decimal("0.399"))
    '39.90%'
    """
    return f"{rounded(ratio * HUNDRED)}%"


def mean(values: Sequence[Decimal]) -> Decimal:
    """The arithmetic mean of at least one value, unrounded."""
    return sum(values, ZERO) / len(values)


def apportion(total: Decimal, shares: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """`total` split in proportion to `shares` into amounts of whole cents that sum to exactly `total`.

    What rounding down leaves over goes, a cent each, to the largest remainders; of equal ones the first.

    >>> apportion(Decimal("10.00"), [Decimal(1), Decimal(1), Decimal(1)])
    (Decimal('3.34'), Decimal('3.33'), Decimal('3.33'))
    """
    whole = sum(shares, ZERO)
    ideal = [total * share / whole for share in shares]
    parts = [amount.quantize(CENT, rounding=ROUND_DOWN) for amount in ideal]
    left_over = int((total - sum(parts, ZERO)) / CENT)
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - ideal[i], i))
    for i in by_remainder[:left_over]:
        parts[i] += CENT
    return tuple(parts)
