"""The forms the people of the bench hand in: the valid contents of the tests, fitted to the case at hand."""

from decimal import Decimal
from typing import Any

from engine.cases import Case
from tests.factories_forms import valid_content

ASPECTS = {"basis": "依据的充分性和规范性", "design": "制定的明确性和合理性", "funding": "资金投入的可行性和合理性"}
"""The three 花溪 assesses before a budget (HX-20)."""
DONE = ("done", "improved_rules", "evidence", "completed", "completed_on", "submitted_by", "verified_by", "verified_on")
"""The cells of a row of the rectification ledger that is done with."""


def paper(form: str, case: Case, item: str | None) -> dict[str, Any]:
    """The content of a form that nothing stops, for this case (and this item of the rectification ledger)."""
    number = f"示例财绩〔2022〕{case.id}号"
    if form == "F01":
        return _assessment()
    if form == "F06":
        return valid_content(form, target_version=case.forms.target.version)
    if form == "F10":
        return valid_content(form, doc_number=number)
    if form == "F11":
        return _rectification_report(number, item)
    return valid_content(form)


def _assessment() -> dict[str, Any]:
    """The aspects of the place instead of the nation's, together with the same weight and score."""
    first, *others = valid_content("F01")["dimensions"]
    weight = sum(Decimal(row["weight"]) for row in (first, *others))
    score = sum(Decimal(row["score"]) for row in (first, *others))
    shares = [(weight - 2 * (weight // 3), score - 2 * (score // 3)), *[(weight // 3, score // 3)] * 2]
    rows = [
        first | {"id": aspect, "name": name, "weight": str(points), "score": str(given)}
        for (aspect, name), (points, given) in zip(ASPECTS.items(), shares, strict=True)
    ]
    return valid_content("F01", dimensions=rows)


def _rectification_report(letter_number: str, item: str | None) -> dict[str, Any]:
    """All problems put right, or the one the report is about."""
    content = valid_content("F11", letter_number=letter_number)
    done = {key: content["items"][0][key] for key in DONE}
    rows = [{**row, **done, "unfinished_reason": None} for row in content["items"] if item in (None, row["id"])]
    return content | {"items": rows}
