"""The heading most forms share: whose form it is, and that it is the case's own."""

from collections.abc import Iterator
from typing import Any

from engine.findings import FormFinding
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.findings import wrong
from engine.submissions.forms.shape import Data


def known(**cells: Any) -> Data:
    """The cells that have something in them, as plain JSON."""
    return {key: value for key, value in cells.items() if value not in (None, "", [], {})}


def same_name_as_budget(data: Data, context: FormContext, key: str, label: str) -> Iterator[FormFinding]:
    """The name is that of the budget line; papers with another name cannot be matched to the money."""
    name = data.get(key)
    if name and context.object_name and name != context.object_name:
        yield wrong(key, f"“{label}”填的是“{name}”，预算中为“{context.object_name}”。请与预算保持一致。")


def same_year_as_case(data: Data, context: FormContext) -> Iterator[FormFinding]:
    """The year is that of the money."""
    year = data.get("fiscal_year")
    if year is not None and year != context.fiscal_year:
        yield wrong("fiscal_year", f"年度填的是 {year}，本件的资金年度是 {context.fiscal_year}。请更正。")
