"""F01 事前绩效评估报告: whether the money should be asked for at all.

Source: forms.md F01; GZ-08, GZ-09, GZ-10, JH-03, HC-11; 财预〔2021〕6号 (client and evaluated party are separate, W3).
"""

from collections.abc import Iterator
from typing import Any

from engine.findings import FormFinding
from engine.scoring.numbers import shown, text_of
from engine.scoring.reductions import reduction
from engine.submissions.forms import entries as e
from engine.submissions.forms import ex_ante_scores as scores
from engine.submissions.forms import money
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.dates import in_order
from engine.submissions.forms.findings import listed, missing, table, wrong
from engine.submissions.forms.form import ONE_OBJECT, Data, Form
from engine.submissions.forms.header import known, same_name_as_budget, same_year_as_case
from engine.submissions.forms.paths import cell
from engine.submissions.forms.project_target import to_do
from engine.submissions.forms.sheets import FileRow, FormSchema, RowSchema
from engine.submissions.forms.templates import template
from engine.words import CaseKind, ExAnteConclusion, ProjectNature, SpendingFrequency, options_of

OBJECTS = options_of((CaseKind.PROJECT, CaseKind.POLICY))
NATURES = options_of(ProjectNature)
FREQUENCIES = options_of(SpendingFrequency)
ASSESSORS = (("department", "部门自评估"), ("finance", "财政部门"), ("agency", "第三方机构"))
CONCLUSIONS = options_of(ExAnteConclusion)
METHODS = (
    ("cost_benefit", "成本效益分析法"),
    ("comparison", "比较法"),
    ("factor_analysis", "因素分析法"),
    ("lowest_cost", "最低成本法"),
    ("public_judgement", "公众评判法"),
    ("expert_advice", "专家咨询法"),
)


class Paper(RowSchema):
    """One paper of the list: a basis document or required material."""

    name = e.text("材料名称", required="须写明材料")
    number = e.text("文号", limit=80)
    needed = e.yes_no("是否必需")
    present = e.yes_no("是否到位")
    files = e.rows("附件", FileRow, limit=10)


class Expert(RowSchema):
    """One member of the expert group."""

    name = e.text("姓名", limit=40, required="须写明专家")
    organisation = e.text("单位", required="回避审查要用")
    speciality = e.text("专业", required="须与项目相关")
    opinion = e.long_text("意见", limit=2000, required="专家意见是结论的依据")
    signed = e.yes_no("已签字", required="意见须签字确认")


class Problem(RowSchema):
    """A problem and what is suggested about it."""

    problem = e.long_text("存在问题", limit=1000, required="须写明问题")
    suggestion = e.long_text("建议", limit=1000, required="每个问题至少一条建议")


class ExAnteReport(FormSchema):
    """The cells of F01."""

    object_name = e.text("评估对象名称", required="须与预算申请一致")
    object_code = e.text("编码", limit=60, required="每年唯一")
    fiscal_year = e.year("年度", required="按资金年度评估")
    object_type = e.choice("对象类型", OBJECTS, required="项目和政策的评估维度不同")
    project_nature = e.choice("性质", NATURES, required="新增、延续适用的门槛不同")
    spending_frequency = e.choice("支出频次", FREQUENCIES, required_when="本区门槛区分经常性和一次性")
    department = e.text("主管部门", required="须写明主管部门")
    implementing_unit = e.text("实施单位", required="须写明由谁实施")
    start_on = e.day("开始时间", required="须写明起止时间")
    end_on = e.day("结束时间", required="须写明起止时间")
    requested = e.part("申请资金", money.AmountBySource)
    requested_this_year_wan = e.money("其中：本年度", required="须列明本年度申请额")
    basis_papers = e.rows("立项依据文件", Paper, limit=50, required="至少一份立项依据")
    content = e.long_text("主要内容", required="须写明做什么", own_words=True)
    plan = e.long_text("实施方案", required="须写明怎样做", own_words=True)
    target_summary = e.long_text("绩效目标", required="须附绩效目标", own_words=True)
    assessor_kind = e.choice("评估主体", ASSESSORS, required="须写明谁来评估")
    assessor_name = e.text("评估机构", required_when="第三方机构评估")
    methods = e.choices("评估方法", METHODS, required="至少选一种方法")
    experts = e.rows("专家组", Expert, limit=30, required_when="第三方或财政评估")
    dimensions = e.rows("分维度评分与意见", scores.Dimension, limit=12, required="各维度都要评")
    total_score = e.score("总分", computed=True)
    conclusion = e.choice("总体结论", CONCLUSIONS, required="只有予以支持（或按调整后金额）才能申请预算")
    suggested_wan = e.money("建议金额", required="须给出建议金额，不予支持的填 0")
    reduction_wan = e.money("核减额", computed=True, signed=True)
    reduction_rate = e.percent("核减率", computed=True, signed=True)
    preconditions = e.long_text("拨付前置条件")
    problems = e.rows("存在问题和建议", Problem, limit=50)
    papers = e.rows("资料清单", Paper, limit=60, required="须列明评估资料")


