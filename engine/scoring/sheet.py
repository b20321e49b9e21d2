"""The sheet that is scored: indicator rows with a weight and what was measured, and the scores that come back.

Source: F06, F07 (forms.md). Amounts are 万元, percentages are written as 86.4 for 86.4 %, all `Decimal`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from engine.errors import InvalidInput
from engine.scoring.numbers import HUNDRED, ONE, ZERO, ImpossibleNumber, bounded, decimals_of, percent, plain

MOST_ROWS = 500


class UnsoundSheet(InvalidInput):
    """A sheet that contradicts itself, so that no total could be right."""

    code = "scoring.unsound_sheet"


class Direction(StrEnum):
    """指标性质: which side of the target is good. Qualitative rows carry a `Judgement` instead."""

    AT_LEAST = "≥"
    AT_MOST = "≤"
    EQUAL = "="
    MORE_THAN = ">"
    LESS_THAN = "<"
    BETWEEN = "区间"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A measured value against its target; `upper` only for 区间, where `target` is the lower bound.

    `explanation` is the unit's reason for over-achievement; `reduction` is what a reviewer takes off, with a reason,
    because the target was plainly too low (CH-25). No formula exists for it, so it is never computed.
    """

    direction: Direction
    target: Decimal
    actual: Decimal
    upper: Decimal | None = None
    explanation: str = ""
    reduction: Decimal = ZERO
    reduction_reason: str = ""

    def __post_init__(self) -> None:
        bounded(self.target, "指标值")
        bounded(self.actual, "实际完成值")
        bounded(self.reduction, "复核扣减分")
        if self.reduction and not self.reduction_reason.strip():
            raise UnsoundSheet("复核人酌减分数时必须写明理由。")
        if self.direction is not Direction.BETWEEN:
            if self.upper is not None:
                raise UnsoundSheet(f"指标性质为“{self.direction}”时只填一个指标值，不填上限。")
        elif self.upper is None:
            raise UnsoundSheet("指标性质为“区间”时必须同时填下限和上限。")
        elif bounded(self.upper, "区间上限") < self.target:
            raise ImpossibleNumber(f"区间写反了：下限 {plain(self.target)} 大于上限 {plain(self.upper)}，请对调。")


@dataclass(frozen=True, slots=True)
class Judgement:
    """A qualitative row: the word chosen and, where the word is a band, the share of the weight (0.75) in it."""

    word: str
    share: Decimal | None = None

    def __post_init__(self) -> None:
        if self.share is not None and bounded(self.share, "定性得分比例") > ONE:
            raise ImpossibleNumber("定性指标的得分比例不能超过 100%。")


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """满意度 in percent, against its target in percent."""

    target: Decimal
    actual: Decimal

    def __post_init__(self) -> None:
        for value, what in ((self.target, "满意度指标值"), (self.actual, "满意度实际值")):
            if bounded(value, what) > HUNDRED:
                raise ImpossibleNumber(f"“{what}”不能超过 100%。")
        if self.target == 0:
            raise ImpossibleNumber("满意度指标值不能为 0，请填写要达到的百分比。")


def satisfaction_of(satisfied: int, valid: int, target: Decimal) -> Satisfaction:
    """满意度 = satisfied answers / valid answers, in percent."""
    if valid <= 0 or not 0 <= satisfied <= valid:
        raise ImpossibleNumber("满意答卷数应在 0 和有效答卷数之间，且有效答卷数大于 0，请核对调查数据。")
    return Satisfaction(target, (Decimal(satisfied) * HUNDRED / valid).quantize(Decimal("0.0001")))


