"""Spot review (F08): the reviewed sheet beside the self-evaluation, how far apart they are, what the checks find.

The checks judge the review as much as the self-evaluation; which of them stops anything is decided by policy.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from engine.scoring.numbers import HUNDRED, ONE, ZERO, ImpossibleNumber, bounded, decimals_of, plain
from engine.scoring.sheet import MOST_ROWS, UnsoundSheet


@dataclass(frozen=True, slots=True)
class Observation:
    """What a reviewer saw of one row: the id of a check and, where the check has degrees, 轻, 中 or 重."""

    check: str
    severity: str = ""


@dataclass(frozen=True, slots=True)
class ReviewedRow:
    """One indicator as the unit scored it and as the reviewer did.

    `completion` is actual/target (1.68); `deducted_share` the stated share of 分值 taken off (0.30), with its reason
    and clause; `evidence_count` how many files stand behind the row.
    """

    first_level: str
    second_level: str
    name: str
    weight: Decimal
    self_score: Decimal
    reviewed_score: Decimal
    evidence_count: int
    completion: Decimal | None = None
    observations: tuple[Observation, ...] = ()
    reason: str = ""
    clause: str = ""
    deducted_share: Decimal | None = None

    def __post_init__(self) -> None:
        if not 0 < bounded(self.weight, "分值") <= HUNDRED:
            raise ImpossibleNumber(f"“{self.name}”的分值须大于 0、不超过 100。")
        for value, what in ((self.self_score, "自评得分"), (self.reviewed_score, "复核得分")):
            if bounded(value, what) > self.weight:
                raise ImpossibleNumber(f"“{self.name}”的{what} {plain(value)} 超过分值 {plain(self.weight)}。")
            if decimals_of(value) > 2:
                raise ImpossibleNumber(f"“{self.name}”的{what}最多两位小数。")
        if self.evidence_count < 0:
            raise ImpossibleNumber(f"“{self.name}”的佐证份数不能是负数。")
        if self.deducted_share is not None and bounded(self.deducted_share, "扣减比例") > ONE:
            raise ImpossibleNumber(f"“{self.name}”的扣减比例不能超过 100%。")


@dataclass(frozen=True, slots=True)
class Report:
    """What the checks need of the report: its total, the shares it prints (percent), its problems and suggestions."""

    total: Decimal
    shares: tuple[Decimal, ...]
    problems: tuple[str, ...]
    problems_with_suggestion: tuple[str, ...]
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReviewSheet:
    """One reviewed project; `accepted` is None where 验收 plays no part."""

    rows: tuple[ReviewedRow, ...]
    fiscal_year: int
    execution_rate: Decimal | None
    surveyed: bool
    accepted: bool | None = None
    finished_on: date | None = None
    report: Report | None = None

    def __post_init__(self) -> None:
        if not 0 < len(self.rows) <= MOST_ROWS:
            raise UnsoundSheet(f"复核表应有 1 至 {MOST_ROWS} 行指标，现有 {len(self.rows)} 行。")
        whole = sum((row.weight for row in self.rows), ZERO)
        if whole != HUNDRED:
            raise UnsoundSheet(f"复核表分值合计是 {plain(whole)}，应为 100。", total=str(whole))
        if self.execution_rate is not None:
            bounded(self.execution_rate, "预算执行率")

    @property
    def self_total(self) -> Decimal:
        """自评总分."""
        return sum((row.self_score for row in self.rows), ZERO)

    @property
    def reviewed_total(self) -> Decimal:
        """复核总分."""
        return sum((row.reviewed_score for row in self.rows), ZERO)


@dataclass(frozen=True, slots=True)
class Finding:
    """One check that was not passed. `severity`: error must be put right, explain wants a reason, hint is to know."""

    check: str
    severity: str
    message: str
    row: str | None = None


def deviation(self_score: Decimal, reviewed_score: Decimal) -> Decimal | None:
    """偏离度 = (自评得分 − 复核得分)/自评得分 at project level, unrounded; None where the self score is 0.

    >>> deviation(Decimal(100), Decimal("80.31"))
    Decimal('0.1969')
    """
    if bounded(self_score, "自评得分") == 0:
        return None
    return (self_score - bounded(reviewed_score, "复核得分")) / self_score
