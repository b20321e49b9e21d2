"""Agencies side by side, and what an agency is paid: means that show a possible bias, payment by quality (F13).

Agencies evaluate different units, so unlike means are a reason to look, never proof (HX-25).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from engine.scoring.numbers import (
    HUNDRED,
    ONE,
    ZERO,
    ImpossibleNumber,
    NothingToCount,
    bounded,
    mean,
    percent,
    plain,
    rounded,
)


class AgencyResult(Protocol):
    """One score an agency gave."""

    @property
    def agency(self) -> str: ...
    @property
    def score(self) -> Decimal: ...


@dataclass(frozen=True, slots=True)
class AgencyStatistics:
    """What one agency gave; `above_mean` is its mean minus the mean of all results. Means are unrounded."""

    agency: str
    count: int
    mean: Decimal
    lowest: Decimal
    highest: Decimal
    above_mean: Decimal


def agency_statistics(results: Iterable[AgencyResult]) -> tuple[AgencyStatistics, ...]:
    """One line an agency, in the order they first appear; refuses no results at all."""
    scores: dict[str, list[Decimal]] = {}
    for result in results:
        if bounded(result.score, "得分") > HUNDRED:
            raise ImpossibleNumber(f"“{result.agency}”的得分 {plain(result.score)} 超过 100。", agency=result.agency)
        scores.setdefault(result.agency, []).append(result.score)
    if not scores:
        raise NothingToCount("没有任何评价结果，无法比较各机构给分。")
    overall = mean([score for given in scores.values() for score in given])
    return tuple(
        AgencyStatistics(agency, len(given), mean(given), min(given), max(given), mean(given) - overall)
        for agency, given in scores.items()
    )


@dataclass(frozen=True, slots=True)
class PaymentStep:
    """From this quality score on, this share of the contract; `withhold_final` keeps the last instalment instead."""

    at_least: Decimal
    share: Decimal
    withhold_final: bool = False


# Default of forms.md F13; JH-19 links payment to quality but gives no ratio.
PAYMENT_STEPS = (
    PaymentStep(Decimal(90), Decimal("1")),
    PaymentStep(Decimal(80), Decimal("0.95")),
    PaymentStep(Decimal(60), Decimal("0.80")),
    PaymentStep(ZERO, ONE, withhold_final=True),
)


@dataclass(frozen=True, slots=True)
class Payment:
    """应付额 = 合同额×比例 − 违约金, never below 0, in 万元 rounded to two decimals; and how it came about."""

    payable_wan: Decimal
    formula: str


def agency_payment(
    contract_wan: Decimal,
    quality_score: Decimal,
    *,
    penalty_wan: Decimal = ZERO,
    final_instalment_wan: Decimal = ZERO,
    steps: Sequence[PaymentStep] = PAYMENT_STEPS,
) -> Payment:
    """What is due for a contract, by the quality score of F13."""
    for value, what in ((contract_wan, "合同额"), (penalty_wan, "违约金"), (final_instalment_wan, "尾款")):
        bounded(value, what)
    if bounded(quality_score, "质量考核得分") > HUNDRED:
        raise ImpossibleNumber(f"质量考核得分 {plain(quality_score)} 超过 100。")
    if final_instalment_wan > contract_wan:
        raise ImpossibleNumber("尾款不能大于合同额。")
    step = next(step for step in steps if quality_score >= step.at_least)
    due = contract_wan - final_instalment_wan if step.withhold_final else contract_wan * step.share
    how = (
        f"合同额 {plain(contract_wan)}－暂不支付的尾款 {plain(final_instalment_wan)}"
        if step.withhold_final
        else f"合同额 {plain(contract_wan)}×{percent(step.share)}"
    )
    payable = rounded(max(ZERO, due - penalty_wan))
    return Payment(payable, f"考核 {plain(quality_score)} 分：{how}－违约金 {plain(penalty_wan)}＝{payable}")
