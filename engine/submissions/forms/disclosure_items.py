"""F14 绩效公开事项: what is made public, when, where, after which deliberation, or why it is withheld.

Source: forms.md F14; CH-04, CH-18, CH-19, HX-12, HX-13, GZ-17 to GZ-19, GZ-22 (late, incomplete, irregular), HC-22,
JH-17. What must come first is the jurisdiction's decision `publication_gate`.
"""

from collections.abc import Iterator

from engine.findings import FormFinding
from engine.submissions.forms import entries as e
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.findings import listed, missing, not_laid_down, ruled
from engine.submissions.forms.form import ALL_KINDS, Data, Form
from engine.submissions.forms.header import known
from engine.submissions.forms.paths import cell
from engine.submissions.forms.sheets import FormSchema, RowSchema
from engine.submissions.forms.templates import template
from engine.words import DocumentKind, PublicationStep, options_of, spellings_of

TABLE = "items"
KINDS = {entry["id"]: entry for entry in template("disclosure")["kind"]}
KIND_OPTIONS = options_of(map(DocumentKind, KINDS))
STEPS = options_of(step for step in PublicationStep if step is not PublicationStep.PUBLISH)
STEP_LABELS = dict(STEPS)


class GateStep(RowSchema):
    """One step that came before publication."""

    step = e.choice("前置程序", STEPS, required="须写明程序")
    done_on = e.day("完成日期", required="前置程序须有日期")
    document = e.text("文件或会议", limit=200)


class DisclosureItem(RowSchema):
    """One thing made public, or withheld."""

    kind = e.choice("事项", KIND_OPTIONS, also=spellings_of(DocumentKind), required="须写明公开事项", main=True)
    responsible_unit = e.text("责任单位", required="须写明责任单位", main=True)
    due_on = e.day("应公开日", required="时点由预决算批复或审议日期确定", main=True)
    published_on = e.day("实际公开日", required_when="已公开", main=True)
    url = e.text("网址", limit=400, required_when="已公开")
    exempt = e.yes_no("涉密豁免", main=True)
    exempt_reason = e.text("豁免理由", limit=1000, required_when="涉密豁免")
    contents = e.texts("已含内容", limit=20, hint="与事项要求的内容逐项对照")
    gate = e.rows("前置程序", GateStep, limit=10, required_when="本区规定先审议后公开")
    complete = e.yes_no("完整性检查结果", main=True)
    regular = e.yes_no("规范性检查结果", main=True)
    notice = e.text("通报", limit=1000)


class DisclosureList(FormSchema):
    """The cells of F14."""

    fiscal_year = e.year("资金年度", required="须写明资金年度")
    items = e.rows("公开事项", DisclosureItem, limit=200, required="至少列一项")


def _each_item(data: Data, context: FormContext) -> Iterator[FormFinding]:
    for item in data.get(TABLE, []):
        name = DocumentKind(item["kind"]).label if item.get("kind") else "公开事项"
        if item.get("exempt"):
            if not item.get("exempt_reason"):
                text = f"“{name}”填了涉密豁免，没有理由。请写明定密依据和批准人。"
                yield missing(cell(TABLE, item["id"], "exempt_reason"), text, "表单目录 F14")
            continue
        yield from _is_timely(item, name, context)
        if item.get("published_on"):
            yield from _is_complete(item, name)
            yield from _gate_is_passed(item, name, context)


def _is_timely(item: Data, name: str, context: FormContext) -> Iterator[FormFinding]:
    due, published, rule = item.get("due_on"), item.get("published_on"), template("disclosure")["failures"]
    place = cell(TABLE, item["id"], "published_on")
    if published and not item.get("url"):
        text = f"“{name}”已公开，没有网址。请补填可以核对的网址。"
        yield missing(cell(TABLE, item["id"], "url"), text, "表单目录 F14")
    if item.get("url") and not published:
        yield missing(place, f"“{name}”有网址，没有实际公开日，请补填。", "表单目录 F14")
    if due and published and published > due:
        yield listed(rule, place, f"“{name}”应于 {due} 公开，实际 {published}，属不及时。请写明原因。")
    elif due and not published and context.today and context.today > due:
        yield listed(rule, place, f"“{name}”应于 {due} 公开，至今没有公开。请尽快公开，或写明原因。")


def _is_complete(item: Data, name: str) -> Iterator[FormFinding]:
    wanted = KINDS[item["kind"]] if item.get("kind") else None
    lacking = [part for part in wanted["contents"] if part not in item.get("contents", [])] if wanted else []
    if wanted and lacking:
        text = f"“{name}”缺少{'、'.join(lacking)}，属不完整。请补充公开，或写明原因。"
        yield listed({**wanted, "status": "inferred"}, cell(TABLE, item["id"], "contents"), text)
    rule = template("disclosure")["failures"]
    if item.get("regular") is False and not item.get("notice"):
        text = f"“{name}”规范性检查未通过，没有通报或处理情况。请写明原因。"
        yield listed(rule, cell(TABLE, item["id"], "regular"), text)


def _gate_is_passed(item: Data, name: str, context: FormContext) -> Iterator[FormFinding]:
    """Every step the jurisdiction puts before publication is done, in order, and not after it."""
    if not item.get("kind"):
        return
    place = cell(TABLE, item["id"], "gate")
    answer = context.ask("publication_gate", document_kind=item["kind"])
    if answer.undefined:
        yield not_laid_down(place, f"“{name}”公开前的程序：本区没有规定，不作核对。", "publication_gate")
        return
    done = {step["step"]: step.get("done_on") for step in item.get("gate", []) if step.get("step")}
    wanted = [step for step in answer.outputs.get("steps") or [] if step != PublicationStep.PUBLISH]
    lacking = [STEP_LABELS.get(step, step) for step in wanted if not done.get(step)]
    if lacking:
        text = f"“{name}”公开前还缺{'、'.join(lacking)}，不能公开。请先完成，并填写日期。"
        yield ruled(answer, place, text)
        return
    days = [done[step] for step in wanted]
    if days != sorted(days):
        yield ruled(answer, place, f"“{name}”前置程序的日期没有按先后，请核对。")
    if days and max(days) > item["published_on"]:
        yield ruled(answer, place, f"“{name}”先于审议公开（审议 {max(days)}，公开 {item['published_on']}）。请核对。")


def _blank(context: FormContext) -> Data:
    return known(fiscal_year=context.fiscal_year)


FORM = Form(
    code="F14",
    title="绩效公开事项",
    object_kinds=ALL_KINDS,
    schema=DisclosureList(),
    rules=(_each_item,),
    blank=_blank,
    prefill=_blank,
)
