"""F11 整改台账与整改报告: every problem of the letter, what was done about it, and who verified that.

Source: forms.md F11; CH-33, HC-18, HC-24, GZ-16, JH-16; ledger fields G9. 完成 needs evidence and a verifier other than
the person who filed it; overdue rows only propose an effect, they never apply it.
"""

from collections.abc import Iterator
from typing import Any

from engine.findings import FormFinding
from engine.scoring.numbers import shown
from engine.submissions.forms import entries as e
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.findings import doubted, missing, noted, wrong
from engine.submissions.forms.form import ALL_KINDS, Data, Form
from engine.submissions.forms.header import known, same_name_as_budget
from engine.submissions.forms.paths import cell
from engine.submissions.forms.problems import CATEGORIES
from engine.submissions.forms.sheets import FileRow, FormSchema, RowSchema
from engine.words import EffectKind, RectificationMode, RectificationOrigin, UnitKind, options_of, spellings_of

TABLE = "items"
ORIGINS = options_of(origin for origin in RectificationOrigin if origin is not RectificationOrigin.SELF_EVALUATION)
KINDS = options_of(RectificationMode)
FOLLOW_UPS = (*options_of((EffectKind.STOP_PAYMENT, EffectKind.CUT)), ("accountability", "问责"))


class ImprovedRule(RowSchema):
    """A rule made or revised; their number is a statistic (江汉区 60)."""

    name = e.text("制度名称", required="须写明制度")
    number = e.text("文号", limit=80)


class RectificationItem(RowSchema):
    """One row of the ledger."""

    origin = e.choice("来源", ORIGINS, also=spellings_of(RectificationOrigin), required="台账按来源统计")
    stage = e.text("任务阶段", limit=60)
    kind = e.choice("整改类型", KINDS, also=spellings_of(RectificationMode))
    problem = e.long_text("问题描述", limit=2000, required="须照反馈意见函写明问题", main=True)
    category = e.choice("问题分类", CATEGORIES, required="台账按分类统计", main=True)
    amount_wan = e.money("涉及金额")
    requirement = e.long_text("整改要求", limit=2000, required="须照反馈意见函写明要求")
    responsible_unit = e.text("责任单位", required="须写明责任单位")
    responsible_person = e.text("责任人", limit=40, required="责任到人，不填科室", main=True)
    due_on = e.day("期限", required="须写明整改期限", main=True)
    started = e.yes_no("已发起整改")
    measures = e.long_text("整改措施", limit=2000, required="须写明措施", own_words=True)
    done = e.long_text("整改内容", limit=2000, required_when="完成整改", own_words=True)
    improved_rules = e.rows("完善制度", ImprovedRule, limit=20)
    recovered_wan = e.money("追回/上缴金额")
    evidence = e.rows("佐证", FileRow, limit=20, required_when="完成整改")
    feedback_wan = e.money("反馈金额")
    feedback_note = e.text("反馈说明", limit=1000)
    completed = e.yes_no("是否完成整改", required="须逐项说明是否完成", main=True)
    completed_on = e.day("完成日期", required_when="完成整改", main=True)
    unfinished_reason = e.long_text("未完成原因和计划", limit=2000, required_when="没有完成整改", own_words=True)
    submitted_by = e.text("填报人", limit=40)
    verified_by = e.text("核验人", limit=40, office=UnitKind.FINANCE, recorded_in="核验整改")
    verified_on = e.day("核验日期", office=UnitKind.FINANCE, recorded_in="核验整改")
    verification_opinion = e.long_text("财政核验意见", limit=2000, office=UnitKind.FINANCE, recorded_in="核验整改")
    budget_opinion = e.long_text(
        "业务处室预算调整意见", limit=1000, office=UnitKind.FINANCE, recorded_in="审定结果应用"
    )
    overdue_days = e.whole("逾期天数", computed=True, highest=36_500)
    follow_up = e.choice(
        "后续",
        FOLLOW_UPS,
        also=spellings_of((EffectKind.STOP_PAYMENT,)),
        office=UnitKind.FINANCE,
        recorded_in="督办处理",
    )


OWN_CELLS = frozenset(
    name
    for name, field in RectificationItem().fields.items()
    if not field.metadata["computed"] and field.metadata["office"] is None
)
"""What the unit itself says in a row of the ledger."""


class RectificationReport(FormSchema):
    """The cells of F11."""

    object_name = e.text("整改对象", required="须写明对象")
    letter_number = e.text("反馈意见函文号", limit=60)
    letter_on = e.day("发函日期")
    overview = e.long_text("整改概况", required_when="报告覆盖全函", own_words=True)
    items = e.rows("整改台账", RectificationItem, limit=100, required="须逐项填报")
    rules_improved = e.whole("完善制度项数", computed=True)
    outcome = e.long_text("制度成果和预算调整", own_words=True)
    sealed = e.yes_no("已盖单位公章", required_when="报告覆盖全函")
    report = e.rows("整改报告", FileRow, limit=10)


def _letter(data: Data, context: FormContext) -> Iterator[FormFinding]:
    yield from same_name_as_budget(data, context, "object_name", "整改对象")
    letter = context.letter or {}
    for key, source, label in (
        ("letter_number", "doc_number", "反馈意见函文号"),
        ("letter_on", "letter_on", "发函日期"),
    ):
        given, stated = data.get(key), letter.get(source)
        if given is not None and stated is not None and str(given) != stated:
            yield wrong(key, f"“{label}”填的是 {given}，反馈意见函为 {stated}。请更正。")
    reported = {item["id"] for item in data.get(TABLE, [])}
    if context.item is not None:
        if reported and context.item not in reported:
            yield wrong(TABLE, f"本件是整改事项 {context.item} 的报告，台账中没有这一项。请补填。")
        return
    if not data.get("overview"):
        yield missing("overview", "整改报告没有写整改概况，请补填。", "表单目录 F11")
    if not data.get("sealed"):
        yield missing("sealed", "整改报告须盖单位公章，请盖章后勾选。", "表单目录 F11")
    for number, problem in enumerate(letter.get("problems", []), start=1):
        if problem["id"] not in reported:
            yield wrong(TABLE, f"反馈意见函第 {number} 个问题没有列入整改台账，请补填。", "CH-16；CH-33")


