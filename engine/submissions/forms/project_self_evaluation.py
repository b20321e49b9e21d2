"""F06 项目支出绩效自评表: what the project really did with its money, row by row against the frozen target.

Source: forms.md F06; CH-09, CH-10, HC-12, HX-15, HX-16, JH-09; W7 (the form as filled by a town).
"""

from collections.abc import Iterator

from engine.findings import FormFinding
from engine.scoring.numbers import shown
from engine.submissions.forms import entries as e
from engine.submissions.forms import indicators as rows
from engine.submissions.forms import money
from engine.submissions.forms import self_evaluation_totals as totals
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.findings import noted
from engine.submissions.forms.form import ONE_OBJECT, Data, Form
from engine.submissions.forms.grading import grade_agrees
from engine.submissions.forms.header import known, same_name_as_budget, same_year_as_case
from engine.submissions.forms.self_evaluation_rows import SelfEvaluatedRow, rows_are_answered
from engine.submissions.forms.self_evaluation_scores import scores_agree
from engine.submissions.forms.sheets import FileRow, FormSchema
from engine.words import UnitKind


class ProjectSelfEvaluation(FormSchema):
    """The cells of F06."""

    project_name = e.text("项目名称", required="须与目标表一致")
    fiscal_year = e.year("年度", required="按资金年度自评")
    department = e.text("主管部门", required="须写明主管部门")
    implementing_unit = e.text("实施单位", required="须写明实施单位")
    target_version = e.whole("目标版本", lowest=1, highest=999, hint="自评所对照的已定目标")
    funds = e.part("项目资金", money.ExecutionTable)
    fund_lines = e.rows("资金分行", money.FundLine, limit=40, hint="同一项目有多笔资金时填写")
    expected_goal = e.long_text("年度总体目标：预期目标", required="照已定目标填写")
    actual_goal = e.long_text("年度总体目标：实际完成情况", required="须写明完成情况", own_words=True)
    indicators = e.rows("绩效指标自评", SelfEvaluatedRow, required="须逐条自评")
    total_score = e.score("总分", computed=True)
    grade = e.text("等级", limit=10, hint="按本区等级表")
    filed = e.yes_no("已报财政备案", office=UnitKind.FINANCE, recorded_in="自评备案")
    filed_on = e.day("备案日期", office=UnitKind.FINANCE, recorded_in="自评备案")
    report = e.rows("自评报告", FileRow, limit=10)


def _heading(data: Data, context: FormContext) -> Iterator[FormFinding]:
    yield from same_name_as_budget(data, context, "project_name", "项目名称")
    yield from same_year_as_case(data, context)
    yield from totals.target_is_current(data, context)


def _funds(data: Data, context: FormContext) -> Iterator[FormFinding]:
    funds = data.get("funds", {})
    yield from money.sources_add_up(funds)
    yield from money.spent_within_budget(funds, (("total", "年度资金总额"), *money.SOURCES), "funds")
    yield from money.no_budget_no_rate(funds.get("total", {}), "funds.execution_rate")
    yield from money.lines_add_up(data)
    yield from totals.budget_is_in_force(data, context)
    yield from totals.execution_points_fit(data)


def _grade(data: Data, context: FormContext) -> Iterator[FormFinding]:
    yield from grade_agrees(data.get("total_score"), data.get("grade"), context)


def _filing(data: Data, context: FormContext) -> Iterator[FormFinding]:
    budget = data.get("funds", {}).get("total", {}).get("annual_budget_wan")
    if budget is None or data.get("filed"):
        return
    answer = context.ask("self_evaluation_filing_required", amount_wan=budget)
    if not answer.undefined and answer.outputs.get("required"):
        text = f"全年预算数 {shown(budget)} 万元，自评完成后须报财政备案。"
        yield noted("filed", text, answer.source or "self_evaluation_filing_required", answer.status or "default")


def _blank(context: FormContext) -> Data:
    return known(
        project_name=context.object_name,
        fiscal_year=context.fiscal_year,
        department=context.department_name,
        implementing_unit=context.unit_name,
        target_version=context.target_version,
        funds=totals.execution_block(context),
    )


def _prefill(context: FormContext) -> Data:
    target = context.target or {}
    return known(
        expected_goal=target.get("annual_goal"),
        indicators=rows.copied(context.target, rows.FROZEN_COLUMNS),
    )


FORM = Form(
    code="F06",
    title="项目支出绩效自评表",
    object_kinds=ONE_OBJECT,
    schema=ProjectSelfEvaluation(),
    rules=(_heading, _funds, rows_are_answered, scores_agree, totals.report_is_there, _grade, _filing),
    figures=totals.figures,
    blank=_blank,
    prefill=_prefill,
)
