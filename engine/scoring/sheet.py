"""The sheet that is scored: indicator rows with a weight and what was measured, and the scores that come back.

Source: F06, F07 (forms.md). Amounts are 万元, percentages are written as 86.4 for 86.4 %, all `Decimal`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from engine.errors import InvalidInput
from engine.scoring.numbers import HUNDRED, ONE, ImpossibleNumber, bounded, decimals_of, percent, plain, total

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
    """A measured value against its target; `upper` only for 区间, where `target` is the lower bound."""

    direction: Direction
    target: Decimal
    actual: Decimal
    upper: Decimal | None = None
    unit: str = ""

    def __post_init__(self) -> None:
        bounded(self.target, "指标值", signed=True)
        bounded(self.actual, "实际完成值", signed=True)
        if self.direction is not Direction.BETWEEN:
            if self.upper is not None:
                raise UnsoundSheet(f"指标性质为“{self.direction}”时只填一个指标值，不填上限。")
        elif self.upper is None:
            raise UnsoundSheet("指标性质为“区间”时必须同时填下限和上限。")
        elif bounded(self.upper, "区间上限", signed=True) < self.target:
            raise ImpossibleNumber(f"区间写反了：下限 {plain(self.target)} 大于上限 {plain(self.upper)}，请对调。")

    @property
    def is_at_open_border(self) -> bool:
        """Whether more (>) or less (<) than exactly this was wanted."""
        return self.direction in (Direction.MORE_THAN, Direction.LESS_THAN) and self.actual == self.target

    @property
    def wanted(self) -> str:
        """The target as it is written: ≥95, 区间10—20."""
        bounds = [self.target] if self.upper is None else [self.target, self.upper]
        return f"{self.direction}{'—'.join(map(plain, bounds))}"

    @property
    def told(self) -> str:
        """What was wanted and what was measured."""
        return f"指标值{self.wanted}{self.unit}，实际{plain(self.actual)}{self.unit}"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A qualitative row: the word chosen and, where the word is a band, the share of the weight (0.75) in it.

    `reason` is why the share lies outside the band of the word, where it does.
    """

    word: str
    share: Decimal | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        if self.share is not None and bounded(self.share, "定性得分比例") > ONE:
            raise ImpossibleNumber("定性指标的得分比例不能超过 100%。")

    @property
    def told(self) -> str:
        """The word, and the share chosen under it."""
        return self.word if self.share is None else f"{self.word}，{percent(self.share)}"


@dataclass(frozen=True, slots=True)
class DateTarget:
    """A target that is a date: on time earns the weight; late is judged by a person, never computed."""

    due_on: date
    done_on: date
    points: Decimal | None = None
    reason: str = ""

    @property
    def told(self) -> str:
        """Both days."""
        return f"应于 {self.due_on:%Y-%m-%d} 完成，实际 {self.done_on:%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class Execution:
    """预算执行率: 全年执行数 B over 全年预算数 A, both 万元."""

    budget: Decimal
    executed: Decimal

    def __post_init__(self) -> None:
        if bounded(self.budget, "全年预算数") == 0:
            raise ImpossibleNumber("全年预算数为 0，预算执行率不适用，请按“不适用”处理。")
        bounded(self.executed, "全年执行数")

    @property
    def told(self) -> str:
        """Both amounts."""
        return f"全年预算数 {plain(self.budget)} 万元，全年执行数 {plain(self.executed)} 万元"


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """A row that cannot be measured this year; its weight goes where the method set says."""

    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise UnsoundSheet("指标标为“不适用”时必须写明理由。")

    @property
    def told(self) -> str:
        """Why not."""
        return f"不适用（{self.reason}）"


Measured = Quantity | Judgement | DateTarget | Execution | NotApplicable


def execution_of(budget: Decimal, executed: Decimal) -> Execution | NotApplicable:
    """What the money block gives: a rate, or 不适用 if there was no budget and nothing was spent (F06)."""
    if bounded(budget, "全年预算数") == 0 and bounded(executed, "全年执行数") == 0:
        return NotApplicable("全年预算数为 0")
    return Execution(budget, executed)


@dataclass(frozen=True, slots=True)
class Given:
    """The points whoever filled in the form gave a row instead of what the method gives, and why."""

    points: Decimal
    reason: str

    def __post_init__(self) -> None:
        bounded(self.points, "得分")
        if not self.reason.strip():
            raise UnsoundSheet("得分与计分方法不一致时，必须写明理由。")


@dataclass(frozen=True, slots=True)
class Row:
    """One row to be scored, known by the id it has in its form; 预算执行率 is a first level of its own."""

    id: str
    first_level: str
    second_level: str
    name: str
    weight: Decimal
    measured: Measured
    given: Given | None = None

    def __post_init__(self) -> None:
        if not self.first_level.strip() or not self.name.strip():
            raise UnsoundSheet("每行指标都要有一级指标和指标名称。")
        if bounded(self.weight, "分值") == 0:
            raise ImpossibleNumber(f"“{self.name}”的分值必须大于 0。")
        if self.weight > HUNDRED:
            raise ImpossibleNumber(f"“{self.name}”的分值不能超过 100。")
        if decimals_of(self.weight) > 2:
            raise ImpossibleNumber(f"“{self.name}”的分值最多两位小数。")
        if self.given is not None and self.given.points > self.weight:
            raise ImpossibleNumber(f"“{self.name}”的得分 {plain(self.given.points)} 大于分值 {plain(self.weight)}。")

    @property
    def levels(self) -> str:
        """Both levels it stands under."""
        return self.first_level + self.second_level

    @property
    def heading(self) -> tuple[str, str, str, str]:
        """Its id, first and second level, and name."""
        return self.id, self.first_level, self.second_level, self.name


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
        whole = total(row.weight for row in self.rows)
        if whole != HUNDRED:
            raise UnsoundSheet(f"分值合计是 {plain(whole)}，应为 100（含预算执行率）。", total=str(whole))


@dataclass(frozen=True, slots=True)
class Note:
    """Something a person should see beside a score. `code` is stable, `text` is Chinese."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class ScoredRow:
    """One row's score, with the sentence that answers 口径, and what was measured.

    `weight` is what counted after 不适用 rows were dealt with; `score` is None for a row that does not apply;
    `completion` is actual/target where that has a meaning; `method` is the id of the method that scored it.
    """

    id: str
    first_level: str
    second_level: str
    name: str
    weight: Decimal
    score: Decimal | None
    formula: str
    measured: str
    method: str
    completion: Decimal | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """Rows rounded to two decimals and the method (or method set) that scored them."""

    rows: tuple[ScoredRow, ...]
    method: str

    @property
    def subtotals(self) -> Mapping[str, Decimal]:
        """The sum of the rows by first level, in the order of the sheet."""
        levels = dict.fromkeys(row.first_level for row in self.rows)
        return {name: total(row.score for row in self.rows if row.first_level == name) for name in levels}

    @property
    def total(self) -> Decimal:
        """The sum of all rows."""
        return total(row.score for row in self.rows)
