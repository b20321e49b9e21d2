"""F08 自评复核表: the self-evaluation scored again by somebody else, row by row, every deduction with its clause.

Source: forms.md F08; CH-11, CH-18, GZ-16, GZ-17, GZ-24, HX-15; columns G7, G8.
偏离度 = (自评得分 − 复核得分) / 自评得分, on the project, not to be mixed with how far an indicator was missed.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from engine.findings import FormFinding
from engine.scoring.deductions import cut_fits, deviation
from engine.scoring.numbers import as_decimal, percentage, shown
from engine.submissions.forms import entries as e
from engine.submissions.forms import indicators as rows
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.findings import listed, missing, wrong
from engine.submissions.forms.form import ALL_KINDS, Data, Form
from engine.submissions.forms.grading import grade_agrees, within_full_marks
from engine.submissions.forms.header import known, same_name_as_budget, same_year_as_case
from engine.submissions.forms.paths import look_up
from engine.submissions.forms.review_points import applies, execution_applies, total_points
from engine.submissions.forms.sheets import FileRow, FormSchema
from engine.submissions.forms.spot_review_logic import logic_holds
from engine.submissions.forms.templates import template

CLAUSES = tuple((clause["id"], clause["text"]) for clause in template("spot_review")["clause"])
COPIED = {"actual_value": "self_value", "actual_text": "self_text", "score": "self_score"}


class ReviewedRow(rows.TargetColumns):
    """A self-evaluated row, scored again."""

    self_value = e.figure("自评完成值")
    self_text = e.text("自评完成情况", limit=1000)
    self_score = e.score("自评得分", required_when="自评表有得分的，照自评表填写", main=True)
    review_value = e.figure("复核完成值", required_when="定量指标", main=True)
    review_text = e.text("复核完成情况", limit=1000, stands_for="review_value")
    review_score = e.score("复核得分", required_when="逐条复核；自评不适用、复核也认可的留空", main=True)
    not_applicable_reason = e.text("自评不适用原因", hint="照自评表")
    completed_on = e.day("实际完成日期")
    clause = e.choice("扣分条款", CLAUSES, required_when="复核得分低于自评得分")
    cut_percent = e.percent("扣减比例", required_when="复核得分低于自评得分")
    reason = e.long_text("理由", limit=1000, required_when="复核得分与自评得分不同", own_words=True)
    note = e.text("备注", limit=400)


class SpotReviewSheet(FormSchema):
    """The cells of F08."""

    object_code = e.text("项目编码", limit=60)
    object_name = e.text("项目名称", required="须与自评表一致")
    fiscal_year = e.year("年度", required="按资金年度复核")
    department = e.text("部门", required="须写明部门")
    implementing_unit = e.text("单位", required="须写明单位")
    finance_division = e.text("业务处室")
    initial_budget_wan = e.money("年初预算", required="须照自评表填写")
    annual_budget_wan = e.money("当年预算", required="须照自评表填写")
    executed_amount_wan = e.money("全年执行数", required="须照自评表填写")
    execution_rate = e.percent("预算执行率", computed=True, hint="执行数/当年预算")
    accepted = e.yes_no("项目已验收")
    self_total_score = e.score("自评得分", required_when="自评表有总分的，照自评表填写")
    self_conclusion = e.text("自评结论", limit=400)
    indicators = e.rows("逐条复核", ReviewedRow, required="须逐条复核")
    self_execution_score = e.score("执行率自评得分")
    execution_score = e.score("执行率复核得分", required_when="有预算的，预算执行率须一并复核")
    total_score = e.score("复核总分", computed=True)
    grade = e.text("复核等级", limit=10, required="复核须定等级")
    deviation_ratio = e.percent("偏离度", signed=True, computed=True)
    reported_score = e.score("报告所载得分", hint="复核报告与底稿应一致")
    review_body = e.text("复核机构", required="须写明由谁复核")
    report = e.rows("复核报告", FileRow, limit=10)


SHEET = SpotReviewSheet()
_REVIEWED_CELLS = ReviewedRow().fields


def _heading(data: Data, context: FormContext) -> Iterator[FormFinding]:
    yield from same_name_as_budget(data, context, "object_name", "项目名称")
    yield from same_year_as_case(data, context)
    for key, path in (
        ("self_total_score", "total_score"),
        ("initial_budget_wan", "funds.total.initial_budget_wan"),
        ("annual_budget_wan", "funds.total.annual_budget_wan"),
        ("executed_amount_wan", "funds.total.executed_amount_wan"),
        ("self_execution_score", "funds.score"),
    ):
        given, stated = data.get(key), as_decimal(look_up(context.self_evaluation or {}, path))
        label = SHEET.fields[key].metadata["label"]
        if given is not None and stated is not None and given != stated:
            yield wrong(key, f"“{label}”填的是 {shown(given)}，自评表为 {shown(stated)}。请照自评表填写。")
        elif given is None and stated is not None and key == "self_total_score":
            yield missing(key, f"“{label}”未填。须照自评表填写，请补填。")


def _rows(data: Data, context: FormContext) -> Iterator[FormFinding]:
    reviewed = rows.rows_of(data)
    yield from rows.same_as_frozen(reviewed, context.self_evaluation, rows.FROZEN_COLUMNS, "自评表")
    yield from rows.weights_are_given(reviewed, needed=True)
    yield from within_full_marks(reviewed, rows.TABLE, "review_score")
    stated = {row["id"]: row for row in (context.self_evaluation or {}).get(rows.TABLE, [])}
    for row in reviewed:
        if applies(row) and row.get("review_score") is None:
            yield missing(rows.at(row, "review_score"), f"指标{rows.called(row)}没有填复核得分。逐条复核，请补填。")
        yield from _as_self_evaluated(row, stated.get(row["id"], {}))
        yield from _difference_is_reasoned(row)


def _as_self_evaluated(row: rows.Row, stated: rows.Row) -> Iterator[FormFinding]:
    if stated and row.get("not_applicable_reason") and not stated.get("not_applicable_reason"):
        text = f"自评没有说指标{rows.called(row)}不适用。请清空“自评不适用原因”，按复核情况给分。"
        yield wrong(rows.at(row, "not_applicable_reason"), text)
    for source, key in COPIED.items():
        if stated.get(source) is not None and not rows.same_value(row.get(key), stated[source]):
            label = _REVIEWED_CELLS[key].metadata["label"]
            text = f"指标{rows.called(row)}的“{label}”与自评表不同（自评表为 {stated[source]}）。请改回。"
            yield wrong(rows.at(row, key), text)


def _difference_is_reasoned(row: rows.Row) -> Iterator[FormFinding]:
    before, after = row.get("self_score"), row.get("review_score")
    if before is None or after is None or before == after:
        return
    if after > before:
        if not row.get("reason"):
            rule = template("spot_review")["above_self"]
            text = f"指标{rows.called(row)}复核得分 {shown(after)} 高于自评 {shown(before)}，请写理由。"
            yield listed(rule, rows.at(row, "reason"), text)
        return
    for key, label in (("reason", "理由"), ("clause", "扣分条款"), ("cut_percent", "扣减比例")):
        if row.get(key) is None:
            cut = shown(before - after)
            text = f"指标{rows.called(row)}扣了 {cut} 分，没有写{label}。扣分须有理由、条款和比例，请补填。"
            yield missing(rows.at(row, key), text, "一般知识")
    yield from _cut_matches_clause(row)


def _cut_matches_clause(row: rows.Row) -> Iterator[FormFinding]:
    clause = next((entry for entry in template("spot_review")["clause"] if entry["id"] == row.get("clause")), None)
    percent, marks = row.get("cut_percent"), row.get("weight")
    if clause is None or percent is None or marks is None:
        return
    allowed = clause["percents"]
    if "any" not in allowed and percent not in {Decimal(one) for one in allowed}:
        said = "、".join(f"{one}%" for one in allowed) or "不扣分，只注明"
        text = f"条款“{clause['text']}”的扣减比例为{said}，填的是 {shown(percent)}%。请更正，或写说明。"
        yield listed(clause, rows.at(row, "cut_percent"), text)
    if not cut_fits(percent, row["review_score"], (marks, row["self_score"])):
        after = shown(row["review_score"])
        text = f"指标{rows.called(row)}按 {shown(percent)}% 扣减，与复核得分 {after} 对不上。请核对，或写说明。"
        yield listed(clause, rows.at(row, "review_score"), text)


def _whole(data: Data, context: FormContext) -> Iterator[FormFinding]:
    if execution_applies(data) and data.get("execution_score") is None:
        yield missing("execution_score", "执行率复核得分未填。预算执行率须一并复核，请补填。")
    score = total_points(data) if data.get("total_score") is None else data["total_score"]
    yield from grade_agrees(score, data.get("grade"), context)
    reported = data.get("reported_score")
    if reported is not None and score is not None and reported != score:
        text = f"报告所载得分 {shown(reported)} 与底稿合计 {shown(score)} 不一致，请统一。"
        yield wrong("reported_score", text)


def _figures(data: Data, context: FormContext) -> dict[str, Any]:
    score = total_points(data)
    return {
        "execution_rate": percentage(data.get("executed_amount_wan"), data.get("annual_budget_wan")),
        "total_score": score,
        "deviation_ratio": deviation(data.get("self_total_score"), score),
    }


def _blank(context: FormContext) -> Data:
    return known(
        object_code=context.object_code,
        object_name=context.object_name,
        fiscal_year=context.fiscal_year,
        department=context.department_name,
        implementing_unit=context.unit_name,
    )


def _prefill(context: FormContext) -> Data:
    evaluated = context.self_evaluation or {}
    wanted = (*rows.FROZEN_COLUMNS, *COPIED, "not_applicable_reason")
    copied = [{COPIED.get(key, key): value for key, value in row.items()} for row in rows.copied(evaluated, wanted)]
    return known(
        initial_budget_wan=look_up(evaluated, "funds.total.initial_budget_wan"),
        annual_budget_wan=look_up(evaluated, "funds.total.annual_budget_wan"),
        executed_amount_wan=look_up(evaluated, "funds.total.executed_amount_wan"),
        self_total_score=evaluated.get("total_score"),
        self_execution_score=look_up(evaluated, "funds.score"),
        indicators=copied,
    )


FORM = Form(
    code="F08",
    title="自评复核表",
    object_kinds=ALL_KINDS,
    schema=SHEET,
    rules=(_heading, _rows, logic_holds, _whole),
    figures=_figures,
    blank=_blank,
    prefill=_prefill,
)
