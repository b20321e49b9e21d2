"""F10 绩效评价结果反馈意见函: what was found, what is suggested, by when it must be put right.

Source: forms.md F10; CH-16, CH-33, HC-24, JH-15. Score, grade and money are those of the evaluation; deadline lengths
are the jurisdiction's and live in its tables.
"""

from collections.abc import Iterator

from engine.findings import FormFinding
from engine.submissions.forms import entries as e
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.dates import in_order
from engine.submissions.forms.findings import missing, wrong
from engine.submissions.forms.form import ALL_KINDS, Data, Form
from engine.submissions.forms.header import known, same_name_as_budget, same_year_as_case
from engine.submissions.forms.indicators import same_value
from engine.submissions.forms.problems import Problem, Suggestion, every_problem_is_answered
from engine.submissions.forms.sheets import BlockSchema, FileRow, FormSchema
from engine.words import UnitKind

FROM_EVALUATION = (("total_score", "得分"), ("grade", "等级"))
SIGNED_IN, ANSWERED_IN = "签收反馈意见函", "认可或提出异议"


class Objection(BlockSchema):
    """陈述申辩: what the unit objects, and until when it may."""

    text = e.long_text("陈述申辩", office=UnitKind.UNIT, recorded_in=ANSWERED_IN)
    until = e.day("申辩期限", required_when="写有陈述申辩")
    answer = e.long_text("答复")


WHEN_DEMANDING = (
    ("problems", "主要问题"),
    ("suggestions", "建议"),
    ("requirements", "整改要求"),
    ("rectify_by", "整改期限"),
    ("report_by", "报送整改报告期限"),
)


class FeedbackLetter(FormSchema):
    """The cells of F10."""

    doc_number = e.text("文号", limit=60, required="反馈意见函须编文号")
    letter_on = e.day("发函日期", required="整改期限从发函起算")
    addressee = e.text("主送单位", required="一个被评价单位一函")
    copies_to = e.texts("抄送")
    object_name = e.text("评价对象", required="须写明评价对象")
    fiscal_year = e.year("资金年度", required="须写明资金年度")
    amount_wan = e.money("涉及资金", required="须与评价报告一致")
    total_score = e.score("得分", required="须与评价报告一致")
    grade = e.text("等级", limit=10, required="须与评价报告一致")
    agency = e.text("评价机构", required="须写明由谁评价")
    demands = e.yes_no("要求整改", hint="填“否”的是结果告知函，不列问题和整改期限")
    problems = e.rows("主要问题", Problem, limit=60, required_when="要求整改")
    suggestions = e.rows("建议", Suggestion, limit=100, required_when="要求整改")
    requirements = e.long_text("整改要求", required_when="要求整改")
    rectify_by = e.day("整改期限", required_when="要求整改")
    report_by = e.day("报送整改报告期限", required_when="要求整改")
    linkage_notice = e.long_text("结果应用提示", required="须写明依据的规则和可能的影响")
    attachments = e.rows("附件", FileRow, limit=20, required="须附评价报告")
    signed_for_by = e.text("签收人", limit=40, office=UnitKind.UNIT, recorded_in=SIGNED_IN)
    signed_for_on = e.day("签收日期", office=UnitKind.UNIT, recorded_in=SIGNED_IN)
    objection = e.part("异议", Objection)


def _heading(data: Data, context: FormContext) -> Iterator[FormFinding]:
    yield from same_name_as_budget(data, context, "object_name", "评价对象")
    yield from same_year_as_case(data, context)
    if (
        context.unit_name
        and data.get("addressee")
        and data["addressee"]
        not in (
            context.unit_name,
            context.department_name,
        )
    ):
        text = f"主送单位填的是“{data['addressee']}”，被评价单位是“{context.unit_name}”。请更正。"
        yield wrong("addressee", text)


def _as_evaluated(data: Data, context: FormContext) -> Iterator[FormFinding]:
    evaluation = context.evaluation or {}
    amount = evaluation.get("amount_wan", evaluation.get("annual_budget_wan"))
    stated = [(key, label, evaluation.get(key)) for key, label in FROM_EVALUATION]
    for key, label, expected in (*stated, ("amount_wan", "涉及资金", amount)):
        given = data.get(key)
        if given is not None and expected is not None and not same_value(given, expected):
            yield wrong(key, f"“{label}”填的是 {given}，评价报告为 {expected}。请与评价报告一致。")


def _dates(data: Data, context: FormContext) -> Iterator[FormFinding]:
    letter = ("letter_on", "发函日期")
    yield from in_order(data, letter, ("rectify_by", "整改期限"))
    yield from in_order(data, ("rectify_by", "整改期限"), ("report_by", "报送整改报告期限"))
    yield from in_order(data, letter, ("signed_for_on", "签收日期"))
    objection = data.get("objection", {})
    if objection.get("text") and not objection.get("until"):
        yield missing("objection.until", "写有陈述申辩的，须写明申辩期限，请补填。", "表单目录 F10")
    if objection.get("until") and data.get("letter_on") and objection["until"] < data["letter_on"]:
        yield wrong("objection.until", f"申辩期限 {objection['until']} 早于发函日期 {data['letter_on']}，请核对。")


def _problems(data: Data, context: FormContext) -> Iterator[FormFinding]:
    yield from every_problem_is_answered(data)
    if data.get("demands") is False:
        return
    for key, label in WHEN_DEMANDING:
        if not data.get(key):
            text = f"要求整改的反馈意见函须写明{label}，请补填；不要求整改的，请在“要求整改”填“否”。"
            yield missing(key, text, "JH-15；CH-16")


def _blank(context: FormContext) -> Data:
    return known(addressee=context.unit_name, object_name=context.object_name, fiscal_year=context.fiscal_year)


def _prefill(context: FormContext) -> Data:
    """Score, grade, money, problems and suggestions as the evaluation report has them."""
    evaluation = context.evaluation or {}
    return known(
        amount_wan=evaluation.get("amount_wan", evaluation.get("annual_budget_wan")),
        total_score=evaluation.get("total_score"),
        grade=evaluation.get("grade"),
        agency=evaluation.get("agency", evaluation.get("review_body")),
        problems=evaluation.get("problems"),
        suggestions=evaluation.get("suggestions"),
        attachments=evaluation.get("report"),
    )


FORM = Form(
    code="F10",
    title="绩效评价结果反馈意见函",
    object_kinds=ALL_KINDS,
    schema=FeedbackLetter(),
    rules=(_heading, _as_evaluated, _problems, _dates),
    blank=_blank,
    prefill=_prefill,
)
