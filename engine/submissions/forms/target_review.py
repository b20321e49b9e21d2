"""F03 绩效目标审核表: completeness, relevance, suitability, feasibility, and what becomes of the target.

Source: forms.md F03; GZ-11 (three rounds in order), HC-05 (collective review, return and resubmit), G6.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from engine.findings import FormFinding
from engine.policies.form_figures import Bands, read_bands
from engine.scoring.numbers import shown
from engine.scoring.totals import total_of
from engine.submissions.forms import entries as e
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.findings import listed, missing, not_laid_down, ruled, weighed, wrong
from engine.submissions.forms.form import ALL_KINDS, Data, Form
from engine.submissions.forms.grading import within_full_marks
from engine.submissions.forms.header import known, same_name_as_budget
from engine.submissions.forms.paths import cell
from engine.submissions.forms.sheets import FormSchema, RowSchema
from engine.submissions.forms.templates import template
from engine.words import ReviewRound, options_of

ROUNDS = options_of(ReviewRound)
SAID = dict(ROUNDS)
DISPOSALS = (
    ("approved", "通过"),
    ("approved_after_change", "修改后通过"),
    ("returned", "退回重报"),
    ("not_arranged", "不予安排"),
)
REVIEWERS = (("finance", "财政部门"), ("agency", "第三方机构"), ("expert", "专家"))
GRADES = tuple((grade, grade) for grade in "优良中差")


class Mark(RowSchema):
    """One point of the review."""

    group = e.text("审核方面", required="须归入四个方面之一")
    item = e.text("审核要点", required="须写明要点")
    weight = e.weight("分值", required="须有分值")
    score = e.score("得分", required="每个要点都要评分")


class Opinion(RowSchema):
    """A remark tied to one indicator or field."""

    field = e.text("对应字段", required="意见要落到字段或指标", hint="如 indicators[y3].name")
    text = e.long_text("意见", limit=2000, required="须写明要改什么、怎么改")


class TargetReview(FormSchema):
    """The cells of F03."""

    object_name = e.text("项目（部门）名称", required="须写明审核对象")
    round = e.choice("审核轮次", ROUNDS, required="轮次有先后")
    reviewer_kind = e.choice("审核人类型", REVIEWERS, required="须写明由谁审核")
    collective_session = e.text("集中审核场次", limit=60, required_when="第三方集中审核")
    marks = e.rows("审核评分", Mark, limit=30, required="各要点都要评分")
    total_score = e.score("总分", computed=True)
    grade = e.choice("等级", GRADES, computed=True)
    opinions = e.rows("审核意见", Opinion, required_when="处理为“退回重报”")
    disposal = e.choice("处理", DISPOSALS, required="须给出处理结果")


@cache
def _national() -> Bands:
    grades = template("target_review")["grades"]
    bands = [{"grade": grade, "from": floor} for grade, floor in grades["bands"]]
    return read_bands({"bands": bands, "source": grades["source"], "status": grades["status"]})


def bands_of(context: FormContext) -> Bands:
    """The review grades that hold here; these are not the grades of an evaluation."""
    return context.figures.target_review or _national()


def _marks(data: Data, context: FormContext) -> Iterator[FormFinding]:
    rows = data.get("marks", [])
    yield from within_full_marks(rows, "marks")
    sheet = {mark["id"]: mark for mark in template("target_review")["mark"]}
    present = {row["id"]: row for row in rows}
    for mark_id, mark in sheet.items():
        row = present.get(mark_id)
        if rows and row is None:
            yield listed(mark, "marks", f"缺少审核要点“{mark['item']}”，请补评，或写说明。")
        elif row is not None and row.get("weight") not in (None, Decimal(mark["weight"])):
            text = f"“{mark['item']}”的分值填 {shown(row['weight'])}，模板为 {mark['weight']}。请改回，或写说明。"
            yield listed(mark, cell("marks", mark_id, "weight"), text)


def _disposal(data: Data, context: FormContext) -> Iterator[FormFinding]:
    disposal, score, grades = data.get("disposal"), _total(data), template("target_review")["grades"]
    if disposal == "returned" and not data.get("opinions"):
        yield missing("opinions", "退回重报须逐条写明意见，单位才知道改哪里。请补填审核意见。", "HC-05")
    if disposal in ("approved", "approved_after_change") and score is not None:
        bands = bands_of(context)
        grade = bands.of(score).grade
        if grade in grades["cannot_proceed"]:
            text = f"审核得分 {shown(score)}，等级为“{grade}”，不宜进入下一阶段。请退回或不予安排；确需通过，请写说明。"
            yield weighed(bands.status, "disposal", text, bands.source)


def _round(data: Data, context: FormContext) -> Iterator[FormFinding]:
    """The round is the jurisdiction's, in its order; an adjustment is reviewed once, by 业务股 alone (HX-06)."""
    if context.budget_adjusted:
        return
    answer = context.ask("target_review_route", object_kind=context.object_kind, amount_wan=context.amount_wan)
    if answer.undefined:
        yield not_laid_down("round", "审核轮次：本区没有规定，轮次先后不作核对。", "target_review_route")
        return
    this, rounds = data.get("round", ""), list(answer.outputs.get("rounds") or [])
    if this and rounds and this not in rounds:
        order = " → ".join(SAID.get(step, step) for step in rounds)
        yield ruled(answer, "round", f"本区审核轮次为{order}，没有“{SAID[this]}”。请重新选择。")
    elif this in rounds:
        before = [step for step in rounds[: rounds.index(this)] if step not in context.rounds_done]
        if before:
            text = f"“{SAID[this]}”之前还有{'、'.join(SAID.get(step, step) for step in before)}没有完成，请按先后审核。"
            yield ruled(answer, "round", text)
    if answer.outputs.get("collective") and not data.get("collective_session"):
        text = "本区实行第三方集中审核，须写明集中审核场次，请补填。"
        yield ruled(answer, "collective_session", text)


