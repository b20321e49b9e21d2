"""F07 部门整体自评表: the rows of F04 with what was done, and the department's money in three blocks.

Source: forms.md F07; JH-09, CH-14 (basic and project expenditure), CH-26.
"""

from collections.abc import Iterator
from typing import Any

from engine.findings import FormFinding
from engine.scoring.numbers import shown, total
from engine.submissions.forms import entries as e
from engine.submissions.forms import indicators as rows
from engine.submissions.forms import money
from engine.submissions.forms import self_evaluation_totals as totals
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.findings import wrong
from engine.submissions.forms.form import Data, Form
from engine.submissions.forms.grading import grade_agrees
from engine.submissions.forms.header import known, same_name_as_budget, same_year_as_case
from engine.submissions.forms.self_evaluation_rows import SelfEvaluatedRow, rows_are_answered
from engine.submissions.forms.self_evaluation_scores import scores_agree
from engine.submissions.forms.sheets import BlockSchema, FileRow, FormSchema

BLOCKS = (("total", "部门整体"), ("basic", "基本支出"), ("project", "项目支出"))


class RatedExecution(money.Execution):
    """One block with its own execution rate."""

    execution_rate = e.percent("预算执行率", computed=True, hint="B/A")


class DepartmentFunds(BlockSchema):
    """部门整体 = 基本支出 + 项目支出."""

    total = e.part("部门整体", money.Execution)
    basic = e.part("基本支出", RatedExecution)
    project = e.part("项目支出", RatedExecution)
    execution_rate = e.percent("部门整体预算执行率", computed=True, hint="B/A")
    weight = e.weight("执行率分值")
    score = e.score("执行率得分", hint="留空由系统按计分方法算出")


class DepartmentSelfEvaluation(FormSchema):
    """The cells of F07."""

    department_name = e.text("部门（单位）名称", required="须与目标表一致")
    fiscal_year = e.year("年度", required="按资金年度自评")
    target_version = e.whole("目标版本", lowest=1, highest=999, hint="自评所对照的已定目标")
    funds = e.part("部门资金", DepartmentFunds)
    expected_goal = e.long_text("年度总体目标：预期目标", required="照已定目标填写")
    actual_goal = e.long_text("年度总体目标：实际完成情况", required="须写明完成情况", own_words=True)
    indicators = e.rows("绩效指标自评", SelfEvaluatedRow, required="须逐条自评")
    total_score = e.score("总分", computed=True)
    grade = e.text("等级", limit=10, hint="按本区等级表")
    problems = e.long_text("存在问题", required="没有问题的写“无”", own_words=True)
    next_measures = e.long_text("下一步措施", required="没有的写“无”", own_words=True)
    report = e.rows("自评报告", FileRow, limit=10)


def _heading(data: Data, context: FormContext) -> Iterator[FormFinding]:
    yield from same_name_as_budget(data, context, "department_name", "部门（单位）名称")
    yield from same_year_as_case(data, context)
    yield from totals.target_is_current(data, context)


def _funds(data: Data, context: FormContext) -> Iterator[FormFinding]:
    funds = data.get("funds", {})
    for column, label in money.AMOUNTS:
        whole = funds.get("total", {}).get(column)
        parts = [funds.get(name, {}).get(column) for name, _ in BLOCKS[1:]]
        if whole is not None and None not in parts and whole != total(parts):
            text = f"部门整体的“{label}” {shown(whole)} 与基本支出、项目支出合计 {shown(total(parts))} 不一致，请核对。"
            yield wrong(f"funds.total.{column}", text)
    yield from money.spent_within_budget(funds, BLOCKS, "funds")
    yield from money.no_budget_no_rate(funds.get("total", {}), "funds.execution_rate")
    yield from totals.budget_is_in_force(data, context)
    yield from totals.execution_points_fit(data)


def _grade(data: Data, context: FormContext) -> Iterator[FormFinding]:
    yield from grade_agrees(data.get("total_score"), data.get("grade"), context)


def _figures(data: Data, context: FormContext) -> dict[str, Any]:
    blocks = {
        f"funds.{name}.execution_rate": money.execution_percent(data.get("funds", {}).get(name, {}))
        for name, _ in BLOCKS[1:]
    }
    return blocks | totals.figures(data, context)


def _blank(context: FormContext) -> Data:
    return known(
        department_name=context.object_name or context.unit_name,
        fiscal_year=context.fiscal_year,
        target_version=context.target_version,
        funds=totals.execution_block(context),
    )


def _prefill(context: FormContext) -> Data:
    goals = [goal.get("text", "") for goal in (context.target or {}).get("goals", [])]
    return known(
        expected_goal="\n".join(goals),
        indicators=rows.copied(context.target, rows.FROZEN_COLUMNS),
    )


FORM = Form(
    code="F07",
    title="部门整体自评表",
    object_kinds=("whole_department",),
    schema=DepartmentSelfEvaluation(),
    rules=(_heading, _funds, rows_are_answered, scores_agree, totals.report_is_there, _grade),
    figures=_figures,
    blank=_blank,
    prefill=_prefill,
)
