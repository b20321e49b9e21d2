"""What dual monitoring compares: how much is spent, how much of the year is gone, how much is achieved.

All three are ratios (0–1, six decimals). 序时进度 has no single definition in the seeds (HC-08), so a table of the
jurisdiction names the method.
"""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from engine.executions import gone_by
from engine.scoring.numbers import RATIO_PLACES, ZERO, product, ratio, rounded, total
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.indicators import FALLING, Row, is_reached
from engine.submissions.forms.shape import Data
from engine.submissions.forms.templates import template
from engine.words import TimeProgress

ONE = Decimal(1)


def execution_rate(data: Data) -> Decimal | None:
    """1–N 月执行数 / 全年预算数; None without a budget."""
    line: Mapping[str, Any] = data.get("funds", {}).get("total", {})
    return ratio(line.get("executed_amount_wan"), line.get("annual_budget_wan"))


def time_progress(data: Data, context: FormContext) -> Decimal | None:
    """How much of the year is gone at the end of month N, by the method set for the jurisdiction.

    By month 6 → 0.5, 7 → 0.583333, 8 → 0.666667, 10 → 0.833333.
    """
    month, method = data.get("cutoff_month"), context.time_progress_method
    if month is None and method != TimeProgress.PAYMENT_PLAN:
        return None
    year, month = context.fiscal_year, month or 12
    budget = data.get("funds", {}).get("total", {}).get("annual_budget_wan")
    return gone_by(date(year, month, monthrange(year, month)[1]), method, data.get("planned_amount_wan"), budget)


def achievement_rate(data: Data) -> Decimal | None:
    """How much of the targets is reached: the mean over the rows, weighted; each row counts at most in full.

    A measured row counts value / target, a row that must stay below its target counts in full or as target / value, a
    qualitative row the share its band stands for. Rows without a value are left out; None if there is none.
    """
    counted = [(row["weight"], share) for row in data.get("indicators", []) if (share := _share(row)) is not None]
    weights = total(weight for weight, _ in counted)
    if not weights:
        return None
    return ratio(total(product(weight, share) for weight, share in counted), weights)


def _share(row: Row) -> Decimal | None:
    if row.get("weight") is None:
        return None
    if row.get("direction") == "qualitative":
        return _share_of_band(row.get("period_band"))
    value, target = row.get("period_value"), row.get("target_value")
    reached = is_reached(row, value)
    if reached is None:
        return None
    if reached:
        return ONE
    if row["direction"] == "range":
        return _share_of_range(row)
    part, whole = (target, value) if row["direction"] in FALLING else (value, target)
    return _capped(ratio(part, whole) or ZERO)


def _share_of_range(row: Row) -> Decimal:
    value = row["period_value"]
    part, whole = (value, row["lower"]) if value < row["lower"] else (row["upper"], value)
    return _capped(ratio(part, whole) or ZERO)


def _share_of_band(band: str | None) -> Decimal | None:
    """The lower end of the band, the cautious reading: 达成 counts in full, 部分达成 0.6, 未达成 nothing."""
    found = next((entry for entry in template("indicator_trees")["band"] if entry["id"] == band), None)
    if found is None:
        return None
    return ONE if found["to_inclusive"] else rounded(Decimal(found["from"]) / 100, RATIO_PLACES)


def _capped(share: Decimal) -> Decimal:
    return max(ZERO, min(ONE, share))
