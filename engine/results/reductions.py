"""Amounts of a result's effect on money, in 万元: 核减额, 核减率, what a quota becomes (F12)."""

from dataclasses import dataclass
from decimal import Decimal

from engine.scoring import ImpossibleNumber, plain, rounded
from engine.scoring.numbers import ONE, bounded

RATE_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Reduction:
    """核减额 = 申报额 − 核定额 and 核减率 = 核减额/申报额, rounded half up to four decimals (0.3990 = 39.90 %)."""

    requested_wan: Decimal
    approved_wan: Decimal
    amount_wan: Decimal
    rate: Decimal


def reduction(requested_wan: Decimal, approved_wan: Decimal) -> Reduction:
    """What was cut from a request (GZ-10, HC-20, HC-21).

    >>> reduction(Decimal("3327.92"), Decimal("2000.00")).amount_wan
    Decimal('1327.92')
    """
    if bounded(requested_wan, "申报额") == 0:
        raise ImpossibleNumber("申报额为 0，没有可核减的金额。")
    if bounded(approved_wan, "核定额") > requested_wan:
        raise ImpossibleNumber(f"核定额 {plain(approved_wan)} 大于申报额 {plain(requested_wan)}，请核对。")
    amount = requested_wan - approved_wan
    return Reduction(requested_wan, approved_wan, amount, rounded(amount / requested_wan, RATE_DECIMALS))


def rate_of_change(amount_wan: Decimal, earlier_wan: Decimal) -> Decimal:
    """How far an amount lies above (or, negative, below) an earlier one, to four decimals (HC-20).

    >>> rate_of_change(Decimal("2000.00"), Decimal("1828.34"))
    Decimal('0.0939')
    """
    if bounded(earlier_wan, "对比年度金额") == 0:
        raise ImpossibleNumber("对比年度金额为 0，无法计算增减比例。")
    return rounded(bounded(amount_wan, "金额") / earlier_wan - ONE, RATE_DECIMALS)


def share_of_amount(amount_wan: Decimal, rate: Decimal) -> Decimal:
    """A share of an amount, to two decimals: 260.00 at an execution rate of 74 % is 192.40 (HC-21)."""
    if bounded(rate, "比例") > ONE:
        raise ImpossibleNumber("比例不能超过 100%。")
    return rounded(bounded(amount_wan, "金额") * rate)


def quota_cut(quota_wan: Decimal, rate: Decimal) -> Reduction:
    """What a quota loses and becomes; the base is the quota, never the whole budget (CH-21).

    >>> quota_cut(Decimal("120.00"), Decimal("0.05")).approved_wan
    Decimal('114.00')
    """
    cut = share_of_amount(quota_wan, rate)
    return Reduction(quota_wan, quota_wan - cut, cut, rate)
