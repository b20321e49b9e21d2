"""F13 第三方机构质量考核表: how well an agency worked, and what it is paid for that.

Source: forms.md F13; JH-18, JH-19, HX-25; W3 (independence), W15, W16. Finance and the evaluated unit each fill in a
sheet of their own.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from engine.findings import FormFinding
from engine.policies.form_figures import Bands, read_bands
from engine.scoring.deductions import points_lost
from engine.scoring.numbers import HUNDRED, ZERO, shown
from engine.scoring.reductions import payable
from engine.scoring.totals import total_of
from engine.submissions.forms import entries as e
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.findings import listed, missing, noted, weighed, wrong
from engine.submissions.forms.form import ALL_KINDS, Data, Form
from engine.submissions.forms.grading import weights_make_hundred, within_full_marks
from engine.submissions.forms.header import known
from engine.submissions.forms.paths import cell
from engine.submissions.forms.sheets import FormSchema, RowSchema
from engine.submissions.forms.templates import template
from engine.words import RowStatus

APPRAISERS = (("finance", "财政部门"), ("unit", "被评价单位"))
GRADES = tuple((band["grade"], band["grade"]) for band in template("agency_appraisal")["payment"]["bands"])
GROSS_ERRORS = (
    ("score_grade_mismatch", "得分与等级不符"),
    ("false_data", "数据造假"),
    ("conflict_of_interest", "利益冲突"),
)


class AppraisedItem(RowSchema):
    """One line of the sheet."""

    item = e.text("考核项目", required="须写明考核项目")
    weight = e.weight("分值", required="各项分值合计 100")
    score = e.score("得分", required="各项都要评分")
    reason = e.long_text("扣分理由", limit=1000, required_when="得分低于分值", own_words=True)


class AgencyAppraisal(FormSchema):
    """The cells of F13."""

    agency = e.text("机构", required="须写明机构")
    contract_number = e.text("合同号", limit=80, required="须写明合同")
    contract_wan = e.money("合同额", required="付费按合同额计算")
    project = e.text("评价项目", required="须写明评价项目")
    lead_evaluator = e.text("主评人", limit=40, required="主评人对报告负责")
    appraiser_kind = e.choice("考核方", APPRAISERS, required="财政部门和被评价单位分开考核")
    appraiser = e.text("考核人", limit=40, required="须写明考核人")
    items = e.rows("考核评分", AppraisedItem, limit=30, required="须逐项评分")
    times_returned = e.whole("退回次数", highest=999, required="没有退回的填 0")
    gross_errors = e.choices("重大差错", GROSS_ERRORS)
    total_score = e.score("总分", computed=True)
    grade = e.choice("等级", GRADES, computed=True)
    payment_rate = e.percent("付费比例", required_when="财政部门考核")
    penalty_wan = e.money("违约金", hint="没有的填 0")
    payable_wan = e.money("应付额", signed=True, computed=True)
    blacklist_proposed = e.yes_no("提请列入黑名单")


def _agency(data: Data, context: FormContext) -> Iterator[FormFinding]:
    name = data.get("agency")
    if name and name in context.unit_advisers:
        text = f"“{name}”本年度为被评价单位提供咨询，应当回避，不能承担这项评价。请另行委托。"
        yield listed(template("agency_appraisal")["independence"], "agency", text)


def _items(data: Data, context: FormContext) -> Iterator[FormFinding]:
    items = data.get("items", [])
    yield from weights_make_hundred(items, "items", "考核项目")
    yield from within_full_marks(items, "items")
    for item in items:
        lost = points_lost(item.get("weight"), item.get("score"))
        if lost and not item.get("reason"):
            text = f"“{item.get('item', '')}”扣了 {shown(lost)} 分，没有写理由，请补填。"
            yield missing(cell("items", item["id"], "reason"), text, "表单目录 F13")
    sheet = {entry["id"]: entry for entry in template("agency_appraisal")["item"]}
    lacking = [entry for entry_id, entry in sheet.items() if entry_id not in {item["id"] for item in items}]
    if items and lacking:
        text = f"缺少考核项目：{'、'.join(entry['item'] for entry in lacking)}。请补评，或写说明。"
        yield listed(lacking[0], "items", text)


def _payment(data: Data, context: FormContext) -> Iterator[FormFinding]:
    if data.get("appraiser_kind") != "finance":
        return
    score, rate, rule = _total(data), data.get("payment_rate"), bands_of(context)
    if rate is None:
        yield missing("payment_rate", "财政部门考核须定付费比例，请补填。", "JH-19")
    elif rate > HUNDRED:
        yield wrong("payment_rate", f"付费比例 {shown(rate)}% 超过 100%，请更正。")
    elif score is not None:
        band = rule.of(score)
        if band.withhold and rate == HUNDRED:
            text = f"考核得分 {shown(score)}，默认暂扣尾款，不宜全额付费。请调整，或写说明。"
            yield weighed(rule.status, "payment_rate", text, rule.source)
        elif band.percent is not None and rate != band.percent:
            usual = shown(band.percent)
            text = f"考核得分 {shown(score)}，默认付费比例 {usual}%，填的是 {shown(rate)}%。请核对，或写说明。"
            yield weighed(rule.status, "payment_rate", text, rule.source)
    due = _payable(data)
    if due is not None and due < 0:
        text = "违约金大于应付额，应付额成了负数。请核对违约金。"
        yield wrong("penalty_wan", text)


def _warnings(data: Data, context: FormContext) -> Iterator[FormFinding]:
    score = _total(data)
    poor = score is not None and bands_of(context).of(score).withhold
    if (poor or data.get("gross_errors")) and not data.get("blacklist_proposed"):
        text = "得分过低或有重大差错，请考虑是否提请列入黑名单。"
        yield noted("blacklist_proposed", text, "表单目录 F13")


@cache
def _national() -> Bands:
    return read_bands(template("agency_appraisal")["payment"])


def bands_of(context: FormContext) -> Bands:
    """Grades and payment that hold here; the lowest band withholds the final instalment."""
    return context.figures.agency_payment or _national()


def bands_told() -> dict[str, str]:
    """Grade → its band and how firmly it stands, in words.

    >>> bands_told()["良"], bands_told()["差"]
    ('80–<90，默认值，待签核', '0–<60，默认值，待签核')
    """
    payment = template("agency_appraisal")["payment"]
    told, above = {}, None
    for band in payment["bands"]:
        told[band["grade"]] = f"≥{band['from']}" if above is None else f"{band['from']}–<{above}"
        above = band["from"]
    return {grade: f"{said}，{RowStatus(payment['status']).label}" for grade, said in told.items()}


def _total(data: Data) -> Decimal | None:
    return total_of(item.get("score") for item in data.get("items", []))


def _payable(data: Data) -> Decimal | None:
    return payable(data.get("contract_wan"), data.get("payment_rate"), data.get("penalty_wan", ZERO))


def _figures(data: Data, context: FormContext) -> dict[str, Any]:
    score = _total(data)
    return {
        "total_score": score,
        "grade": None if score is None else bands_of(context).of(score).grade,
        "payable_wan": _payable(data),
    }


def _blank(context: FormContext) -> Data:
    sheet = template("agency_appraisal")["item"]
    items = [{key: entry[key] for key in ("id", "item", "weight")} for entry in sheet]
    return known(project=context.object_name, items=items)


def _prefill(context: FormContext) -> Data:
    evaluation = context.evaluation or {}
    return known(
        agency=evaluation.get("agency", evaluation.get("review_body")),
        lead_evaluator=evaluation.get("lead_evaluator"),
    )


FORM = Form(
    code="F13",
    title="第三方机构质量考核表",
    object_kinds=ALL_KINDS,
    schema=AgencyAppraisal(),
    rules=(_agency, _items, _payment, _warnings),
    figures=_figures,
    blank=_blank,
    prefill=_prefill,
)
