"""F02 项目支出绩效目标申报表: what a project promises for its money.

Source: forms.md F02; GZ-05, GZ-06 (count, quantification, kinds), HX-06 (re-declared at the new amount), G2, G7.
"""

from collections.abc import Iterator

from engine.findings import FormFinding
from engine.scoring.numbers import shown, text_of
from engine.submissions.forms import entries as e
from engine.submissions.forms import money, target_quality, weights
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.dates import in_order
from engine.submissions.forms.findings import listed, missing, noted, table, wrong
from engine.submissions.forms.form import ONE_OBJECT, Data, Form
from engine.submissions.forms.header import known, same_name_as_budget, same_year_as_case
from engine.submissions.forms.indicators import LevelWeight, TargetRow, as_adjusted, rows_of
from engine.submissions.forms.sheets import BlockSchema, FormSchema
from engine.submissions.forms.templates import template
from engine.submissions.forms.trees import template_named, titles_for, tree_for
from engine.words import ProjectCategory, ProjectNature, options_of

NATURES = options_of((ProjectNature.NEW, ProjectNature.CONTINUING))
CATEGORIES = options_of(ProjectCategory)


class TargetFunds(BlockSchema):
    """项目资金: the whole term and this year."""

    mid_term = e.part("项目资金总额（中期）", money.AmountBySource)
    annual = e.part("年度资金总额", money.AmountBySource)


class Revision(BlockSchema):
    """Why there is another version, and what the money was (HX-06)."""

    number = e.whole("版本", lowest=1, highest=999)
    reason = e.long_text("调整原因", limit=1000, required_when="预算调整后重报")
    amount_before_wan = e.money("调整前金额", required_when="预算调整后重报")
    amount_after_wan = e.money("调整后金额", required_when="预算调整后重报")


class ProjectTarget(FormSchema):
    """The cells of F02."""

    project_name = e.text("项目名称", required="须与预算项目名称一致")
    project_code = e.text("项目编码", limit=60, required="须与预算项目编码一致")
    fiscal_year = e.year("年度", required="目标按资金年度申报")
    department = e.text("主管部门", required="须写明主管部门")
    department_code = e.text("主管部门代码", limit=40)
    implementing_unit = e.text("实施单位", required="须写明由谁实施")
    person_in_charge = e.text("负责人", limit=40, required="目标责任到人")
    phone = e.text("联系电话", limit=40, required="审核中要能联系到人")
    project_nature = e.choice("项目属性", NATURES, required="新增、延续适用的规定不同")
    project_category = e.choice("项目类别", CATEGORIES, required_when="本区按类别规定指标条数")
    start_on = e.day("项目开始", required="须写明项目期")
    end_on = e.day("项目结束", required="须写明项目期")
    basis = e.long_text("立项依据")
    necessity = e.long_text("必要性", own_words=True)
    feasibility = e.long_text("可行性", own_words=True)
    activities = e.long_text("实施内容", own_words=True)
    schedule = e.long_text("进度计划", own_words=True)
    funds = e.part("项目资金", TargetFunds)
    mid_term_goal = e.long_text("中期目标", required="总体目标含中期和年度", own_words=True)
    annual_goal = e.long_text("年度目标", required="年度目标要写当年工作", own_words=True)
    template = e.choice("指标模板", titles_for("project", "policy"), hint="按资金年度给出")
    indicators = e.rows("绩效指标", TargetRow, required="没有指标就无法评价")
    level_weights = e.rows("各级指标权重", LevelWeight, limit=40)
    revision = e.part("调整", Revision)


def _heading(data: Data, context: FormContext) -> Iterator[FormFinding]:
    yield from same_name_as_budget(data, context, "project_name", "项目名称")
    yield from same_year_as_case(data, context)
    yield from in_order(data, ("start_on", "项目开始"), ("end_on", "项目结束"))


def _category_where_it_matters(data: Data, context: FormContext) -> Iterator[FormFinding]:
    category, registered = data.get("project_category"), context.project_category
    if category and registered and category != registered:
        filled, known_as = ProjectCategory(category).label, ProjectCategory.said(registered)
        text = f"“项目类别”填的是“{filled}”，案卷登记为“{known_as}”。请改为一致；登记有误的，请财政绩效股更正案卷。"
        yield wrong("project_category", text)
    if category:
        return
    tree = tree_for(context, data.get("template"))
    inputs = target_quality.quality_inputs(rows_of(data), tree, None)
    if context.matters("target_quality", inputs, "project_category", target_quality.CATEGORIES):
        yield missing("project_category", "“项目类别”未填。本区按类别规定指标条数，请补填。", table("target_quality"))


