"""Amounts that a result makes smaller, in 万元: 核减额 and 核减率, what a quota becomes, what an agency is paid."""

from dataclasses import dataclass
from decimal import Decimal

from engine.scoring.numbers import ONE, ImpossibleNumber, bounded, percentage, rounded, share_of


@dataclass(frozen=True, slots=True)
class Reduction:
    """核减额 = 申报额 − 核定额, and 核减率 = 核减额/申报额 in percent (None where nothing was asked for)."""

    amount_wan: Decimal
    rate: Decimal | None


def reduction(requested_wan: Decimal | None, approved_wan: Decimal | None) -> Reduction | None:
    """What was cut from a request (GZ-10, HC-20, HC-21), negative where more was given; None as long as one is open.

    >>> reduction(Decimal("3327.92"), Decimal("2000.00"))
    Reduction(amount_wan=Decimal('1327.92'), rate=Decimal('39.90'))
    """
    if requested_wan is None or approved_wan is None:
        return None
    amount = requested_wan - approved_wan
    return Reduction(amount, percentage(amount, requested_wan))


@dataclass(frozen=True, slots=True)
class QuotaCut:
    """What a quota loses and becomes, to two decimals."""

    cut_wan: Decimal
    left_wan: Decimal


def quota_cut(quota_wan: Decimal, rate: Decimal) -> QuotaCut:
    """A share of a quota taken off; the base is the quota, never the whole budget (CH-21).

    >>> quota_cut(Decimal("120.00"), Decimal("0.05")).left_wan
    Decimal('114.00')
    """
    if bounded(rate, "比例") > ONE:
        raise ImpossibleNumber("比例不能超过 100%。")
    cut = rounded(bounded(quota_wan, "定额") * rate)
    return QuotaCut(cut, quota_wan - cut)


def payable(contract_wan: Decimal | None, percent: Decimal | None, penalty_wan: Decimal) -> Decimal | None:
    """应付额 = 合同额 × 付费比例 − 违约金 (F13); negative where the penalty is larger, None as long as one is open.

    >>> payable(Decimal(10), Decimal(95), Decimal("0.2"))
    Decimal('9.3')
    """
    return None if contract_wan is None or percent is None else share_of(contract_wan, percent) - penalty_wan
