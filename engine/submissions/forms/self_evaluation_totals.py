"""What F06 and F07 have in common around their rows: the version they answer to, the budget, the totals."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from engine.findings import FormFinding
from engine.scoring.numbers import HUNDRED, as_decimal, shown, text_of, total
from engine.submissions.forms import indicators as rows
from engine.submissions.forms import money, self_evaluation_scores
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.findings import ruled, wrong
from engine.submissions.forms.header import known
from engine.submissions.forms.self_evaluation_scores import whole_weight
from engine.submissions.forms.shape import Data
from engine.submissions.forms.trees import tree_for


def target_is_current(data: Data, context: FormContext) -> Iterator[FormFinding]:
    """The self-evaluation answers to the target version in force (HX-06, HX-19)."""
    version, frozen = data.get("target_version"), context.target_version
    if version is not None and frozen is not None and version != frozen:
        text = f"自评对照的是第 {version} 版目标，现行已定目标是第 {frozen} 版。请按现行目标自评。"
        yield wrong("target_version", text, "HX-06")


def budget_is_in_force(data: Data, context: FormContext) -> Iterator[FormFinding]:
    """全年预算数 is the amount in the budget line after all adjustments."""
    budget = data.get("funds", {}).get("total", {}).get("annual_budget_wan")
    if budget is not None and context.amount_wan is not None and budget != context.amount_wan:
        text = f"全年预算数 {shown(budget)} 与预算（调整后）{shown(context.amount_wan)} 不一致，请核对。"
        yield wrong("funds.total.annual_budget_wan", text)


def execution_points_fit(data: Data) -> Iterator[FormFinding]:
    """The points for 预算执行率 are within their marks, and indicators and 预算执行率 together weigh 100."""
    score, marks = data.get("funds", {}).get("score"), data.get("funds", {}).get("weight")
    if score is not None and marks is not None and score > marks:
        yield wrong("funds.score", f"执行率得分 {shown(score)} 大于分值 {shown(marks)}，请更正。")
    whole = whole_weight(data)
    if whole is not None and whole != HUNDRED:
        text = f"指标分值与执行率分值合计是 {shown(whole)}，应为 100。请按已定目标核对。"
        yield wrong("funds.weight", text)


def report_is_there(data: Data, context: FormContext) -> Iterator[FormFinding]:
    """Where a self-evaluation is a form and a report, both come (HC-12)."""
    if data.get("report"):
        return
    answer = context.ask("self_evaluation_report_required", object_kind=context.object_kind)
    if not answer.undefined and answer.outputs.get("required"):
        yield ruled(answer, "report", "本区自评包括自评表和自评报告，没有附自评报告。请补附。")


def figures(data: Data, context: FormContext) -> dict[str, Any]:
    """The execution rate, the version of the target where none was typed, the points and the total by the method."""
    rate = money.execution_percent(data.get("funds", {}).get("total", {}))
    answered_to = context.target_version if data.get("target_version") is None else None
    told = {"funds.execution_rate": rate, "target_version": answered_to}
    return told | self_evaluation_scores.figures(data, context)


def execution_block(context: FormContext) -> Data:
    """The money block as handed out: the budget now in force, and for its execution what the target leaves of 100."""
    amount = None if context.amount_wan is None else text_of(context.amount_wan)
    return known(weight=text_of(_execution_weight(context)), total=known(annual_budget_wan=amount))


def _execution_weight(context: FormContext) -> Decimal:
    target = context.target or {}
    weights = [as_decimal(row.get("weight")) for row in target.get(rows.TABLE, [])]
    if not weights or None in weights:
        return tree_for(context, target.get("template")).execution_weight
    return HUNDRED - total(weights)
