"""The points of F08: what the reviewer gave, the weight of rows that do not apply moved as in the self-evaluation.

A row does not apply where the unit said so and the reviewer gave it no points; the execution of a budget of nothing
does not apply either.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.scoring import Judgement, NotApplicable, Row
from engine.scoring.not_applicable import within_first_level
from engine.scoring.numbers import HUNDRED, ZERO, as_decimal, product, rounded, total

EXECUTION = "预算执行率"
MONEY = ""
"""The key of 预算执行率 beside the ids of the rows."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One row: what it weighs in the form, what it counts for, and its points (None: it does not apply)."""

    printed: Decimal
    weight: Decimal
    points: Decimal | None


def applies(row: Mapping[str, Any]) -> bool:
    """Whether a row is to be reviewed with points."""
    return not row.get("not_applicable_reason") or row.get("review_score") is not None


def execution_applies(content: Mapping[str, Any]) -> bool:
    """Whether the rows leave points for the execution of the budget, and there was any money to spend."""
    amounts = [as_decimal(content.get(name)) for name in ("annual_budget_wan", "executed_amount_wan")]
    due = _left(content.get("indicators", [])) > 0 and amounts != [ZERO, ZERO]
    return due or content.get("execution_score") is not None


def _left(rows: list[Mapping[str, Any]]) -> Decimal:
    return max(ZERO, HUNDRED - total(as_decimal(row.get("weight")) for row in rows))


def counted(content: Mapping[str, Any]) -> dict[str, Counted] | None:
    """Row id (MONEY for 预算执行率) → what it counts; None as long as a row that applies has no points or weight."""
    rows = content.get("indicators", [])
    marks = {row["id"]: (as_decimal(row.get("weight")), as_decimal(row.get("review_score"))) for row in rows}
    left = _left(rows)
    marks[MONEY] = left, as_decimal(content.get("execution_score"))
    open_rows = {row["id"] for row in rows if applies(row)} | ({MONEY} if execution_applies(content) else set())
    if not rows or any(weight is None for weight, _ in marks.values()) or any(marks[id][1] is None for id in open_rows):
        return None
    moved = _moved(rows, left, open_rows) if len(open_rows) <= len(rows) else {}
    return {id: _count(weight or ZERO, moved.get(id, weight or ZERO), points) for id, (weight, points) in marks.items()}


def total_points(content: Mapping[str, Any]) -> Decimal | None:
    """Σ of the rounded rows; None where `counted` is."""
    found = counted(content)
    return None if found is None else total(each.points for each in found.values())


def _count(printed: Decimal, weight: Decimal, points: Decimal | None) -> Counted:
    if points is None or printed in (ZERO, weight):
        return Counted(printed, weight, None if points is None else rounded(points))
    return Counted(printed, weight, rounded(product(points, weight) / printed))


def _moved(rows: list[Mapping[str, Any]], left: Decimal, open_rows: set[str]) -> dict[str, Decimal]:
    """Where the weight of the rows that do not apply goes; nowhere while a row weighs nothing."""
    said = [(row["id"], row.get("level1", ""), row.get("level2", ""), row.get("name", "")) for row in rows]
    weights = [as_decimal(row["weight"]) or ZERO for row in rows]
    if left:
        said.append((MONEY, EXECUTION, EXECUTION, EXECUTION))
        weights.append(left)
    if ZERO in weights or not any(each[0] in open_rows for each in said):
        return {}
    sheet = tuple(
        Row(*each, weight, Judgement("复核") if each[0] in open_rows else NotApplicable("自评不适用"))
        for each, weight in zip(said, weights, strict=True)
    )
    return {sheet[at].id: weight for at, weight in within_first_level(sheet).items()} | {
        row.id: ZERO for row in sheet if row.id not in open_rows
    }