def _items(data: Data, context: FormContext) -> Iterator[FormFinding]:
    start = data.get("letter_on") or (context.letter or {}).get("letter_on")
    for number, item in enumerate(data.get(TABLE, []), start=1):
        where = f"第 {number} 项整改"
        due = item.get("due_on")
        if due and start and due.isoformat() < str(start):
            yield wrong(cell(TABLE, item["id"], "due_on"), f"{where}的期限 {due} 早于发函日期 {start}，请核对。")
        yield from _completion(item, where)
        yield from _verification(item, where, context)
        yield from _money(item, where)
        if context.today and due and due < context.today and not item.get("completed"):
            text = f"{where}已过期限 {due}，仍未完成；本区如有规定，将提出停拨或调减建议。"
            yield noted(cell(TABLE, item["id"], "due_on"), text, "HC-18")


def _completion(item: Data, where: str) -> Iterator[FormFinding]:
    if item.get("completed") is False and not item.get("unfinished_reason"):
        text = f"{where}没有完成，请写未完成原因和下一步计划。"
        yield missing(cell(TABLE, item["id"], "unfinished_reason"), text, "表单目录 F11")
    if not item.get("completed"):
        return
    for key, label in (("done", "整改内容"), ("completed_on", "完成日期"), ("evidence", "佐证")):
        if not item.get(key):
            text = f"{where}填为完成，没有{label}。完成须有佐证，请补填。"
            yield missing(cell(TABLE, item["id"], key), text, "表单目录 F11")


def _verification(item: Data, where: str, context: FormContext) -> Iterator[FormFinding]:
    verifier = item.get("verified_by")
    if not verifier:
        return
    if verifier in (item.get("submitted_by"), context.submitter):
        text = f"{where}的核验人“{verifier}”就是填报人。请由财政部门的其他人核验。"
        yield wrong(cell(TABLE, item["id"], "verified_by"), text, "表单目录 F11")
    verified, completed = item.get("verified_on"), item.get("completed_on")
    if verified and completed and verified < completed:
        text = f"{where}的核验日期 {verified} 早于完成日期 {completed}，请核对。"
        yield wrong(cell(TABLE, item["id"], "verified_on"), text)


def _money(item: Data, where: str) -> Iterator[FormFinding]:
    involved, recovered = item.get("amount_wan"), item.get("recovered_wan")
    if involved is not None and recovered is not None and recovered > involved:
        text = f"{where}追回 {shown(recovered)} 大于涉及金额 {shown(involved)}，请核对；属实的请写说明。"
        yield doubted(cell(TABLE, item["id"], "recovered_wan"), text)


def _figures(data: Data, context: FormContext) -> dict[str, Any]:
    items = data.get(TABLE, [])
    figures: dict[str, Any] = {"rules_improved": sum(len(item.get("improved_rules", [])) for item in items)}
    for item in items:
        figures[cell(TABLE, item["id"], "overdue_days")] = _overdue_days(item, context)
    return figures


def _overdue_days(item: Data, context: FormContext) -> int | None:
    """Calendar days past the limit, until completed or until today; None if nothing can be said."""
    due, until = item.get("due_on"), item.get("completed_on") or context.today
    if due is None or until is None:
        return None
    return max(0, int((until - due).days))


def _blank(context: FormContext) -> Data:
    letter = context.letter or {}
    return known(
        object_name=context.object_name,
        letter_number=letter.get("doc_number"),
        letter_on=letter.get("letter_on"),
    )


def _prefill(context: FormContext) -> Data:
    """One ledger row for each problem of the letter, under the problem's id (CH-16), and what the unit said of it."""
    letter = context.letter or {}
    problems = [row for row in letter.get("problems", []) if context.item in (None, row["id"])]
    return known(items=[_row_of(problem, letter, context) | _reported(problem["id"], context) for problem in problems])


def _row_of(problem: Data, letter: Any, context: FormContext) -> Data:
    advice = [row.get("text", "") for row in letter.get("suggestions", []) if row.get("problem") == problem["id"]]
    return known(
        id=problem["id"],
        origin="whole_department" if context.object_kind == "whole_department" else "key_evaluation",
        problem=problem.get("fact"),
        category=problem.get("category"),
        amount_wan=problem.get("amount_wan"),
        requirement="；".join(advice)[:2000],
        responsible_unit=context.unit_name,
        due_on=letter.get("rectify_by"),
    )


def _reported(item: str, context: FormContext) -> Data:
    """What the unit said of a problem in its report on it alone; what is worked out is worked out anew."""
    rows: list[Data] = context.own_reports.get(item, {}).get(TABLE, [])
    row = next((row for row in rows if row["id"] == item), {})
    return {name: value for name, value in row.items() if name in OWN_CELLS}


FORM = Form(
    code="F11",
    title="整改台账与整改报告",
    object_kinds=ALL_KINDS,
    schema=RectificationReport(),
    rules=(_letter, _items),
    figures=_figures,
    blank=_blank,
    prefill=_prefill,
)
