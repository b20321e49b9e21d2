"""F12 结果应用（预算挂钩）清单: what a final result does to the budget, rule by rule.

Source: forms.md F12; CH-20 to CH-23, HX-09, HX-10, HC-18 to HC-21, GZ-14, JH-12, JH-13. The linkage and the quota rate
are the jurisdiction's decisions `budget_linkage` and `quota_cut`; “原则上” rules may be departed from with a reason and
an approver.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from engine.findings import FormFinding
from engine.scoring.numbers import MONEY_PLACES, ZERO, percent_of, rounded, share_of, shown
from engine.scoring.reductions import reduction
from engine.submissions.forms import entries as e
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.findings import Answer, listed, missing, not_laid_down, ruled, wrong
from engine.submissions.forms.form import ALL_KINDS, Data, Form
from engine.submissions.forms.header import known, same_name_as_budget
from engine.submissions.forms.indicators import same_value
from engine.submissions.forms.paths import cell
from engine.submissions.forms.proposals import (
    EFFECTS,
    PROPOSALS,
    TABLE,
    ProposalRow,
    asks_exception,
    carries_out,
    each_names_one,
    laid_down,
    linkage,
    named_by,
    rows_to_settle,
    standing,
    strictness,
    waived_with_reason,
)
from engine.submissions.forms.sheets import FormSchema, RowSchema
from engine.submissions.forms.templates import template
from engine.words import (
    SETTLED,
    BudgetBase,
    EffectKind,
    EffectState,
    EvaluationKind,
    Linkage,
    Occasion,
    UnitKind,
    options_of,
    spellings_of,
)

EFFECT_OPTIONS = options_of(EFFECTS)
QUOTA = BudgetBase.PUBLIC_EXPENSE_QUOTA.label
OCCASIONS = options_of(Occasion)
EVALUATIONS = options_of(EvaluationKind)
STOPPED = EvaluationKind.MONITORING
"""The money was stopped after monitoring: nothing was evaluated, and the list says so (HC-09, HC-18)."""


class Effect(RowSchema):
    """What one rule does to the object's money."""

    settles = e.text("审定的建议", limit=40, refers_to=PROPOSALS, main=True)
    occasion = e.choice("应用环节", OCCASIONS, required="下年编制和当年调整要分开", main=True)
    budget_year = e.year("目标预算年度", required="须写明影响哪年预算", main=True)
    rule = e.text("触发规则", required="须写明规则编号")
    rule_version = e.text("规则版本", limit=80, required="规则会修订，须写明版本")
    effect = e.choice("效果类型", EFFECT_OPTIONS, also=spellings_of(EffectKind), required="须写明效果", main=True)
    applied = e.yes_no("执行", required="多条规则只执行最严的一条", main=True)
    base_wan = e.money("基数", required_when="按比例扣减", main=True)
    rate = e.percent("比例", required_when="按比例扣减", main=True)
    requested_wan = e.money("申报额", hint="没有申报额的按基数")
    approved_wan = e.money("核定额", required_when="影响金额的效果", main=True)
    recovered_wan = e.money("收回金额", required_when="执行收回资金")
    standing = e.choice("审定结果", options_of(SETTLED), computed=True)
    reduction_wan = e.money("核减额", signed=True, computed=True, main=True)
    reduction_rate = e.percent("核减率", signed=True, computed=True)
    exception_reason = e.long_text("例外理由", limit=1000, required_when="没有照规则执行", own_words=True)
    approved_by = e.text("审批人", limit=40, required_when="没有照规则执行")


class ResultApplication(FormSchema):
    """The cells of F12."""

    object_name = e.text("对象", required="须写明对象")
    department = e.text("部门", required="须写明部门")
    evaluation_kind = e.choice(
        "评价类型",
        EVALUATIONS,
        also=spellings_of(EvaluationKind),
        required="不同评价的应用规则不同",
        hint="监控中停止执行、没有评价的，选运行监控",
    )
    fiscal_year = e.year("资金年度", required="须写明评价的资金年度")
    total_score = e.score("得分", required_when="有评价结果")
    grade = e.text("等级", limit=10, required_when="有评价结果")
    proposals = e.rows("规则表的建议", ProposalRow, limit=40)
    effects = e.rows("结果应用", Effect, limit=40, required="至少列一条")
    unit_opinion = e.long_text("部门意见", limit=2000, office=UnitKind.UNIT, recorded_in="确认结果应用")
    confirmed = e.yes_no("部门已确认", office=UnitKind.UNIT, recorded_in="确认结果应用")


