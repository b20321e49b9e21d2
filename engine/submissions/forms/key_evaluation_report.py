"""F09 重点绩效评价: the scored framework and the report on it, for projects, policies and whole departments.

Source: forms.md F09; CH-13, CH-14, CH-27, CH-28, HX-08, HX-16 to HX-18, HC-14, HC-16, HC-17; names G11, W20.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from engine.findings import FormFinding
from engine.policies.form_figures import LowRate, read_low_rate
from engine.scoring.deductions import points_lost
from engine.scoring.numbers import percentage, shown, text_of, total
from engine.scoring.totals import total_of
from engine.submissions.forms import entries as e
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.findings import listed, missing, noted, weighed, wrong
from engine.submissions.forms.form import ALL_KINDS, Data, Form
from engine.submissions.forms.grading import grade_agrees, weights_make_hundred, within_full_marks
from engine.submissions.forms.header import known, same_name_as_budget, same_year_as_case
from engine.submissions.forms.paths import cell
from engine.submissions.forms.problems import Problem, Suggestion, every_problem_is_answered
from engine.submissions.forms.sheets import FileRow, FormSchema, RowSchema
from engine.submissions.forms.templates import template
from engine.words import Grade, IndicatorScope, Organizer, options_of

TABLE = "rows"
ORGANIZERS = tuple((organizer.value, organizer.evaluation) for organizer in Organizer)
SCOPES = options_of(IndicatorScope)
GOOD = tuple(grade for grade in Grade if grade.is_good)


class EvaluatedRow(RowSchema):
    """One third-level indicator of the evaluation."""

    level1 = e.text("一级指标", required="须归入一级指标", main=True)
    level2 = e.text("二级指标", required="须归入二级指标", main=True)
    name = e.text("三级指标", required="须写明指标", main=True)
    scope = e.choice("共性/个性", SCOPES, required="共性框架之外要有个性指标")
    weight = e.weight("权重", required="须有权重", main=True)
    explanation = e.text("指标解释", limit=1000)
    standard = e.long_text("评价标准", limit=2000, required="怎样给分须事先写明")
    points = e.long_text("评价要点", limit=2000)
    target = e.text("目标值", limit=400, main=True)
    actual = e.text("实际值", limit=400, main=True)
    score = e.score("得分", required="须逐条评分", main=True)
    deduction_reason = e.long_text("扣分理由", limit=2000, required_when="得分低于权重", own_words=True)
    clause = e.text("扣分条款", limit=400, required_when="得分低于权重")
    evidence = e.texts("证据编号", limit=30, required_when="得分低于权重", refers_to="evidence_items")


class Evidence(RowSchema):
    """One piece of evidence; many rows may rest on it. Its id is the 证据编号."""

    text = e.text("证据", limit=400, required="须写明证据内容")
    files = e.rows("附件", FileRow, limit=20)


class Share(RowSchema):
    """One slice of something the report splits; the slices of one group make 100 %."""

    group = e.text("分组", required="同一组的占比合计 100%")
    item = e.text("项目", required="须写明占比的对象")
    percent = e.percent("占比", required="须填占比")


class KeyEvaluationReport(FormSchema):
    """The cells of F09."""

    object_name = e.text("评价对象", required="须与预算一致")
    fiscal_year = e.year("资金年度", required="资金年度与评价工作年度不同")
    organizer = e.choice("组织者", ORGANIZERS, required="财政评价和部门评价的报送要求不同")
    agency = e.text("评价机构", required="须写明由谁评价")
    lead_evaluator = e.text("主评人", limit=40, required="主评人对报告负责")
    deputies = e.texts("参与的代表委员", hint="报告须送达")
    amount_wan = e.money("涉及资金", required="按资金汇总统计")
    arrived_wan = e.money("实际到位资金")
    executed_amount_wan = e.money("实际支出", required="评价含预算执行")
    completion_rate = e.percent("预算完成率", computed=True, hint="实际支出/涉及资金")
    rows = e.rows("评价指标", EvaluatedRow, required="须逐条评分")
    evidence_items = e.rows("证据", Evidence)
    total_score = e.score("得分", computed=True)
    grade = e.text("等级", limit=10, required="评价须定等级")
    basic_facts = e.long_text("基本情况", required="报告须有此部分")
    work_done = e.long_text("评价工作情况", required="报告须有此部分", own_words=True)
    conclusion = e.long_text("评价结论", required="报告须有此部分", own_words=True)
    analysis = e.long_text("指标分析", required="报告须有此部分", own_words=True)
    experience = e.long_text("主要经验", own_words=True)
    shares = e.rows("占比", Share)
    problems = e.rows("存在问题", Problem, limit=60)
    suggestions = e.rows("建议", Suggestion, limit=100)
    unit_objections = e.long_text("被评价单位意见及采纳情况")
    report = e.rows("评价报告", FileRow, limit=10)


def framework_for(object_kind: str) -> dict[str, Any]:
    """The common framework for projects and policies, or the one for whole departments."""
    entries: list[dict[str, Any]] = template("key_evaluation")["framework"]
    return next(entry for entry in entries if object_kind in entry["object_kinds"])


def _heading(data: Data, context: FormContext) -> Iterator[FormFinding]:
    yield from same_name_as_budget(data, context, "object_name", "评价对象")
    yield from same_year_as_case(data, context)
    spent, arrived = data.get("executed_amount_wan"), data.get("arrived_wan")
    if spent is not None and arrived is not None and spent > arrived:
        text = f"实际支出 {shown(spent)} 大于实际到位资金 {shown(arrived)}，请核对。"
        yield wrong("executed_amount_wan", text)


def _participants(data: Data, context: FormContext) -> Iterator[FormFinding]:
    rule = context.figures.participants
    if rule is not None and data.get("organizer") == rule.organizer and not data.get("deputies"):
        led_by = Organizer(rule.organizer).evaluation
        text = f"{led_by}有{rule.who}参与，报告没有写明是谁。请补填“参与的代表委员”；没有邀请的，写明原因。"
        yield weighed(rule.status, "deputies", text, rule.source)


def _framework(data: Data, context: FormContext) -> Iterator[FormFinding]:
    scored, framework = data.get(TABLE, []), framework_for(context.object_kind)
    yield from weights_make_hundred(scored, TABLE, "评价指标")
    yield from within_full_marks(scored, TABLE)
    if not scored:
        return
    results = total(row.get("weight") for row in scored if row.get("level1") in framework["result_levels"])
    floor = Decimal(framework["result_at_least"])
    if results < floor:
        text = f"产出和效益权重合计 {shown(results)}，不宜低于 {shown(floor)}。请调整，或写说明。"
        yield listed(framework, TABLE, text)
    present = {row.get("level1") for row in scored}
    lacking = [name for name in dict.fromkeys(row["level1"] for row in framework["rows"]) if name not in present]
    if lacking:
        text = f"共性框架中的{'、'.join(lacking)}没有指标，请补设，或写说明。"
        yield listed(framework, TABLE, text)
    if not any(row.get("scope") == "specific" for row in scored):
        text = "只有共性指标，没有针对本项目的个性指标。请补设，或写说明。"
        yield listed(template("key_evaluation")["specific"], TABLE, text)


def _deductions(data: Data, context: FormContext) -> Iterator[FormFinding]:
    evidence = {item["id"] for item in data.get("evidence_items", [])}
    for row in data.get(TABLE, []):
        lost = points_lost(row.get("weight"), row.get("score"))
        if lost:
            for key, label in (("deduction_reason", "扣分理由"), ("clause", "扣分条款"), ("evidence", "证据编号")):
                if not row.get(key):
                    text = f"“{row.get('name', '')}”扣了 {shown(lost)} 分，没有写{label}，请补填。"
                    yield missing(cell(TABLE, row["id"], key), text, "扣分须有理由、条款和证据（一般知识）")
        for number in row.get("evidence", []):
            if number not in evidence:
                text = f"“{row.get('name', '')}”引用的证据“{number}”不在证据列表中，请核对编号。"
                yield wrong(cell(TABLE, row["id"], "evidence"), text)


def _report(data: Data, context: FormContext) -> Iterator[FormFinding]:
    yield from every_problem_is_answered(data)
    for group in dict.fromkeys(share.get("group") for share in data.get("shares", [])):
        slices = [share for share in data["shares"] if share.get("group") == group]
        whole = total(share.get("percent") for share in slices)
        if whole != 100:
            text = f"“{group}”各项占比合计 {shown(whole)}%，应为 100%，请核对。"
            yield wrong(cell("shares", slices[0]["id"], "percent"), text)


def _result(data: Data, context: FormContext) -> Iterator[FormFinding]:
    score = _total(data) if data.get("total_score") is None else data["total_score"]
    yield from grade_agrees(score, data.get("grade"), context)
    named = {problem.get("category") for problem in data.get("problems", [])}
    rate, rule = _completion(data), context.figures.low_execution or _low_execution()
    good_but_slow = data.get("grade") in GOOD and rate is not None and rate < rule.below
    if good_but_slow and rate is not None and "execution" not in named:
        text = f"等级为“{data['grade']}”而预算完成率只有 {shown(rate)}%，请在问题中分别说明预算执行情况。"
        yield noted("problems", text, rule.source)
    dissatisfied = [row for row in data.get(TABLE, []) if "满意度" in row.get("name", "") and _is_cut(row)]
    if dissatisfied and "satisfaction" not in named:
        yield noted("problems", "满意度有扣分，请在问题中单独列出。", "CH-28", "inferred")


@cache
def _low_execution() -> LowRate:
    return read_low_rate(template("key_evaluation")["low_execution"])


def _is_cut(row: Data) -> bool:
    return points_lost(row.get("weight"), row.get("score")) > 0


def _total(data: Data) -> Decimal | None:
    return total_of(row.get("score") for row in data.get(TABLE, []))


def _completion(data: Data) -> Decimal | None:
    return percentage(data.get("executed_amount_wan"), data.get("amount_wan"))


def _figures(data: Data, context: FormContext) -> dict[str, Any]:
    return {"completion_rate": _completion(data), "total_score": _total(data)}


def _blank(context: FormContext) -> Data:
    rows = [{**row, "scope": "common"} for row in framework_for(context.object_kind)["rows"]]
    amount = None if context.amount_wan is None else text_of(context.amount_wan)
    return known(object_name=context.object_name, fiscal_year=context.fiscal_year, amount_wan=amount, rows=rows)


FORM = Form(
    code="F09",
    title="重点绩效评价指标体系和报告",
    object_kinds=ALL_KINDS,
    schema=KeyEvaluationReport(),
    rules=(_heading, _participants, _framework, _deductions, _report, _result),
    figures=_figures,
    blank=_blank,
    prefill=_blank,
)
