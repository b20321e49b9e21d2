"""示例复核: F08, the self-evaluation scored again, with one row cut back."""

from decimal import Decimal
from typing import Any

from engine.rehearsal.desk import Desk
from engine.rehearsal.papers.grades import grade_for
from engine.rehearsal.people import SPOT_REVIEWER
from engine.scoring.numbers import HUNDRED, product, rounded, text_of, total
from engine.submissions.forms import FORMS, FormContext, prefill

Content = dict[str, Any]

CUTS = (10, 20, 30)


def sheet(desk: Desk, context: FormContext) -> Content:
    """F08: most rows stand as they were, one measured row is counted again and loses a share of its points."""
    content = prefill(FORMS["F08"], context)
    chance = desk.chance("spot review")
    cut_row = chance.choice([row["id"] for row in content["indicators"] if row["direction"] != "qualitative"])
    percent = Decimal(chance.choice(CUTS))
    rows = [_again(row, percent if row["id"] == cut_row else Decimal(0)) for row in content["indicators"]]
    execution = content.get("self_execution_score", "0")
    score = total([*(Decimal(row["review_score"]) for row in rows), Decimal(execution)])
    return content | {
        "department": context.department_name or context.unit_name,
        "accepted": True,
        "indicators": rows,
        "execution_score": execution,
        "grade": grade_for(context, score),
        "review_body": SPOT_REVIEWER,
    }


def _again(row: Content, percent: Decimal) -> Content:
    before = Decimal(row["self_score"])
    after = rounded(product(before, (HUNDRED - percent) / HUNDRED), 2)
    told = {key: row[f"self_{key[7:]}"] for key in ("review_value", "review_text") if f"self_{key[7:]}" in row}
    reviewed = row | told | {"review_score": text_of(after)}
    if after == before:
        return reviewed
    why = f"示例：“{row['name']}”按复核口径重新计分"
    return reviewed | {"clause": "recounted", "cut_percent": text_of(percent), "reason": why}
