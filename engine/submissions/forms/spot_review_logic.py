"""Contradictions a spot review looks for (an agency's standard, G7): all ask for a sentence, none stops a form."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from engine.findings import FormFinding
from engine.scoring.numbers import HUNDRED, percentage, shown
from engine.scoring.totals import in_full, share_in_full
from engine.submissions.forms import indicators as rows
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.findings import listed, noted
from engine.submissions.forms.shape import Data
from engine.submissions.forms.templates import template


def logic_holds(data: Data, context: FormContext) -> Iterator[FormFinding]:
    """All logic tests of the template, on rows and on the whole."""
    reviewed, rules = rows.rows_of(data), template("spot_review")
    yield from _acceptance(data, reviewed, rules["unaccepted"])
    yield from _spending(data, reviewed, rules["near_zero_execution"])
    for row in reviewed:
        yield from _finished_in_time(row, context, rules["after_year_end"])
    if data.get("self_total_score") == HUNDRED:
        text = "自评总分为 100，请重点核对佐证和指标值。"
        yield noted("self_total_score", text, rules["full_marks"]["source"])


def _acceptance(data: Data, reviewed: list[Data], rule: dict[str, Any]) -> Iterator[FormFinding]:
    if data.get("accepted") is not False:
        return
    full = [row for row in _under(reviewed, "数量指标") if in_full(*_points(row))]
    empty = [row for row in _under(reviewed, "质量指标") if row.get("review_score") == 0]
    if full and empty:
        text = "项目尚未验收，数量指标得满分而质量指标得 0 分，前后矛盾。请统一口径，或写说明。"
        yield listed(rule, rows.at(empty[0], "review_score"), text)


def _spending(data: Data, reviewed: list[Data], rule: dict[str, Any]) -> Iterator[FormFinding]:
    rate = percentage(data.get("executed_amount_wan"), data.get("annual_budget_wan"))
    share = share_in_full(_points(row) for row in reviewed)
    if rate is None or share is None:
        return
    if rate < Decimal(rule["execution_below"]) and share >= Decimal(rule["reached_from"]):
        text = f"预算执行率只有 {shown(rate)}%，却有 {shown(share)}% 的分值得满分。请核对，或写说明。"
        yield listed(rule, "executed_amount_wan", text)


def _finished_in_time(row: rows.Row, context: FormContext, rule: dict[str, Any]) -> Iterator[FormFinding]:
    finished = row.get("completed_on")
    late = finished and finished > date(context.fiscal_year, 12, 31)
    if late and row.get("level2") == "时效指标" and in_full(*_points(row)):
        text = f"指标{rows.called(row)}完成于 {finished}，已过当年年底，时效却得满分。请更正，或写说明。"
        yield listed(rule, rows.at(row, "review_score"), text)


def _under(reviewed: list[Data], level2: str) -> list[Data]:
    return [row for row in reviewed if row.get("level2") == level2]


def _points(row: rows.Row) -> tuple[Decimal | None, Decimal | None]:
    """Full marks and reviewed points."""
    return row.get("weight"), row.get("review_score")
