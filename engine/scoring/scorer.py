"""Scoring a sheet: every row by its method, rounded half up to two decimals; the total is the sum of rounded rows."""

from collections.abc import Callable
from decimal import Decimal

from engine.scoring.method_sets import MethodSet
from engine.scoring.methods import slot_of
from engine.scoring.numbers import ONE, ZERO, percent, plain, rounded
from engine.scoring.quantities import Earned
from engine.scoring.sheet import NotApplicable, Note, Quantity, Row, ScoredRow, ScoreSheet, Sheet, UnsoundSheet

OverAchieved = Callable[[Decimal], bool]


def score(sheet: Sheet, method_set: MethodSet, over_achieved: OverAchieved | None = None) -> ScoreSheet:
    """The sheet with a score for every row, subtotals by first level, and the total (F06, F07).

    `over_achieved` tells whether a completion ratio (1.68 = 168 %) is so far above the target that the unit must
    explain it: the jurisdiction's `overachievement_flag` (CH-25). Without it the method set's own figure holds.
    """
    far_above = over_achieved or (lambda completion: completion >= method_set.explain_from)
    weights = method_set.move_weights(sheet.rows)
    rows = tuple(
        _scored(row, weights[i], method_set, far_above) if i in weights else _left_out(row, method_set)
        for i, row in enumerate(sheet.rows)
    )
    subtotals: dict[str, Decimal] = {}
    for scored in rows:
        level = scored.row.first_level
        subtotals[level] = subtotals.get(level, ZERO) + (scored.score or ZERO)
    total = sum(subtotals.values(), ZERO)
    return ScoreSheet(rows, subtotals, total, method_set.id, _unusual_weights(sheet, method_set))


def _scored(row: Row, weight: Decimal, method_set: MethodSet, far_above: OverAchieved) -> ScoredRow:
    earned = method_set.earn[slot_of(row.measured)](weight, row.measured)
    notes = list(earned.notes)
    if weight != row.weight:
        notes.append(Note("weight_moved", f"有不适用的指标，本行分值由 {plain(row.weight)} 调整为 {plain(weight)}。"))
    if isinstance(row.measured, Quantity):
        notes += _explanation_due(row.measured, earned, far_above)
        earned = _reduced(row.measured, earned)
    points = rounded(earned.points)
    return ScoredRow(row, weight, points, f"{earned.formula}＝{points}", earned.completion, tuple(notes))


def _explanation_due(quantity: Quantity, earned: Earned, far_above: OverAchieved) -> list[Note]:
    completion = earned.completion
    if completion is None or completion <= ONE or not far_above(completion):
        return []
    if quantity.explanation.strip():
        return [
            Note("over_achieved", f"完成值为指标值的 {percent(completion)}，已说明：{quantity.explanation.strip()}")
        ]
    text = f"完成值为指标值的 {percent(completion)}，请说明原因；如指标值明显偏低，复核时可适度扣减。"
    return [Note("explanation_due", text)]


def _reduced(quantity: Quantity, earned: Earned) -> Earned:
    """What is left after a reviewer's reduction, which only over-achievement allows."""
    if not quantity.reduction:
        return earned
    if earned.completion is None or earned.completion <= ONE:
        raise UnsoundSheet("只有完成值超过指标值时，复核人才能因指标值偏低酌减分数。")
    if quantity.reduction > earned.points:
        raise UnsoundSheet(f"酌减 {plain(quantity.reduction)} 分超过了本行得分 {plain(rounded(earned.points))}。")
    why = f"，复核酌减 {plain(quantity.reduction)}（{quantity.reduction_reason.strip()}）"
    return Earned(earned.points - quantity.reduction, earned.formula + why, earned.completion, earned.notes)


def _left_out(row: Row, method_set: MethodSet) -> ScoredRow:
    reason = row.measured.reason if isinstance(row.measured, NotApplicable) else ""
    where = method_set.methods["not_applicable"].title
    return ScoredRow(row, ZERO, None, f"不适用（{reason}）。{where}")


def _unusual_weights(sheet: Sheet, method_set: MethodSet) -> tuple[Note, ...]:
    """First-level weights that differ from the usual ones: allowed in special cases, but seen."""
    notes = []
    for level, usual in method_set.usual_weights.items():
        weight = sum((row.weight for row in sheet.rows if row.first_level.removesuffix("指标") == level), ZERO)
        if weight != usual:
            text = f"“{level}”分值合计 {plain(weight)}，通常为 {plain(usual)}；如属特殊情况请说明。"
            notes.append(Note("unusual_weight", text))
    return tuple(notes)