def _from_final_evaluation(data: Data, context: FormContext) -> Iterator[FormFinding]:
    yield from same_name_as_budget(data, context, "object_name", "对象")
    if context.evaluation is None:
        if data.get("evaluation_kind") != STOPPED:
            text = "没有定稿的评价结果，不能列入结果应用清单。请先完成评价；监控中停止执行的，评价类型选“运行监控”。"
            yield wrong("total_score", text, "表单目录 F12；HC-09")
        return
    for key, label in (("total_score", "得分"), ("grade", "等级")):
        if data.get(key) is None:
            yield missing(key, f"没有填{label}，请照定稿评价填写。", "表单目录 F12")
    for key, label in (("total_score", "得分"), ("grade", "等级"), ("fiscal_year", "资金年度")):
        given, stated = data.get(key), context.evaluation.get(key)
        if given is not None and stated is not None and not same_value(given, stated):
            yield wrong(key, f"“{label}”填的是 {given}，定稿评价为 {stated}。请更正。")


def _amounts(data: Data, context: FormContext) -> Iterator[FormFinding]:
    for row in data.get(TABLE, []):
        name = EffectKind(row["effect"]).label if row.get("effect") else "结果应用"
        before, after = _starting_amount(row), row.get("approved_wan")
        if before is not None and after is None:
            yield missing(cell(TABLE, row["id"], "approved_wan"), f"“{name}”没有核定额，请补填。", "表单目录 F12")
        if before is not None and after is not None and after > before:
            text = f"“{name}”的核定额 {shown(after)} 大于申报额或基数 {shown(before)}，请核对。"
            yield wrong(cell(TABLE, row["id"], "approved_wan"), text)
        if row.get("effect") == EffectKind.QUOTA_CUT:
            yield from _proportional(row, context)
        if row.get("effect") == EffectKind.CLAW_BACK and row.get("applied"):
            yield from _recovered(cell(TABLE, row["id"], "recovered_wan"), row.get("recovered_wan"), context)


def _recovered(field: str, recovered: Decimal | None, context: FormContext) -> Iterator[FormFinding]:
    """What is taken back is named, and is no more than the object was given."""
    if recovered is None or recovered <= 0:
        yield missing(field, "收回资金没有写收回金额，请补填。", "JH-13；表单目录 F12")
    elif context.amount_wan is not None and recovered > context.amount_wan:
        text = f"收回金额 {shown(recovered)} 大于预算（调整后）{shown(context.amount_wan)}，请核对。"
        yield wrong(field, text, "JH-13；表单目录 F12")


def _proportional(row: Data, context: FormContext) -> Iterator[FormFinding]:
    base, rate, after = row.get("base_wan"), row.get("rate"), row.get("approved_wan")
    for key, label in (("base_wan", f"基数（{QUOTA}）"), ("rate", "比例")):
        if row.get(key) is None:
            yield missing(cell(TABLE, row["id"], key), f"按比例扣减须写明{label}，请补填。", "表单目录 F12")
    if base is not None:
        yield from _of_the_quota(cell(TABLE, row["id"], "base_wan"), base, context)
    if base is None or rate is None or after is None:
        return
    cut = share_of(base, rate)
    if rounded(after, MONEY_PLACES) != rounded(base - cut, MONEY_PLACES):
        working = f"{shown(base)} × {shown(rate)}% = {shown(cut)}"
        text = f"{working}，核定额应为 {shown(base - cut)}，填的是 {shown(after)}。请更正。"
        yield wrong(cell(TABLE, row["id"], "approved_wan"), text)


def _of_the_quota(field: str, base: Decimal, context: FormContext) -> Iterator[FormFinding]:
    """The base is the quota: the one known of the department, and where none is known at least not its whole budget."""
    known_wan, whole_wan = context.public_expense_quota_wan, context.amount_wan
    if known_wan is not None and base != known_wan:
        yield wrong(
            field, f"基数填的是 {shown(base)}，案卷里的{QUOTA}为 {shown(known_wan)}。请更正。", "CH-21；表单目录 F12"
        )
    elif known_wan is None and whole_wan is not None and base == whole_wan:
        text = f"基数填的是部门预算总额 {shown(base)}，扣减的基数是{QUOTA}，请按定额填写。"
        yield wrong(field, text, "CH-21；表单目录 F12")


def _as_ruled(data: Data, context: FormContext) -> Iterator[FormFinding]:
    """The applied effect is one the linkage for this grade allows, or the exception is reasoned and approved."""
    grade, score = data.get("grade"), data.get("total_score")
    applied = [row for row in data.get(TABLE, []) if row.get("applied") and named_by(row, context) is None]
    if grade is not None:
        answer = linkage(context, grade)
        if answer.undefined:
            text = f"等级“{grade}”怎样挂钩预算：本区没有规定，仅列参考。"
            yield not_laid_down(TABLE, text, "budget_linkage")
        else:
            mode = str(answer.outputs.get("mode"))
            for row in applied:
                if row.get("effect") and not carries_out(row["effect"], mode, answer):
                    label = EffectKind(row["effect"]).label
                    what = f"等级“{grade}”按本区规定应“{Linkage.said(mode)}”，执行的是“{label}”"
                    yield from _exception(row, what, answer)
    if context.object_kind == "whole_department" and score is not None:
        yield from _quota(data.get(TABLE, []), score, context)


