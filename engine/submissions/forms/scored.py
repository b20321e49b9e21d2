"""A paper that carries a score, as rows with points: what scoring reads of F06 to F09.

F06 and F07 are scored by a method set. F08 and F09 carry the points a person gave; here they are only told and added
up. Read is stored content (figures as text) of a version the checks let pass.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from engine.scoring import (
    DateTarget,
    Given,
    Judgement,
    Measured,
    Method,
    NotApplicable,
    Row,
    ScoredRow,
    ScoreSheet,
    Sheet,
    UnsoundSheet,
    execution_of,
    method_set,
    score,
)
from engine.scoring.deductions import evaluation_told, review_told
from engine.scoring.numbers import HUNDRED, as_decimal, plain, rounded
from engine.submissions.forms.measured import quantity
from engine.submissions.forms.paths import cell
from engine.submissions.forms.review_points import EXECUTION, Counted, counted
from engine.submissions.forms.review_points import MONEY as ALL_MONEY
from engine.submissions.forms.spot_review_sheet import CLAUSES
from engine.words import Attainment

Stored = Mapping[str, Any]

MONEY = "funds.score"
"""The row of 预算执行率 in every form; no row of a table can have such an id."""
BANDS = Attainment.labels()
UNDIVIDED = "绩效指标"
"""What all rows of a list without levels stand under."""


@dataclass(frozen=True, slots=True)
class Added:
    """A form whose points are given by a person and added up here: where they stand, and how a row tells its own."""

    method: Method
    table: str
    column: str
    money: str
    rows: Callable[[Stored], tuple[ScoredRow, ...]]


def scored(content: Stored, method: str) -> ScoreSheet:
    """The rows of a stored paper with their points: by a method set (F06, F07) or by one of `ADDED` (F08, F09)."""
    if method in ADDED:
        return ScoreSheet(ADDED[method].rows(content), method)
    return score(self_evaluation_sheet(content), method_set(method))


def method_told(method: str) -> Method:
    """Title, source and status of a method set or of a sum; refuses one that is not known."""
    if method in ADDED:
        return ADDED[method].method
    chosen = method_set(method)
    return Method(chosen.id, chosen.title, chosen.source, chosen.status)


def methods_of_rows(method: str) -> Mapping[str, Method]:
    """The methods of single rows by their id; a sum has none."""
    return {} if method in ADDED else {each.id: each for each in method_set(method).methods.values()}


def cell_of(row_id: str, method: str) -> str:
    """The path of the cell in which the points of a row stand."""
    table, column, money = ("indicators", "score", MONEY)
    if method in ADDED:
        table, column, money = ADDED[method].table, ADDED[method].column, ADDED[method].money
    return money if row_id == MONEY else cell(table, row_id, column)


class Unanswered(Exception):
    """A cell is empty without which a row cannot be scored; the checks of the form say which."""


def self_evaluation_sheet(content: Stored) -> Sheet:
    """F06 or F07, stored or only read, as a score sheet: the indicator rows and, if it weighs anything, 预算执行率.

    Points that were typed count instead of those of the method where `explanations` says why (Given).
    """
    explained = content.get("explanations", {})
    rows = [
        Row(*_heading(row), Decimal(_filled(row, "weight")), _measured(row, explained), _given(row, explained))
        for row in content.get("indicators", [])
    ]
    funds = content.get("funds", {})
    weight = as_decimal(funds.get("weight"))
    if weight:
        money = funds.get("total", {})
        budget, executed = _filled(money, "annual_budget_wan"), _filled(money, "executed_amount_wan")
        measured, given = execution_of(Decimal(budget), Decimal(executed)), _given(funds, explained, MONEY)
        rows.append(Row(MONEY, EXECUTION, EXECUTION, EXECUTION, weight, measured, given))
    return Sheet(tuple(rows))


def _filled(cells: Stored, name: str) -> Any:
    value = cells.get(name)
    if value is None:
        raise Unanswered(name)
    return value


def _given(cells: Stored, explained: Stored, path: str = "") -> Given | None:
    points, reason = as_decimal(cells.get("score")), explained.get(path or cell("indicators", cells["id"], "score"))
    return Given(points, reason) if points is not None and reason else None


def _heading(row: Stored) -> tuple[str, str, str, str]:
    return row["id"], row.get("level1") or UNDIVIDED, row.get("level2") or "", _filled(row, "name")


def _measured(row: Stored, explained: Stored) -> Measured:
    if row.get("not_applicable_reason"):
        return NotApplicable(row["not_applicable_reason"])
    if row.get("direction") == "qualitative":
        share = Decimal(_filled(row, "attainment_percent")) / HUNDRED
        if share > 1:
            raise Unanswered("attainment_percent")
        reason = explained.get(cell("indicators", row["id"], "attainment_percent"), "未写说明")
        return Judgement(BANDS[_filled(row, "attainment")], share, reason)
    if row.get("target_date"):
        return _date(row)
    found = quantity(row, row.get("actual_value"))
    if found is None:
        raise Unanswered("actual_value")
    return found


def _date(row: Stored) -> DateTarget:
    """A day that was kept has its points whatever was typed; one that was missed those a person gave."""
    due_on, done_on = _day(row["target_date"]), _day(_filled(row, "actual_date"))
    if done_on <= due_on:
        return DateTarget(due_on, done_on)
    return DateTarget(due_on, done_on, Decimal(_filled(row, "score")), _filled(row, "deviation_reason"))


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _reviewed_rows(content: Stored) -> tuple[ScoredRow, ...]:
    """F08: every row as it was self-evaluated and reviewed, and the points for 预算执行率."""
    counts = counted(content)
    if counts is None:
        raise UnsoundSheet("复核得分没有填全，无法计分。请逐条补填。")
    rows = [_reviewed(row, counts[row["id"]]) for row in content["indicators"]]
    before, own = as_decimal(content.get("self_execution_score")), as_decimal(content.get("execution_score"))
    money, told = counts[ALL_MONEY], "全年预算数为 0，不适用" if own is None else review_told(before, rounded(own))
    execution = ScoredRow(
        *(MONEY, EXECUTION, EXECUTION, EXECUTION),
        weight=money.weight,
        score=money.points,
        formula=_moved(told, money),
        measured=f"当年预算 {content['annual_budget_wan']} 万元，全年执行数 {content['executed_amount_wan']} 万元",
        method=SPOT_REVIEW,
    )
    return (*rows, execution)


def _reviewed(row: Stored, count: Counted) -> ScoredRow:
    own, before = as_decimal(row.get("review_score")), as_decimal(row.get("self_score"))
    clause, percent = dict(CLAUSES).get(row.get("clause", "")), row.get("cut_percent")
    cut = f"按“{clause}”扣减 {plain(Decimal(percent))}%" if clause and percent is not None else ""
    measured = (
        ("指标值", _wanted(row)),
        ("自评", _with_unit(row, "self_value") or row.get("self_text")),
        ("复核", _with_unit(row, "review_value") or row.get("review_text")),
    )
    if own is None:
        told = f"不适用（{row['not_applicable_reason']}）"
    else:
        told = review_told(before, rounded(own), cut, row.get("reason", ""))
    return ScoredRow(
        *_heading(row),
        weight=count.weight,
        score=count.points,
        formula=_moved(told, count),
        measured=_told(measured),
        method=SPOT_REVIEW,
    )


def _moved(told: str, count: Counted) -> str:
    """How a row came to its points, and that it counts for more where others do not apply."""
    if count.points is None or count.weight == count.printed:
        return told
    moved = f"分值由 {plain(count.printed)} 调整为 {plain(count.weight)}，计 {plain(count.points)}"
    return f"{told}；有不适用的指标，{moved}"


def _wanted(row: Stored) -> str:
    """The target as the paper has it: a number with its sign, an interval, a day, or words."""
    if row.get("target_value") is not None:
        return f"{row['direction']}{_with_unit(row, 'target_value')}"
    if row.get("lower") is not None and row.get("upper") is not None:
        return f"{row['lower']}—{_with_unit(row, 'upper')}"
    return str(row.get("target_date") or row.get("target_text") or "")


def _with_unit(row: Stored, key: str) -> str:
    return "" if row.get(key) is None else f"{row[key]}{row.get('unit', '')}"


def _evaluated_rows(content: Stored) -> tuple[ScoredRow, ...]:
    """F09: every row from its weight down."""
    return tuple(_evaluated(row) for row in content["rows"])


def _evaluated(row: Stored) -> ScoredRow:
    points, weight = rounded(Decimal(row["score"])), Decimal(row["weight"])
    grounds = (row.get("deduction_reason", ""), row.get("clause", ""), "、".join(row.get("evidence", [])))
    labelled = zip(("", "依据：", "证据："), grounds, strict=True)
    return ScoredRow(
        *_heading(row),
        weight=weight,
        score=points,
        formula=evaluation_told(weight, points, "；".join(f"{label}{part}" for label, part in labelled if part)),
        measured=_told((("目标", row.get("target")), ("实际", row.get("actual")))),
        method=KEY_EVALUATION,
    )


def _told(measured: tuple[tuple[str, str | None], ...]) -> str:
    return "，".join(f"{label}：{value}" for label, value in measured if value)


SPOT_REVIEW = "f08.sum_of_rows@1"
KEY_EVALUATION = "f09.sum_of_rows@1"
ADDED: Mapping[str, Added] = {
    SPOT_REVIEW: Added(
        Method(SPOT_REVIEW, "各行与执行率复核得分之和；不适用的分值并入同一一级指标", "表单目录 F08", "default"),
        table="indicators",
        column="review_score",
        money="execution_score",
        rows=_reviewed_rows,
    ),
    KEY_EVALUATION: Added(
        Method(KEY_EVALUATION, "各行从分值起扣，得分之和", "表单目录 F09", "default"),
        table="rows",
        column="score",
        money="",
        rows=_evaluated_rows,
    ),
}
