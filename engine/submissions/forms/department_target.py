"""F04 部门整体支出绩效目标表: duties, tasks, projects and money of a whole department, with its indicators.

Source: forms.md F04; CH-02, CH-03 (职责—任务—项目 chain), HX-03, HC-26, JH-05.
"""

from collections.abc import Iterator

from engine.findings import FormFinding
from engine.scoring.numbers import shown, text_of, total
from engine.submissions.forms import entries as e
from engine.submissions.forms import target_quality, weights
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.findings import missing, wrong
from engine.submissions.forms.form import Data, Form
from engine.submissions.forms.header import known, same_name_as_budget, same_year_as_case
from engine.submissions.forms.indicators import LevelWeight, TargetRow, as_adjusted, rows_of
from engine.submissions.forms.paths import cell
from engine.submissions.forms.project_target import Revision, next_revision, revision_is_told, to_do
from engine.submissions.forms.sheets import BlockSchema, FormSchema, RowSchema
from engine.submissions.forms.trees import template_named, titles_for, tree_for


class Duty(RowSchema):
    """One duty of the department."""

    text = e.text("部门职责", limit=1000, required="任务要对应到职责")


class Task(RowSchema):
    """One of the year's main tasks, with the money for it."""

    name = e.text("任务名称", required="须写明任务", main=True)
    content = e.long_text("主要内容", limit=2000, required="须写明做什么", own_words=True)
    duty = e.text("对应职责", limit=40, required="任务要对应到职责（职责的行号）", main=True, refers_to="duties")
    projects = e.texts("对应项目", required_when="不属于基本支出保障的任务")
    basic_support = e.yes_no("基本支出保障")
    total_wan = e.money("预算金额", required="任务要有对应的资金", main=True)
    fiscal_wan = e.money("其中：财政拨款", required="须列明来源，没有的填 0", main=True)
    other_wan = e.money("其中：其他资金", required="须列明来源，没有的填 0", main=True)


class DepartmentBudget(BlockSchema):
    """部门预算总额 = 基本支出 + 项目支出."""

    total_wan = e.money("部门预算总额", required="整体目标覆盖全部资金")
    basic_wan = e.money("基本支出", required="须填，没有的填 0")
    personnel_wan = e.money("人员经费", required="基本支出分人员和公用")
    public_wan = e.money("公用经费", required="基本支出分人员和公用")
    project_wan = e.money("项目支出", required="须填，没有的填 0")


class Goal(RowSchema):
    """One overall goal of the year."""

    text = e.long_text("年度总体目标", limit=2000, required="至少写一条", own_words=True)


class DepartmentTarget(FormSchema):
    """The cells of F04."""

    department_name = e.text("部门（单位）名称", required="须与预算单位名称一致")
    department_code = e.text("部门编码", limit=40, required="须与预算单位编码一致")
    fiscal_year = e.year("年度", required="目标按资金年度申报")
    duties = e.rows("部门职责", Duty, limit=60, required="整体目标从职责出发")
    tasks = e.rows("年度主要任务", Task, limit=100, required="职责要落到任务")
    tasks_total_wan = e.money("金额合计", computed=True)
    budget = e.part("部门预算", DepartmentBudget)
    goals = e.rows("年度总体目标", Goal, limit=30, required="至少写一条")
    template = e.choice("指标模板", titles_for("whole_department"), hint="按资金年度给出")
    indicators = e.rows("年度绩效指标", TargetRow, required="没有指标就无法评价")
    level_weights = e.rows("各级指标权重", LevelWeight, limit=40)
    revision = e.part("调整", Revision)


def _heading(data: Data, context: FormContext) -> Iterator[FormFinding]:
    yield from same_name_as_budget(data, context, "department_name", "部门（单位）名称")
    yield from same_year_as_case(data, context)


