"""The points of F06 and F07: reckoned by the method of the jurisdiction, cell by cell, and what was typed otherwise.

An empty 得分 is filled in. A typed one that differs is a finding at its cell; explained, it counts, and the total is
that of the register. Whatever the method cannot score is said here, before the form is handed in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.errors import InvalidInput
from engine.findings import FormFinding
from engine.scoring import Method, MethodSet, ScoreSheet, by_method, score
from engine.scoring.numbers import HUNDRED, as_decimal, plain, rounded, shown, total
from engine.submissions.forms import indicators as rows
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.findings import weighed, wrong
from engine.submissions.forms.measured import methods_for
from engine.submissions.forms.scored import MONEY, Unanswered, self_evaluation_sheet
from engine.submissions.forms.shape import Data


@dataclass(frozen=True, slots=True)
class _Points:
    """One 得分 cell: what was typed, what the method gives (None: 不适用), and why another figure may stand."""

    path: str
    said: str
    weight: Decimal
    typed: Decimal | None
    wanted: Decimal | None
    method: Method
    explained: bool

    @property
    def differs(self) -> bool:
        """Whether something else was typed than the method gives."""
        return self.typed is not None and self.wanted is not None and rounded(self.typed) != self.wanted


@dataclass(frozen=True, slots=True)
class _Reckoned:
    """The sheet as the register keeps it, and its cells as they stand in the form."""

    scored: ScoreSheet
    cells: tuple[_Points, ...]


def figures(data: Data, context: FormContext) -> dict[str, Any]:
    """The points of every row that has none, and the total; nothing while rows are open or cannot be scored."""
    methods = methods_for(context)
    if methods is None:
        return {}
    try:
        reckoned = _reckoned(data, methods)
    except (Unanswered, InvalidInput):
        return {}
    unsettled = any(cell.differs and not cell.explained for cell in reckoned.cells)
    points = {cell.path: cell.wanted for cell in reckoned.cells if cell.typed is None}
    return points | {"total_score": None if unsettled else reckoned.scored.total}


def scores_agree(data: Data, context: FormContext) -> Iterator[FormFinding]:
    """Typed points are those of the method, and whatever passes can be scored."""
    methods = methods_for(context)
    if methods is None:
        text = f"{context.fiscal_year} 年资金怎样计分没有规定，算不出得分。请先向财政部门核实。"
        yield wrong(rows.TABLE, text, "计分方法")
    elif whole_weight(data) == HUNDRED:
        yield from _agree(data, methods)


def is_unscored(content: Mapping[str, Any]) -> bool:
    """Whether nothing in a self-evaluation, read or stored, has a weight or points: a form without such columns."""
    rows_and_money = [*content.get(rows.TABLE, ()), content.get("funds", {})]
    return not any(as_decimal(each.get("weight")) or each.get("score") is not None for each in rows_and_money)


def whole_weight(data: Data) -> Decimal | None:
    """What the indicators and 预算执行率 weigh together; None as long as an indicator has no weight."""
    weights = [row.get("weight") for row in rows.rows_of(data)]
    if not weights or None in weights:
        return None
    return total([*weights, data.get("funds", {}).get("weight")])


def _agree(data: Data, methods: MethodSet) -> Iterator[FormFinding]:
    try:
        reckoned = _reckoned(data, methods)
    except Unanswered:
        return
    except InvalidInput as refused:
        yield wrong(rows.TABLE, refused.message, f"计分方法“{methods.title}”")
        return
    for cell in reckoned.cells:
        if cell.typed is None:
            continue
        typed = f"{cell.said}填的是 {shown(cell.typed)}"
        if cell.wanted is None and cell.typed:
            yield wrong(cell.path, f"{typed}，本行不适用，不计分。请清空得分，或去掉不适用原因。")
        elif cell.differs and cell.wanted is not None and cell.typed <= cell.weight:
            text = f"{typed}，按方法应为 {plain(cell.wanted)}。请核对，或清空由系统计算"
            source, status = f"{cell.method.title}：{cell.method.source}", cell.method.status
            advice = "。" if status == "stated" else "；确需保留，请写说明。"
            yield weighed(status, cell.path, f"{text}{advice}", source)


def _reckoned(data: Data, methods: MethodSet) -> _Reckoned:
    """Refuses (Unanswered, InvalidInput) what cannot be scored."""
    sheet = self_evaluation_sheet(data)
    scored, wanted = score(sheet, methods), by_method(sheet, methods)
    used = {method.id: method for method in methods.methods.values()}
    explained = data.get("explanations", {})
    by_id = {row["id"]: row for row in rows.rows_of(data)}
    cells = []
    for row in scored.rows:
        money = row.id == MONEY
        path, said = (MONEY, "执行率得分") if money else _of_indicator(by_id[row.id])
        printed = data["funds"] if money else by_id[row.id]
        weight, typed = printed["weight"], printed.get("score")
        cells.append(_Points(path, said, weight, typed, wanted[row.id], used[row.method], bool(explained.get(path))))
    return _Reckoned(scored, tuple(cells))


def _of_indicator(row: rows.Row) -> tuple[str, str]:
    return rows.at(row, "score"), f"指标{rows.called(row)}得分"