def _settles_a_quota(row: Data, rows: list[Data], context: FormContext) -> bool:
    """Whether the row lists the proposed quota cut beside a stricter effect, or waives it as others are waived."""
    proposal = named_by(row, context)
    if proposal is None or proposal.effect is not EffectKind.QUOTA_CUT:
        return False
    return standing(row, rows, context) in (EffectState.LISTED, EffectState.WAIVED)


def _quota(rows: list[Data], score: Decimal, context: FormContext) -> Iterator[FormFinding]:
    """A whole-department score may cut the staff public-expense quota by a rate (CH-21)."""
    answer = context.ask("quota_cut", whole_department_score=score)
    rate = None if answer.undefined else answer.outputs.get("rate")
    if not rate:
        return
    percent = percent_of(rate)
    if any(_settles_a_quota(row, rows, context) for row in rows):
        return
    applied = [row for row in rows if row.get("applied")]
    cuts = [row for row in applied if row.get("effect") == EffectKind.QUOTA_CUT]
    if not any(row.get("rate") == percent for row in cuts):
        place = cuts[0] if cuts else (applied[0] if applied else None)
        what = f"整体得分 {shown(score)}，按本区规定应按 {shown(percent)}% 扣减公用经费定额，清单中没有执行"
        if place is None:
            yield ruled(answer, TABLE, f"{what}。请列入，或写明例外。")
        else:
            yield from _exception(place, what, answer)


def _exception(row: Data, what: str, answer: Answer) -> Iterator[FormFinding]:
    yield from asks_exception(row, what, answer.status or "default", answer.source or "决策表")


def _strictest_applies(data: Data, context: FormContext) -> Iterator[FormFinding]:
    """Of several rules for one budget the strictest applies, the others are listed."""
    rows = [row for row in data.get(TABLE, []) if row.get("effect")]
    groups = dict.fromkeys((row.get("occasion"), row.get("budget_year")) for row in rows)
    for occasion, year in groups:
        here = [row for row in rows if (row.get("occasion"), row.get("budget_year")) == (occasion, year)]
        applied = [row for row in here if row.get("applied")]
        if any(row.get("applied") is None for row in here):
            continue
        if not applied:
            text = f"{year or ''} 年预算列了 {len(here)} 条规则，没有标明执行哪一条。请选最严的一条执行。"
            yield missing(cell(TABLE, here[0]["id"], "applied"), text, "表单目录 F12")
            continue
        strictest = max(here, key=_strictness)
        is_settled = named_by(strictest, context) is not None
        if not is_settled and _strictness(strictest) > max(_strictness(row) for row in applied):
            text = f"“{EffectKind(strictest['effect']).label}”比所执行的更严。同一对象执行最严的一条；例外请写说明。"
            yield listed(template("result_application"), cell(TABLE, strictest["id"], "applied"), text)


def _strictness(row: Data) -> tuple[int, Decimal]:
    cut = reduction(_starting_amount(row), row.get("approved_wan"))
    return strictness(row["effect"]), ZERO if cut is None else cut.amount_wan


def _starting_amount(row: Data) -> Decimal | None:
    """申报额, or the base where nothing was requested."""
    amount: Decimal | None = row.get("requested_wan")
    return row.get("base_wan") if amount is None else amount


def _figures(data: Data, context: FormContext) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for row in data.get(TABLE, []):
        cut = reduction(_starting_amount(row), row.get("approved_wan"))
        figures[cell(TABLE, row["id"], "standing")] = standing(row, data[TABLE], context)
        figures[cell(TABLE, row["id"], "reduction_wan")] = None if cut is None else cut.amount_wan
        figures[cell(TABLE, row["id"], "reduction_rate")] = None if cut is None else cut.rate
    return figures


def _facts(data: Data, context: FormContext) -> dict[str, Any]:
    """The strictest effect that is applied."""
    applied = [row for row in data.get(TABLE, []) if row.get("applied") and row.get("effect")]
    return {"result_effect": max(applied, key=_strictness)["effect"]} if applied else {}


def _blank(context: FormContext) -> Data:
    kind = "whole_department" if context.object_kind == "whole_department" else "key_evaluation"
    return known(
        object_name=context.object_name,
        department=context.department_name,
        evaluation_kind=kind,
        fiscal_year=context.fiscal_year,
    )


def _prefill(context: FormContext) -> Data:
    evaluation = context.evaluation or {}
    told = known(total_score=evaluation.get("total_score"), grade=evaluation.get("grade"))
    return told | known(proposals=laid_down(context), effects=rows_to_settle(context))


FORM = Form(
    code="F12",
    title="结果应用（预算挂钩）清单",
    object_kinds=ALL_KINDS,
    schema=ResultApplication(),
    rules=(_from_final_evaluation, each_names_one, waived_with_reason, _amounts, _as_ruled, _strictest_applies),
    figures=_figures,
    facts=_facts,
    blank=_blank,
    prefill=_prefill,
)
