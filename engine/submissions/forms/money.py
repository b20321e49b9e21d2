"""Money blocks: an amount by source, and the table of budget and execution (A 全年预算数, B 全年执行数).

All amounts 万元. A real form (W7) shows total 0/0/0 beside 90/89.974 in the lines: that is what `sources_add_up` stops.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from engine.findings import FormFinding
from engine.scoring.numbers import percentage, shown, total
from engine.submissions.forms.entries import money, part, percent, score, text, weight
from engine.submissions.forms.findings import doubted, noted, wrong
from engine.submissions.forms.paths import cell, look_up
from engine.submissions.forms.shape import Data
from engine.submissions.forms.sheets import BlockSchema, RowSchema

SOURCES = (
    ("fiscal", "本年财政拨款"),
    ("carry_over", "上年结转资金"),
    ("other", "其他资金"),
    ("account", "财政专户管理资金"),
    ("unit", "单位资金"),
)
"""Where money comes from; the last two stand in the forms of some places only and are left empty elsewhere."""
AMOUNTS = (
    ("initial_budget_wan", "年初预算数"),
    ("annual_budget_wan", "全年预算数"),
    ("executed_amount_wan", "执行数"),
)


class AmountBySource(BlockSchema):
    """One amount and where it comes from."""

    total_wan = money("总额", required="资金是目标和评价的基础")
    fiscal_wan = money("财政拨款", required="须列明来源，没有的填 0")
    carry_over_wan = money("上年结转", required="须列明来源，没有的填 0")
    other_wan = money("其他资金", required="须列明来源，没有的填 0")
    account_wan = money("财政专户管理资金", hint="表上单列的地区填写")
    unit_wan = money("单位资金", hint="表上单列的地区填写")


class Execution(BlockSchema):
    """One line of the execution table."""

    initial_budget_wan = money("年初预算数", required="须填，没有的填 0")
    annual_budget_wan = money("全年预算数", required="这是预算执行率的分母 A")
    executed_amount_wan = money("全年执行数", required="这是预算执行率的分子 B")


class OtherExecution(BlockSchema):
    """A line that only the forms of some places have."""

    initial_budget_wan = money("年初预算数", hint="表上单列的地区填写")
    annual_budget_wan = money("全年预算数", hint="表上单列的地区填写")
    executed_amount_wan = money("执行数", hint="表上单列的地区填写")


class FundLine(RowSchema):
    """One of several fund lines of a project (HX-16): counted once as a project, summed by line."""

    name = text("资金名称", required="多笔资金须分行列明")
    annual_budget_wan = money("全年预算数", required="须填")
    executed_amount_wan = money("全年执行数", required="须填")
    self_score = score("自评得分", hint="花溪区按行自评")


class ExecutionTable(BlockSchema):
    """年度资金总额 and its lines, with the execution rate and the points for it."""

    total = part("年度资金总额", Execution)
    fiscal = part("本年财政拨款", Execution)
    carry_over = part("上年结转资金", Execution)
    other = part("其他资金", Execution)
    account = part("财政专户管理资金", OtherExecution)
    unit = part("单位资金", OtherExecution)
    execution_rate = percent("预算执行率", computed=True, hint="B/A")
    weight = weight("执行率分值")
    score = score("执行率得分", hint="留空由系统按计分方法算出")


class PeriodExecution(BlockSchema):
    """One line of the monitoring table: execution up to month N."""

    initial_budget_wan = money("年初预算数", required="须填，没有的填 0")
    annual_budget_wan = money("全年预算数（调整后）", required="这是执行率的分母")
    executed_amount_wan = money("1–N 月执行数", required="这是执行率的分子")


class PeriodTable(BlockSchema):
    """年度资金总额 and its lines up to month N."""

    total = part("年度资金总额", PeriodExecution)
    fiscal = part("本年财政拨款", PeriodExecution)
    carry_over = part("上年结转资金", PeriodExecution)
    other = part("其他资金", PeriodExecution)
    account = part("财政专户管理资金", OtherExecution)
    unit = part("单位资金", OtherExecution)
    execution_rate = percent("1–N 月执行率", computed=True, hint="执行数/全年预算数")


def amount_adds_up(block: Mapping[str, Any], path: str, label: str) -> Iterator[FormFinding]:
    """The total of an amount by source is the sum of its sources."""
    sources = {name: block.get(f"{name}_wan") for name, _ in SOURCES}
    whole, always = block.get("total_wan"), ("fiscal", "carry_over", "other")
    if whole is None or any(sources[name] is None for name in always):
        return
    if whole != total(sources.values()):
        yield _mismatch(f"{path}.total_wan", label, whole, total(sources.values()))


def sources_add_up(table: Mapping[str, Any]) -> Iterator[FormFinding]:
    """Every column of the execution table: 年度资金总额 is the sum of its lines."""
    for column, label in AMOUNTS:
        whole = table.get("total", {}).get(column)
        lines = [table.get(name, {}).get(column) for name, _ in SOURCES]
        if whole is None or all(amount is None for amount in lines):
            continue
        if whole != total(lines):
            yield _mismatch(f"funds.total.{column}", f"年度资金总额的“{label}”", whole, total(lines))


def spent_within_budget(
    table: Mapping[str, Any], blocks: Sequence[tuple[str, str]], path: str
) -> Iterator[FormFinding]:
    """B ≤ A in every line, or explain; spending without any budget contradicts itself."""
    for name, label in blocks:
        line = table.get(name, {})
        budget, executed = line.get("annual_budget_wan"), line.get("executed_amount_wan")
        if budget is None or executed is None or executed <= budget:
            continue
        place = f"{path}.{name}.executed_amount_wan"
        if budget == 0:
            text = f"“{label}”没有全年预算数，却有执行数 {shown(executed)} 万元。请补填预算数或更正执行数。"
            yield wrong(place, text)
        else:
            text = f"“{label}”的执行数 {shown(executed)} 大于全年预算数 {shown(budget)}。请核对；确属超支，请写说明。"
            yield doubted(place, text)


def no_budget_no_rate(line: Mapping[str, Any], path: str) -> Iterator[FormFinding]:
    """With A = 0 the execution rate has no meaning, and its points are not zero but not applicable."""
    if line.get("annual_budget_wan") == 0 and line.get("executed_amount_wan") == 0:
        yield noted(path, "全年预算数为 0，预算执行率不适用，不按 0 分计。", "表单目录 F06")


def lines_add_up(data: Data) -> Iterator[FormFinding]:
    """Several fund lines together are the project's money (HX-16)."""
    lines = data.get("fund_lines", [])
    for column, label in AMOUNTS[1:]:
        whole = look_up(data, f"funds.total.{column}")
        amounts = [line.get(column) for line in lines]
        if lines and whole is not None and total(amounts) != whole:
            yield _mismatch(f"funds.total.{column}", f"年度资金总额的“{label}”", whole, total(amounts), "资金分行合计")
    for line in lines:
        budget, executed = line.get("annual_budget_wan"), line.get("executed_amount_wan")
        if budget is not None and executed is not None and executed > budget:
            place = cell("fund_lines", line["id"], "executed_amount_wan")
            name = line.get("name", "")
            text = f"资金“{name}”的执行数 {shown(executed)} 大于预算数 {shown(budget)}，请核对或写说明。"
            yield doubted(place, text)


def execution_percent(line: Mapping[str, Any]) -> Decimal | None:
    """执行率 B/A as a percentage; None where A is nothing."""
    return percentage(line.get("executed_amount_wan"), line.get("annual_budget_wan"))


def _mismatch(path: str, label: str, whole: Decimal, parts: Decimal, parts_name: str = "分项合计") -> FormFinding:
    gap = shown(abs(whole - parts))
    text = f"{label} {shown(whole)} 与{parts_name} {shown(parts)} 不一致，差 {gap} 万元。请逐项核对。"
    return wrong(path, text)
