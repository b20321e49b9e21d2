"""Scoring a sheet: every row by its method, rounded half up to two decimals; the total is the sum of rounded rows."""

from dataclasses import replace
from decimal import Decimal

from engine.scoring.method_sets import MethodSet
from engine.scoring.methods import NOT_APPLICABLE, slot_of
from engine.scoring.numbers import ZERO, plain, rounded
from engine.scoring.quantities import Earned
from engine.scoring.sheet import DateTarget, NotApplicable, Note, Row, ScoredRow, ScoreSheet, Sheet


def score(sheet: Sheet, method_set: MethodSet) -> ScoreSheet:
    """The sheet with a score, a formula and what was measured for every row (F06, F07)."""
    weights = method_set.move_weights(sheet.rows)
    rows = tuple(
        _scored(row, weights[i], method_set) if i in weights else _left_out(row, method_set)
        for i, row in enumerate(sheet.rows)
    )
    return ScoreSheet(rows, method_set.id)


def by_method(sheet: Sheet, method_set: MethodSet) -> dict[str, Decimal | None]:
    """What the method gives every row of the points that stand in the form beside it; None for one left out.

    Where rows are left out, the others count for more than stands beside them: that is in `score` alone.
    """
    return {
        row.id: None
        if isinstance(row.measured, NotApplicable)
        else rounded(_earned(row, row.weight, method_set).points)
        for row in sheet.rows
    }


def _scored(row: Row, weight: Decimal, method_set: MethodSet) -> ScoredRow:
    earned = _earned(row, weight, method_set)
    points = rounded(earned.points)
    formula, notes = f"{earned.formula}＝{points}", list(earned.notes)
    if row.given is not None and row.given.points != rounded(_earned(row, row.weight, method_set).points):
        points = rounded(row.given.points * weight / row.weight)
        formula = f"{formula}；填报得分 {plain(row.given.points)}（{row.given.reason.strip()}），计 {points}"
        notes.append(Note("points_given", "得分与计分方法不一致，按填报人说明的得分计。"))
    if weight != row.weight:
        moved = f"有不适用的指标，本行分值由 {plain(row.weight)} 调整为 {plain(weight)}。"
        notes.append(Note("weight_moved", moved))
    return ScoredRow(
        *row.heading,
        weight=weight,
        score=points,
        formula=formula,
        measured=row.measured.told,
        method=method_set.methods[slot_of(row.measured, row.levels)].id,
        completion=earned.completion,
        notes=tuple(notes),
    )


def _earned(row: Row, weight: Decimal, method_set: MethodSet) -> Earned:
    """What a row earns of a weight; points a person gave for a missed day were of the weight it has in the form."""
    measured = row.measured
    if isinstance(measured, DateTarget) and measured.points is not None and weight != row.weight:
        measured = replace(measured, points=rounded(measured.points * weight / row.weight))
    return method_set.earn[slot_of(measured, row.levels)](weight, measured)


def _left_out(row: Row, method_set: MethodSet) -> ScoredRow:
    told, method = row.measured.told, method_set.methods[NOT_APPLICABLE]
    formula = f"{told}。{method.title}"
    return ScoredRow(*row.heading, weight=ZERO, score=None, formula=formula, measured=told, method=method.id)
