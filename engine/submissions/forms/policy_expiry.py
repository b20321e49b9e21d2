"""F15 到期政策/项目再评估表: whether a policy that ends is continued, changed or ended.

Source: forms.md F15; HC-19 (continuation only on a completed evaluation), CH-30.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from engine.findings import FormFinding
from engine.scoring.numbers import shown, total
from engine.submissions.forms import entries as e
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.dates import in_order
from engine.submissions.forms.findings import listed, missing, noted
from engine.submissions.forms.form import ONE_OBJECT, Data, Form
from engine.submissions.forms.grading import grade_agrees
from engine.submissions.forms.header import known, same_name_as_budget
from engine.submissions.forms.sheets import FileRow, FormSchema, RowSchema
from engine.submissions.forms.templates import template
from engine.words import PolicyConclusion, UnitKind, options_of

CONCLUSIONS = options_of(PolicyConclusion)


class YearFunds(RowSchema):
    """The money of one year of the policy."""

    year = e.year("年度", required="资金按年列")
    budget_wan = e.money("预算", required="须填，没有的填 0")
    executed_amount_wan = e.money("支出", required="须填，没有的填 0")


class PolicyExpiryReview(FormSchema):
    """The cells of F15."""

    policy_name = e.text("政策名称", required="须写明政策")
    doc_number = e.text("文号", limit=80, required="须写明文号")
    start_on = e.day("起始日", required="须写明起止日")
    expiry_on = e.day("到期日", required="须写明起止日")
    first_reminder_on = e.day("首次提醒日", computed=True)
    second_reminder_on = e.day("再次提醒日", computed=True)
    department = e.text("主管部门", required="须写明主管部门")
    funds = e.rows("执行期资金", YearFunds, limit=30, required="须按年列明")
    funds_total_wan = e.money("资金合计", computed=True)
    evaluation_report = e.rows("评估报告", FileRow, limit=10, required="没有完成评价不能定是否延续")
    total_score = e.score("得分", required="须写明评价得分")
    grade = e.text("等级", limit=10, required="须写明评价等级")
    evaluated_on = e.day("评估完成日", required="须写明日期")
    finance_opinion = e.long_text(
        "财政综合评估意见", required_when="财政综合评估时", own_words=True, office=UnitKind.FINANCE
    )
    conclusion = e.choice("结论", CONCLUSIONS, required_when="财政综合评估时", office=UnitKind.FINANCE)
    new_policy = e.text("新政策文号", limit=200, required_when="延续或修订后延续", office=UnitKind.FINANCE)
    budget_year = e.year("预算年度", office=UnitKind.FINANCE)
    budget_wan = e.money("预算年度安排", office=UnitKind.FINANCE)


def _heading(data: Data, context: FormContext) -> Iterator[FormFinding]:
    yield from same_name_as_budget(data, context, "policy_name", "政策名称")
    yield from in_order(data, ("start_on", "起始日"), ("expiry_on", "到期日"))
    yield from grade_agrees(data.get("total_score"), data.get("grade"), context)


def _conclusion(data: Data, context: FormContext) -> Iterator[FormFinding]:
    conclusion, arranged, rules = data.get("conclusion"), data.get("budget_wan"), template("policy_expiry")
    expiry, evaluated = data.get("expiry_on"), data.get("evaluated_on")
    if bool(conclusion) != bool(data.get("finance_opinion")):
        place, label = ("finance_opinion", "财政综合评估意见") if conclusion else ("conclusion", "结论")
        yield missing(place, f"结论和财政综合评估意见须一并填写，缺“{label}”，请补填。", "HC-19")
    if conclusion == "revise" and not data.get("new_policy"):
        yield missing("new_policy", "修订后延续的，须写明新政策文号，请补填。", "表单目录 F15")
    if arranged and conclusion in (None, "terminate", "again"):
        said = "结论为终止" if conclusion == "terminate" else "没有结论"
        text = f"{said}，却安排了下年预算 {shown(arranged)} 万元。请改为 0；过渡期确需安排的，请写说明。"
        yield listed(rules["no_conclusion"], "budget_wan", text)
    if arranged and data.get("budget_year") is None:
        yield missing("budget_year", "安排了预算，没有写预算年度，请补填。", "表单目录 F15")
    if expiry and evaluated and evaluated > expiry:
        text = f"评估完成于 {evaluated}，已过到期日 {expiry}。请写明到期后的执行依据。"
        yield listed(rules["after_expiry"], "evaluated_on", text)
    if expiry and conclusion is None and context.today and context.today > expiry:
        text = f"政策已于 {expiry} 到期，尚无结论，下年不列预算。"
        yield noted("conclusion", text, rules["no_conclusion"]["source"])


def reminders(expiry_on: date) -> tuple[date, ...]:
    """The days on which the department is reminded, first one first."""
    days: list[int] = template("policy_expiry")["reminders"]["days_before"]
    return tuple(expiry_on - timedelta(days=before) for before in days)


def _figures(data: Data, context: FormContext) -> dict[str, Any]:
    funds, expiry = data.get("funds", []), data.get("expiry_on")
    first, second = reminders(expiry) if expiry else (None, None)
    return {
        "funds_total_wan": total(year.get("executed_amount_wan") for year in funds) if funds else None,
        "first_reminder_on": first,
        "second_reminder_on": second,
    }


def _facts(data: Data, context: FormContext) -> dict[str, Any]:
    return {} if data.get("conclusion") is None else {"policy_conclusion": data["conclusion"]}


def _blank(context: FormContext) -> Data:
    return known(policy_name=context.object_name, department=context.department_name)


def _prefill(context: FormContext) -> Data:
    evaluation = context.evaluation or {}
    return known(
        total_score=evaluation.get("total_score"),
        grade=evaluation.get("grade"),
        evaluation_report=evaluation.get("report"),
    )


FORM = Form(
    code="F15",
    title="到期政策/项目再评估表",
    object_kinds=ONE_OBJECT,
    schema=PolicyExpiryReview(),
    rules=(_heading, _conclusion),
    figures=_figures,
    facts=_facts,
    blank=_blank,
    prefill=_prefill,
)