def _each_task(data: Data, context: FormContext) -> Iterator[FormFinding]:
    duties = {duty["id"] for duty in data.get("duties", [])}
    served = {row.get("task") for row in rows_of(data)}
    for task in data.get("tasks", []):
        name, place = task.get("name") or task["id"], f"tasks[{task['id']}]"
        amount, sources = task.get("total_wan"), (task.get("fiscal_wan"), task.get("other_wan"))
        if amount is not None and None not in sources and amount != total(sources):
            text = f"任务“{name}”预算 {shown(amount)} 与来源合计 {shown(total(sources))} 不一致，请核对。"
            yield wrong(f"{place}.total_wan", text)
        if not task.get("projects") and not task.get("basic_support"):
            text = f"任务“{name}”没有对应项目，也没有标为基本支出保障。请填对应项目，或勾选“基本支出保障”。"
            yield missing(f"{place}.projects", text)
        if task.get("duty") and task["duty"] not in duties:
            yield wrong(f"{place}.duty", f"任务“{name}”对应的职责不在“部门职责”中，请重新选择。", "CH-03")
        if task["id"] not in served:
            yield missing(f"{place}.name", f"任务“{name}”没有绩效指标，请至少为它设一条指标。", "表单目录 F04")


def _indicator_tasks(data: Data, context: FormContext) -> Iterator[FormFinding]:
    tasks = {task["id"] for task in data.get("tasks", [])}
    for row in rows_of(data):
        if row.get("task") and row["task"] not in tasks:
            place = cell("indicators", row["id"], "task")
            yield wrong(place, f"指标“{row.get('name', '')}”对应的任务不在“年度主要任务”中，请重新选择。")


def _budget(data: Data, context: FormContext) -> Iterator[FormFinding]:
    budget, tasks = data.get("budget", {}), data.get("tasks", [])
    project_tasks = total(task.get("total_wan") for task in tasks if not task.get("basic_support"))
    basic_and_project = total((budget.get("basic_wan"), budget.get("project_wan")))
    people_and_office = total((budget.get("personnel_wan"), budget.get("public_wan")))
    sums = (
        ("total_wan", "部门预算总额", "基本支出与项目支出合计", basic_and_project),
        ("basic_wan", "基本支出", "人员经费与公用经费合计", people_and_office),
        ("total_wan", "部门预算总额", "各项任务金额合计", total(task.get("total_wan") for task in tasks)),
        ("project_wan", "项目支出", "各项目任务金额合计", project_tasks),
    )
    for key, label, parts_name, parts in sums:
        whole = budget.get(key)
        if whole is not None and whole != parts:
            gap = shown(abs(whole - parts))
            text = f"{label} {shown(whole)} 与{parts_name} {shown(parts)} 不一致，差 {gap} 万元。请逐项核对。"
            yield wrong(f"budget.{key}", text)
    whole, request = budget.get("total_wan"), context.amount_wan
    if whole is not None and request is not None and whole != request:
        text = f"部门预算总额 {shown(whole)} 与预算数 {shown(request)} 不一致。{to_do(context)}"
        yield wrong("budget.total_wan", text)


def _indicators(data: Data, context: FormContext) -> Iterator[FormFinding]:
    rows, tree = rows_of(data), tree_for(context, data.get("template"))
    yield from target_quality.template_is_in_force(tree, context)
    yield from target_quality.rows_are_sound(rows, tree)
    yield from target_quality.no_indicator_twice(rows, tree)
    yield from weights.levels_are_given(rows, tree)
    yield from weights.weights_add_up(rows, tree)
    yield from weights.levels_add_up(data, rows)


def _revision(data: Data, context: FormContext) -> Iterator[FormFinding]:
    yield from revision_is_told(data, context, "revision.amount_after_wan")


def _figures(data: Data, context: FormContext) -> Data:
    return {"tasks_total_wan": total(task.get("total_wan") for task in data.get("tasks", []))}


def _blank(context: FormContext) -> Data:
    amount = {} if context.amount_wan is None else {"total_wan": text_of(context.amount_wan)}
    return known(
        department_name=context.object_name or context.unit_name,
        department_code=context.object_code,
        fiscal_year=context.fiscal_year,
        budget=amount,
        template=template_named(context),
    )


def _prefill(context: FormContext) -> Data:
    if context.target is None:
        return {}
    copied = {key: value for key, value in context.target.items() if key not in ("explanations", "tasks_total_wan")}
    if not context.budget_adjusted:
        return copied
    return copied | known(revision=next_revision(context), indicators=as_adjusted(context.target))


FORM = Form(
    code="F04",
    title="部门整体支出绩效目标表",
    object_kinds=("whole_department",),
    schema=DepartmentTarget(),
    rules=(_heading, _each_task, _indicator_tasks, _budget, _indicators, _revision),
    figures=_figures,
    blank=_blank,
    prefill=_prefill,
)
