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
from engine.scoring import MethodSet
from engine.scoring.numbers import ONE, RATIO_PLACES, product, ratio, rounded, total
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.indicators import Row
from engine.submissions.forms.measured import methods_for, share_earned
from engine.submissions.forms.shape import Data
from engine.words import Attainment, TimeProgress


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


def achievement_rate(data: Data, context: FormContext) -> Decimal | None:
    """How much of the targets is reached: the mean over the rows, weighted; each row counts at most in full.

    A measured row counts the share of its points it would earn in the self-evaluation, a qualitative row the share its
    band stands for. Rows without a value or a weight are left out; None if there is none.
    """
    methods = methods_for(context)
    shares = ((row.get("weight"), _share(row, methods)) for row in data.get("indicators", []))
    counted = [(weight, share) for weight, share in shares if weight is not None and share is not None]
    weights = total(weight for weight, _ in counted)
    if not weights:
        return None
    return ratio(total(product(weight, share) for weight, share in counted), weights)


def _share(row: Row, methods: MethodSet | None) -> Decimal | None:
    if row.get("direction") == "qualitative":
        return _share_of_band(row.get("period_band"), methods)
    share = share_earned(row, row.get("period_value"), methods)
    return None if share is None else rounded(share, RATIO_PLACES)


def _share_of_band(chosen: str | None, methods: MethodSet | None) -> Decimal | None:
    """The lower end of the band, the cautious reading (部分达成 0.6, 未达成 nothing); 达成 counts in full."""
    band = methods.band(Attainment(chosen).label) if chosen is not None and methods is not None else None
    if band is None:
        return None
    return ONE if chosen == Attainment.ACHIEVED else band.low
