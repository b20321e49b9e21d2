"""Scoring a sheet: every row by its method, rounded half up to two decimals; the total is the sum of rounded rows."""

from decimal import Decimal

from engine.scoring.method_sets import MethodSet
from engine.scoring.methods import NOT_APPLICABLE, slot_of
from engine.scoring.numbers import ZERO, plain, rounded
from engine.scoring.sheet import Note, Row, ScoredRow, ScoreSheet, Sheet


def score(sheet: Sheet, method_set: MethodSet) -> ScoreSheet:
    """The sheet with a score, a formula and what was measured for every row (F06, F07)."""
    weights = method_set.move_weights(sheet.rows)
    rows = tuple(
        _scored(row, weights[i], method_set) if i in weights else _left_out(row, method_set)
        for i, row in enumerate(sheet.rows)
    )
    return ScoreSheet(rows, method_set.id)


def _scored(row: Row, weight: Decimal, method_set: MethodSet) -> ScoredRow:
    slot = slot_of(row)
    earned = method_set.earn[slot](weight, row.measured)
    points = rounded(earned.points)
    moved = f"有不适用的指标，本行分值由 {plain(row.weight)} 调整为 {plain(weight)}。"
    return ScoredRow(
        *row.heading,
        weight=weight,
        score=points,
        formula=f"{earned.formula}＝{points}",
        measured=row.measured.told,
        method=method_set.methods[slot].id,
        completion=earned.completion,
        notes=earned.notes if weight == row.weight else (*earned.notes, Note("weight_moved", moved)),
    )


def _left_out(row: Row, method_set: MethodSet) -> ScoredRow:
    told, method = row.measured.told, method_set.methods[NOT_APPLICABLE]
    formula = f"{told}。{method.title}"
    return ScoredRow(*row.heading, weight=ZERO, score=None, formula=formula, measured=told, method=method.id)
