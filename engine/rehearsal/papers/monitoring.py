"""示例监控: F05 at the end of the month the jurisdiction looks at."""

from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from engine.rehearsal.desk import Desk
from engine.rehearsal.papers.money import execution
from engine.scoring.numbers import share_of, text_of
from engine.submissions.forms import FORMS, FormContext, prefill

Content = dict[str, Any]

USUAL_MONTH = 7
SLOW = 0.12
"""Share of the cases that are well behind their time."""


def sheet(desk: Desk, context: FormContext) -> Content:
    """F05: most objects keep pace with the year, some are behind and say what they do about it."""
    content = prefill(FORMS["F05"], context)
    month = int(content.get("cutoff_month", USUAL_MONTH))
    chance = desk.chance("monitoring")
    behind = chance.random() < SLOW
    pace = Decimal(month * 100) / 12
    spent = pace * (Decimal("0.55") if behind else Decimal(chance.randint(100, 125)) / 100)
    share = min(Decimal(100), spent).quantize(Decimal(1))
    amount = context.amount_wan or Decimal(0)
    content |= {
        "cutoff_month": month,
        "funds": execution(amount, share_of(amount, share)),
        "forecast_executed_wan": text_of(amount),
        "indicators": [row | _so_far(row, share, behind, chance) for row in content["indicators"]],
    }
    return content | (_measures(desk) if behind or share * 12 < month * 100 else {})


def _so_far(row: Content, share: Decimal, behind: bool, chance: Random) -> Content:
    """One row after some months: in step with the money, at its target by the end of the year."""
    if row["direction"] == "qualitative":
        band = "partly" if behind else "achieved"
        told = {"period_text": "示例：按计划推进", "period_band": band, "forecast_text": "示例：年底可以达成"}
    else:
        target = Decimal(row["target_value"])
        so_far = target if row["direction"] == "≤" else share_of(target, min(Decimal(100), share + 5))
        told = {"period_value": text_of(so_far), "forecast_value": row["target_value"]}
    if not behind or chance.random() < 0.5:
        return told | {"likelihood": "certain"}
    cause = chance.choice(("funding", "rules", "people"))
    return told | {"likelihood": "possible", "causes": [cause], "cause_note": f"示例：“{row['name']}”前期准备偏慢"}


def _measures(desk: Desk) -> Content:
    return {
        "measures": "示例：按月排出用款和实施计划，每周调度",
        "responsible_person": "示例责任人",
        "measures_due_on": (desk.today + timedelta(days=60)).isoformat(),
        "suggested_disposals": ["continue"],
    }
