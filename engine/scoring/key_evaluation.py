"""Key evaluation (F09): every row starts at its weight and loses what a reasoned, evidenced deduction takes off.

A deduction without a reason, a clause and evidence cannot exist, so neither can a score nobody can explain.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from engine.scoring.numbers import HUNDRED, ZERO, ImpossibleNumber, bounded, decimals_of, plain
from engine.scoring.sheet import MOST_ROWS, Note, UnsoundSheet

# 产出 + 效益 at least 60 (forms.md F09; general knowledge of 财预〔2020〕10号, no text found).
RESULT_LEVELS = ("产出", "效益")
LEAST_RESULT_WEIGHT = Decimal(60)


class Scope(StrEnum):
    """共性 comes from the common framework, 个性 is the project's own (HX-18)."""

    COMMON = "共性"
    SPECIFIC = "个性"


@dataclass(frozen=True, slots=True)
class Deduction:
    """Points taken off one row, why, by which clause, shown by which evidence."""

    points: Decimal
    reason: str
    clause: str
    evidence: str

    def __post_init__(self) -> None:
        if bounded(self.points, "扣分") == 0:
            raise ImpossibleNumber("扣分必须大于 0。")
        if decimals_of(self.points) > 2:
            raise ImpossibleNumber("扣分最多两位小数。")
        for text, what in ((self.reason, "扣分理由"), (self.clause, "扣分依据"), (self.evidence, "证据编号")):
            if not text.strip():
                raise UnsoundSheet(f"扣 {plain(self.points)} 分须写明{what}。")


@dataclass(frozen=True, slots=True)
class EvaluationRow:
    """One third-level indicator of the framework with the deductions made."""

    first_level: str
    second_level: str
    name: str
    weight: Decimal
    scope: Scope
    deductions: tuple[Deduction, ...] = ()

    def __post_init__(self) -> None:
        if not self.first_level.strip() or not self.name.strip():
            raise UnsoundSheet("每行指标都要有一级指标和指标名称。")
        if not 0 < bounded(self.weight, "分值") <= HUNDRED or decimals_of(self.weight) > 2:
            raise ImpossibleNumber(f"“{self.name}”的分值须大于 0、不超过 100，最多两位小数。")
        if self.deducted > self.weight:
            raise ImpossibleNumber(f"“{self.name}”共扣 {plain(self.deducted)} 分，超过分值 {plain(self.weight)}。")

    @property
    def deducted(self) -> Decimal:
        """All points taken off."""
        return sum((deduction.points for deduction in self.deductions), ZERO)


@dataclass(frozen=True, slots=True)
class EvaluatedRow:
    """A row with its score and the sum that gives it."""

    row: EvaluationRow
    score: Decimal
    formula: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The evaluated framework; `notes` name what the framework lacks."""

    rows: tuple[EvaluatedRow, ...]
    subtotals: Mapping[str, Decimal]
    total: Decimal
    notes: tuple[Note, ...]


def evaluate(rows: tuple[EvaluationRow, ...]) -> Evaluation:
    """Scores, subtotals by first level and total; refuses weights that do not sum to 100."""
    if not 0 < len(rows) <= MOST_ROWS:
        raise UnsoundSheet(f"评价指标体系应有 1 至 {MOST_ROWS} 行指标，现有 {len(rows)} 行。")
    whole = sum((row.weight for row in rows), ZERO)
    if whole != HUNDRED:
        raise UnsoundSheet(f"评价指标分值合计是 {plain(whole)}，应为 100。", total=str(whole))
    evaluated = tuple(_evaluated(row) for row in rows)
    subtotals: dict[str, Decimal] = {}
    for each in evaluated:
        subtotals[each.row.first_level] = subtotals.get(each.row.first_level, ZERO) + each.score
    return Evaluation(evaluated, subtotals, sum(subtotals.values(), ZERO), _missing_from(rows))


def _evaluated(row: EvaluationRow) -> EvaluatedRow:
    points = row.weight - row.deducted
    taken = "".join(f"－{plain(deduction.points)}（{deduction.reason.strip()}）" for deduction in row.deductions)
    return EvaluatedRow(row, points, f"{plain(row.weight)}{taken}＝{plain(points)}" if taken else "未扣分，得满分")


def _missing_from(rows: tuple[EvaluationRow, ...]) -> tuple[Note, ...]:
    notes = []
    results = sum((row.weight for row in rows if row.first_level.removesuffix("指标") in RESULT_LEVELS), ZERO)
    if results < LEAST_RESULT_WEIGHT:
        text = f"产出与效益分值合计 {plain(results)}，应不低于 {plain(LEAST_RESULT_WEIGHT)}。"
        notes.append(Note("result_weight_low", text))
    for scope in Scope:
        if not any(row.scope is scope for row in rows):
            text = f"指标体系缺少{scope}指标；应以共性框架为基础并补充个性指标。"
            notes.append(Note(f"no_{scope.name.lower()}_indicator", text))
    return tuple(notes)


def ratio(part: Decimal, whole: Decimal, what: str) -> Decimal:
    """The quotient behind 资金到位率, 预算执行率 (支出/到位), 实际完成率 and 质量达标率, unrounded."""
    if bounded(whole, f"{what}的分母") == 0:
        raise ImpossibleNumber(f"“{what}”的分母为 0，请按“不适用”处理。", what=what)
    return bounded(part, f"{what}的分子") / whole


def cost_saving_rate(planned: Decimal, actual: Decimal) -> Decimal:
    """成本节约率 = (计划成本−实际成本)/计划成本; negative when more was spent than planned."""
    return 1 - ratio(actual, planned, "成本节约率")