def _heading(data: Data, context: FormContext) -> Iterator[FormFinding]:
    yield from same_name_as_budget(data, context, "object_name", "评估对象名称")
    yield from same_year_as_case(data, context)
    yield from in_order(data, ("start_on", "开始时间"), ("end_on", "结束时间"))
    if not data.get("spending_frequency") and _frequency_matters(data, context):
        text = "“支出频次”未填。本区门槛区分经常性和一次性，请补填。"
        yield missing("spending_frequency", text, table("ex_ante_required"))


def _frequency_matters(data: Data, context: FormContext) -> bool:
    inputs = {
        "object_kind": data.get("object_type"),
        "project_nature": data.get("project_nature"),
        "amount_wan": data.get("requested", {}).get("total_wan"),
    }
    return context.matters("ex_ante_required", inputs, "spending_frequency", ("recurrent", "one_off"))


def _amounts(data: Data, context: FormContext) -> Iterator[FormFinding]:
    requested = data.get("requested", {})
    yield from money.amount_adds_up(requested, "requested", "申请资金总额")
    whole, this_year, suggested = (
        requested.get("total_wan"),
        data.get("requested_this_year_wan"),
        data.get("suggested_wan"),
    )
    if whole is not None and this_year is not None and this_year > whole:
        text = f"本年度申请 {shown(this_year)} 大于申请总额 {shown(whole)}，请核对。"
        yield wrong("requested_this_year_wan", text)
    if whole is not None and suggested is not None and suggested > whole:
        text = f"建议金额 {shown(suggested)} 大于申请总额 {shown(whole)}，请核对。"
        yield wrong("suggested_wan", text)
    yield from _at_the_amount(data, context)
    if suggested and data.get("conclusion") == "reject":
        text = f"结论为“不予支持”，建议金额却是 {shown(suggested)} 万元。请改为 0，或更正结论。"
        yield wrong("suggested_wan", text)


def _at_the_amount(data: Data, context: FormContext) -> Iterator[FormFinding]:
    """What is asked for, in all or for this year, is the amount of the case; so is what is suggested once it is cut."""
    told = (data.get("requested", {}).get("total_wan"), data.get("requested_this_year_wan"), data.get("suggested_wan"))
    if told[0] is None or context.amount_wan is None or context.amount_wan in told:
        return
    text = f"申请资金总额 {shown(told[0])} 和本年度申请都与预算申请额 {shown(context.amount_wan)} 不一致。"
    yield wrong("requested.total_wan", text + to_do(context))


def _assessor(data: Data, context: FormContext) -> Iterator[FormFinding]:
    kind, name = data.get("assessor_kind"), data.get("assessor_name")
    if kind in ("agency", "finance") and not data.get("experts"):
        yield missing("experts", "第三方或财政部门评估须组成专家组，请补填专家和意见。", "表单目录 F01")
    if kind != "agency":
        return
    if not name:
        yield missing("assessor_name", "第三方机构评估须写明机构名称，请补填。", "财预〔2021〕6号（W3）")
    evaluated = {data.get("department"), data.get("implementing_unit"), context.unit_name, context.department_name}
    if name and (name in evaluated or name in context.unit_advisers):
        text = f"评估机构“{name}”就是被评估单位或为其提供咨询，应当回避。请另行委托。"
        yield listed(template("ex_ante")["independence"], "assessor_name", text)


def _papers(data: Data, context: FormContext) -> Iterator[FormFinding]:
    for paper in data.get("papers", []):
        if paper.get("needed") and not paper.get("present"):
            text = f"必需材料“{paper.get('name', '')}”没有到位，请补齐后再报。"
            yield missing(cell("papers", paper["id"], "present"), text, "一般知识")


def _figures(data: Data, context: FormContext) -> dict[str, Any]:
    cut = reduction(data.get("requested", {}).get("total_wan"), data.get("suggested_wan"))
    return {
        "reduction_wan": None if cut is None else cut.amount_wan,
        "reduction_rate": None if cut is None else cut.rate,
        "total_score": scores.total_score(data),
    }


def _facts(data: Data, context: FormContext) -> dict[str, Any]:
    return {"ex_ante_conclusion": data.get("conclusion")}


def _blank(context: FormContext) -> Data:
    amount = {} if context.amount_wan is None else {"total_wan": text_of(context.amount_wan)}
    object_type = "policy" if context.object_kind == "policy" else "project"
    return known(
        object_name=context.object_name,
        object_code=context.object_code,
        fiscal_year=context.fiscal_year,
        object_type=object_type,
        department=context.department_name,
        implementing_unit=context.unit_name,
        requested=amount,
        dimensions=scores.blank_dimensions(context, object_type),
    )


FORM = Form(
    code="F01",
    title="事前绩效评估报告",
    object_kinds=ONE_OBJECT,
    schema=ExAnteReport(),
    rules=(_heading, _amounts, _assessor, scores.dimensions_are_scored, scores.conclusion_fits, _papers),
    figures=_figures,
    facts=_facts,
    blank=_blank,
    prefill=_blank,
)