def _funds(data: Data, context: FormContext) -> Iterator[FormFinding]:
    funds = data.get("funds", {})
    mid_term, annual = funds.get("mid_term", {}), funds.get("annual", {})
    yield from money.amount_adds_up(mid_term, "funds.mid_term", "项目资金总额（中期）")
    yield from money.amount_adds_up(annual, "funds.annual", "年度资金总额")
    year, term, request = annual.get("total_wan"), mid_term.get("total_wan"), context.amount_wan
    if year is not None and term is not None and year > term:
        text = f"年度资金总额 {shown(year)} 大于中期总额 {shown(term)}，请核对。"
        yield wrong("funds.annual.total_wan", text)
    if year is not None and request is not None and year != request:
        gap = shown(abs(year - request))
        text = f"年度资金总额 {shown(year)} 与预算申请额 {shown(request)} 不一致，差 {gap} 万元。{to_do(context)}"
        yield wrong("funds.annual.total_wan", text)


def _goals(data: Data, context: FormContext) -> Iterator[FormFinding]:
    goal, entry = data.get("annual_goal"), template("wording")["this_year"]
    if not goal:
        return
    if goal == data.get("mid_term_goal"):
        text = "“年度目标”与“中期目标”一字不差，看不出当年要做什么。请写当年工作；一年期项目请写说明。"
        yield listed(entry, "annual_goal", text)
    elif str(context.fiscal_year) not in goal and not any(word in goal for word in entry["words"]):
        yield noted("annual_goal", "“年度目标”没有提到当年，请核对写的是不是当年工作。", entry["source"])


def _indicators(data: Data, context: FormContext) -> Iterator[FormFinding]:
    rows, tree = rows_of(data), tree_for(context, data.get("template"))
    yield from target_quality.template_is_in_force(tree, context)
    yield from target_quality.rows_are_sound(rows, tree)
    yield from target_quality.no_indicator_twice(rows, tree)
    yield from weights.levels_are_given(rows, tree)
    yield from weights.weights_add_up(rows, tree)
    yield from weights.levels_add_up(data, rows)
    yield from target_quality.enough_of_them(rows, tree, data.get("project_category"), context)


def to_do(context: FormContext) -> str:
    """How a target and the amount asked for are brought together, whichever of the two is wrong."""
    if context.budget_adjusted:
        return "请按调整后的预算数申报。"
    return "请按预算额申报；申请额本身要改的，审核前由单位在案卷上“更正申报金额”，审核以后由审核部门核定。"


def revision_is_told(data: Data, context: FormContext, new_amount_path: str) -> Iterator[FormFinding]:
    """After a budget adjustment the new version says why and from what to what (HX-06)."""
    if not context.budget_adjusted:
        return
    revision = data.get("revision", {})
    for key, label in (("reason", "调整原因"), ("amount_before_wan", "调整前金额"), ("amount_after_wan", "调整后金额")):
        if revision.get(key) is None:
            yield missing(f"revision.{key}", f"预算已调整，须按调整后金额重报目标；“{label}”未填，请补填。", "HX-06")
    before, after = revision.get("amount_before_wan"), revision.get("amount_after_wan")
    if before is not None and context.amount_before_wan is not None and before != context.amount_before_wan:
        text = f"“调整前金额”填的是 {shown(before)}，原目标为 {shown(context.amount_before_wan)}。请更正。"
        yield wrong("revision.amount_before_wan", text)
    if after is not None and context.amount_wan is not None and after != context.amount_wan:
        text = f"“调整后金额”填的是 {shown(after)}，预算调整后为 {shown(context.amount_wan)}。请更正。"
        yield wrong(new_amount_path, text)


def _revision(data: Data, context: FormContext) -> Iterator[FormFinding]:
    yield from revision_is_told(data, context, "revision.amount_after_wan")


def _blank(context: FormContext) -> Data:
    amount = {"annual": {"total_wan": text_of(context.amount_wan)}} if context.amount_wan is not None else {}
    return known(
        project_name=context.object_name,
        project_code=context.object_code,
        fiscal_year=context.fiscal_year,
        department=context.department_name,
        implementing_unit=context.unit_name,
        project_category=context.project_category,
        funds=amount,
        template=template_named(context),
    )


def _prefill(context: FormContext) -> Data:
    """The frozen target itself, to be declared again at the new amount."""
    if context.target is None:
        return {}
    copied = {key: value for key, value in context.target.items() if key != "explanations"}
    if not context.budget_adjusted:
        return copied
    return copied | known(revision=next_revision(context), indicators=as_adjusted(context.target))


def next_revision(context: FormContext) -> Data:
    """The heading of the next version, with both amounts where they are known."""
    number = (context.target or {}).get("revision", {}).get("number", 1) + 1
    before, after = context.amount_before_wan, context.amount_wan
    return known(
        number=number,
        amount_before_wan=None if before is None else text_of(before),
        amount_after_wan=None if after is None else text_of(after),
    )


FORM = Form(
    code="F02",
    title="项目支出绩效目标申报表",
    object_kinds=ONE_OBJECT,
    schema=ProjectTarget(),
    rules=(_heading, _category_where_it_matters, _funds, _goals, _indicators, _revision),
    blank=_blank,
    prefill=_prefill,
)
