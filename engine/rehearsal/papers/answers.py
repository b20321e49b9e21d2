"""Rows answered so that the scoring method gives a wanted total: the one place where a self score goes in.

Of the points lost the money loses some, the rows the rest, one after the other. The method set itself scores the sheet.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from random import Random
from typing import Any

from engine.errors import InvalidInput
from engine.rehearsal.papers.words import SHORTFALLS
from engine.scoring import MethodSet, ScoreSheet, score
from engine.scoring.numbers import ZERO, text_of
from engine.submissions.forms.scored import self_evaluation_sheet

Content = dict[str, Any]

FULL_MARKS = Decimal(100)
ONE = Decimal(1)
TENTH = Decimal("0.1")
FINE = Decimal("0.000001")
FIRST_TO_LOSE = ("lasting", "ecological", "satisfaction", "time", "quality", "social", "economic", "activity")


class ScoreUnreachable(InvalidInput):
    """The method set has no way to this total."""

    code = "rehearsal.score_unreachable"


def spent_of(budget: Decimal, wanted: Decimal, money_weight: Decimal, chance: Random) -> Decimal:
    """What was spent of a budget: it costs some of the points that are lost, and those the rows cannot lose."""
    if not money_weight:
        return budget
    lost = FULL_MARKS - wanted
    least = max(ZERO, lost - (FULL_MARKS - money_weight))
    some = (lost * chance.randrange(0, 50) / 100).quantize(TENTH, ROUND_HALF_UP)
    spent = budget * (1 - max(least, min(some, money_weight)) / money_weight)
    more = spent.quantize(FINE, ROUND_UP)
    return more if more * money_weight <= wanted * budget else spent.quantize(FINE, ROUND_DOWN)


def spread(lost: Decimal, weights: Mapping[str, Decimal], order: Sequence[str]) -> dict[str, Decimal]:
    """What every row keeps when so many points are lost, taken from the rows in this order."""
    kept = dict(weights)
    for name in order:
        taken = min(lost, weights[name])
        kept[name], lost = weights[name] - taken, lost - taken
    return kept


def answered(content: Content, wanted: Decimal, method_set: MethodSet, chance: Random) -> Content:
    """F06 or F07 with its rows answered; the money is filled in already, and the points are left to the method.

    Scored once with every row reached in full, to see what each row really counts and how much has to be lost.
    """
    frozen: list[Content] = content["indicators"]
    best = _scored(content, [row | _reached(row, ONE, "") for row in frozen], method_set)
    counts = {row["id"]: scored.weight for row, scored in zip(frozen, best.rows, strict=False)}
    order = [
        *(name for name in FIRST_TO_LOSE if name in counts),
        *(name for name in counts if name not in FIRST_TO_LOSE),
    ]
    kept = spread(best.total - wanted, counts, order)
    excuse = chance.choice(SHORTFALLS)
    rows = [row | _reached(row, kept[row["id"]] / counts[row["id"]], excuse) for row in frozen]
    scored = _scored(content, rows, method_set)
    if scored.total != wanted:
        raise ScoreUnreachable(f"按“{method_set.title}”得不出自评得分 {wanted}，演练没有继续。", wanted=str(wanted))
    return content | {"indicators": rows}


def _scored(content: Content, rows: Sequence[Content], method_set: MethodSet) -> ScoreSheet:
    return score(self_evaluation_sheet(content | {"indicators": rows}), method_set)


def _reached(row: Content, share: Decimal, excuse: str) -> Content:
    """What was reached of one row, as a share of its points, and why not all of it."""
    reason = {"deviation_reason": f"{excuse}（{row['name']}）"} if share < 1 else {}
    evidence = {"evidence": [{"id": "e1", "name": row_paper(row)}]}
    if row["direction"] == "qualitative":
        percent = (share * 100).quantize(FINE)
        band = "achieved" if percent >= 80 else "partly" if percent >= 60 else "missed"
        told = {"actual_text": "示例：已按要求落实", "attainment": band, "attainment_percent": text_of(_plain(percent))}
        return told | reason | evidence
    target = Decimal(row["target_value"])
    actual = target * (2 - share) if row["direction"] == "≤" else target * share
    return {"actual_value": text_of(_plain(actual.quantize(FINE)))} | reason | evidence


def row_paper(row: Content) -> str:
    """The evidence of a row."""
    return f"示例：{row['name']}佐证"


def _plain(value: Decimal) -> Decimal:
    return Decimal(f"{value.normalize():f}")
