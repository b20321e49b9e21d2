"""What an indicator row wants and what was measured, as scoring reads it: one arithmetic for every form.

Monitoring, self-evaluation and its score all ask here, by the method set of the jurisdiction and year.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.scoring import Direction, MethodSet, Quantity, UnknownMethod, method_set_for
from engine.scoring.numbers import ONE, as_decimal
from engine.submissions.forms.context import FormContext

Row = Mapping[str, Any]


def methods_for(context: FormContext) -> MethodSet | None:
    """How this jurisdiction scores money of this year; None where nothing is laid down."""
    try:
        return method_set_for(context.jurisdiction, context.fiscal_year, context.scoring)
    except UnknownMethod:
        return None


def quantity(row: Row, actual: Any) -> Quantity | None:
    """A measured value beside its target; None where the row is not measured in numbers or one of them is missing."""
    direction, measured = row.get("direction"), as_decimal(actual)
    if direction in (None, "qualitative") or row.get("target_date") or measured is None:
        return None
    unit = row.get("unit") or ""
    if direction == "range":
        lower, upper = as_decimal(row.get("lower")), as_decimal(row.get("upper"))
        if lower is None or upper is None or lower > upper:
            return None
        return Quantity(Direction.BETWEEN, lower, measured, upper, unit)
    target = as_decimal(row.get("target_value"))
    return None if target is None else Quantity(Direction(direction), target, measured, unit=unit)


def share_earned(row: Row, actual: Any, methods: MethodSet | None) -> Decimal | None:
    """The share of its points a measured value earns a row; None where `quantity` is."""
    found = quantity(row, actual)
    if found is None or methods is None:
        return None
    return methods.share(found, f"{row.get('level1', '')}{row.get('level2', '')}")


def is_reached(row: Row, actual: Any, context: FormContext) -> bool | None:
    """Whether a measured value has all the points of its row and is beyond a border it must pass; None where
    `quantity` is."""
    share, found = share_earned(row, actual, methods_for(context)), quantity(row, actual)
    if share is None or found is None:
        return None
    return share == ONE and not found.is_at_open_border