def _object(data: Data, context: FormContext) -> Iterator[FormFinding]:
    yield from same_name_as_budget(data, context, "object_name", "项目（部门）名称")
    target_rows = {row["id"] for row in (context.target or {}).get("indicators", [])}
    for opinion in data.get("opinions", []):
        row_id = opinion.get("field", "").partition("[")[2].partition("]")[0]
        if target_rows and row_id and opinion["field"].startswith("indicators[") and row_id not in target_rows:
            place = cell("opinions", opinion["id"], "field")
            yield wrong(place, f"意见对应的指标“{row_id}”不在目标表中，请重新选择。")


def _total(data: Data) -> Decimal | None:
    return total_of(row.get("score") for row in data.get("marks", []))


def _figures(data: Data, context: FormContext) -> dict[str, Any]:
    score = _total(data)
    return {"total_score": score, "grade": None if score is None else bands_of(context).of(score).grade}


def _facts(data: Data, context: FormContext) -> dict[str, Any]:
    results = {"approved": "approved", "approved_after_change": "approved", "not_arranged": "not_arranged"}
    result = results.get(data.get("disposal", ""))
    return {} if result is None else {"target_result": result}


def _blank(context: FormContext) -> Data:
    marks = [
        {key: mark[key] for key in ("id", "group", "item", "weight")} for mark in template("target_review")["mark"]
    ]
    return known(object_name=context.object_name, marks=marks)


def _started(context: FormContext) -> Data:
    """What is settled before anybody writes: the round whose turn it is, who reviews, and that the target goes through.

    A reviewer who sends it back fills in no sheet. Where agencies review together nobody is named: finance looks after
    them at the same sheet.
    """
    answer = context.ask("target_review_route", object_kind=context.object_kind, amount_wan=context.amount_wan)
    laid_down = answer.outputs if not answer.undefined and not context.budget_adjusted else {}
    ahead = (each for each in laid_down.get("rounds") or [] if each not in context.rounds_done)
    reviewer = None if answer.outputs.get("collective") else "finance"
    return _blank(context) | known(round=next(ahead, None), reviewer_kind=reviewer, disposal="approved")


FORM = Form(
    code="F03",
    title="绩效目标审核表",
    object_kinds=ALL_KINDS,
    schema=TargetReview(),
    rules=(_object, _marks, _round, _disposal),
    figures=_figures,
    facts=_facts,
    blank=_blank,
    prefill=_started,
)