@dataclass(frozen=True, slots=True)
class DateTarget:
    """A target that is a date: on time earns the weight; late is judged by a person, never computed."""

    due_on: date
    done_on: date
    points: Decimal | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Execution:
    """预算执行率: 全年执行数 B over 全年预算数 A, both 万元."""

    budget: Decimal
    executed: Decimal

    def __post_init__(self) -> None:
        if bounded(self.budget, "全年预算数") == 0:
            raise ImpossibleNumber("全年预算数为 0，预算执行率不适用，请按“不适用”处理。")
        bounded(self.executed, "全年执行数")


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """A row that cannot be measured this year; its weight goes where the method set says."""

    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise UnsoundSheet("指标标为“不适用”时必须写明理由。")


Measured = Quantity | Judgement | Satisfaction | DateTarget | Execution | NotApplicable


def execution_of(budget: Decimal, executed: Decimal) -> Execution | NotApplicable:
    """What the money block gives: a rate, or 不适用 if there was no budget and nothing was spent (F06)."""
    if bounded(budget, "全年预算数") == 0 and bounded(executed, "全年执行数") == 0:
        return NotApplicable("全年预算数为 0")
    return Execution(budget, executed)


@dataclass(frozen=True, slots=True)
class Row:
    """One scored row; the 预算执行率 row is a first level of its own."""

    first_level: str
    second_level: str
    name: str
    weight: Decimal
    measured: Measured

    def __post_init__(self) -> None:
        if not self.first_level.strip() or not self.name.strip():
            raise UnsoundSheet("每行指标都要有一级指标和指标名称。")
        if bounded(self.weight, "分值") == 0:
            raise ImpossibleNumber(f"“{self.name}”的分值必须大于 0。")
        if self.weight > HUNDRED:
            raise ImpossibleNumber(f"“{self.name}”的分值不能超过 100。")
        if decimals_of(self.weight) > 2:
            raise ImpossibleNumber(f"“{self.name}”的分值最多两位小数。")


@dataclass(frozen=True, slots=True)
class Sheet:
    """All rows of one self-evaluation; their weights sum to 100."""

    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        if not 0 < len(self.rows) <= MOST_ROWS:
            raise UnsoundSheet(f"评分表应有 1 至 {MOST_ROWS} 行指标，现有 {len(self.rows)} 行。")
        names = [(row.first_level, row.second_level, row.name) for row in self.rows]
        repeated = next((name for name in names if names.count(name) > 1), None)
        if repeated:
            raise UnsoundSheet(f"指标“{repeated[-1]}”在同一二级指标下出现了两次，请合并或改名。")
        total = sum((row.weight for row in self.rows), ZERO)
        if total != HUNDRED:
            raise UnsoundSheet(f"分值合计是 {plain(total)}，应为 100（含预算执行率）。", total=str(total))


@dataclass(frozen=True, slots=True)
class Note:
    """Something a person should see beside a score. `code` is stable, `text` is Chinese."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class ScoredRow:
    """One row's score, with the sentence that answers 口径.

    `weight` is what counted after 不适用 rows were dealt with; `completion` is actual/target where that has a meaning.
    """

    row: Row
    weight: Decimal
    score: Decimal | None
    formula: str
    completion: Decimal | None = None
    notes: tuple[Note, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The row as it is kept and shown; numbers as decimal text."""
        return {
            "first_level": self.row.first_level,
            "second_level": self.row.second_level,
            "name": self.row.name,
            "weight": str(self.weight),
            "score": None if self.score is None else str(self.score),
            "formula": self.formula,
            "completion": None if self.completion is None else percent(self.completion),
            "notes": [note.text for note in self.notes],
        }


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """The scored sheet: rows rounded to two decimals, their sums by first level, and the sum of all of them."""

    rows: tuple[ScoredRow, ...]
    subtotals: Mapping[str, Decimal]
    total: Decimal
    method_set: str
    notes: tuple[Note, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Everything that explains the total, to be kept beside it; numbers as decimal text."""
        return {
            "method_set": self.method_set,
            "total": str(self.total),
            "subtotals": {level: str(subtotal) for level, subtotal in self.subtotals.items()},
            "notes": [note.text for note in self.notes],
            "rows": [row.as_json() for row in self.rows],
        }
