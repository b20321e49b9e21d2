"""Self-evaluated indicator rows, the same in F06 and F07: what was reached, and why not or why so much more.

The points are in `self_evaluation_scores`; here a score is only checked against its full marks.
Source: forms.md F06; CH-24 to CH-26, G1, G2; over-achievement by the decision `overachievement_flag`.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.findings import FormFinding
from engine.scoring.numbers import HUNDRED, percent_of, shown
from engine.submissions.forms import entries as e
from engine.submissions.forms import indicators as rows
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.findings import advised, missing, not_laid_down, ruled, weighed, wrong
from engine.submissions.forms.grading import within_full_marks
from engine.submissions.forms.measured import is_reached, methods_for
from engine.submissions.forms.self_evaluation_scores import is_unscored
from engine.submissions.forms.shape import Data
from engine.submissions.forms.sheets import FileRow
from engine.submissions.forms.trees import tree_for
from engine.submissions.forms.weights import levels_are_given
from engine.words import Attainment

BANDS = tuple((band.value, band.in_full) for band in Attainment)
ATTAINMENTS = frozenset(band for band, _ in BANDS)


class SelfEvaluatedRow(rows.TargetColumns):
    """A frozen target row with what was really done."""

    actual_value = e.figure("实际完成值", required_when="定量指标", main=True)
    actual_date = e.day("实际完成日期", required_when="以日期为目标的指标", stands_for="actual_value")
    actual_text = e.text("实际完成情况（文字）", limit=1000, required_when="定性指标", stands_for="actual_value")
    attainment = e.choice("达成档次", BANDS, required_when="定性指标")
    attainment_percent = e.percent("档内得分比例", hint="按计分方法的档次，如达成 80–100，部分达成 60–<80")
    not_applicable_reason = e.text("不适用原因", hint="本年无法评价的指标；分值按计分方法处理")
    score = e.score("得分", hint="留空由系统按计分方法算出；时间指标逾期的须填", main=True)
    deviation_reason = e.long_text("偏差原因分析及改进措施", limit=2000, required_when="未完成或超预期", own_words=True)
    evidence = e.rows("佐证材料", FileRow, limit=20)


def all_in_full(content: Mapping[str, Any]) -> bool:
    """Whether every row that is scored has its full marks, in a content as it is stored."""
    scored = [row for row in content.get(rows.TABLE) or () if not row.get("not_applicable_reason")]
    return bool(scored) and all(_is_in_full(row) for row in scored)


def _is_in_full(row: Mapping[str, Any]) -> bool:
    try:
        return Decimal(str(row.get("score"))) == Decimal(str(row.get("weight")))
    except InvalidOperation:
        return False


def rows_are_answered(data: Data, context: FormContext) -> Iterator[FormFinding]:
    """Every frozen row is there, answered, and explained where it missed or far exceeded its target."""
    evaluated = rows.rows_of(data)
    yield from rows.same_as_frozen(evaluated, context.target, rows.FROZEN_COLUMNS, "绩效目标")
    if context.target is None:
        yield from levels_are_given(evaluated, tree_for(context))
    if evaluated and is_unscored(data):
        text = "各项指标都没有分值，这份自评不计分、不定等级。请补填分值；本表不设分值的，请写说明。"
        yield advised(rows.TABLE, text, "表单目录 F06")
    else:
        yield from rows.weights_are_given(evaluated, needed=True)
    yield from within_full_marks(evaluated, rows.TABLE)
    promised = {row["id"]: row for row in (context.target or {}).get(rows.TABLE, [])}
    for row in evaluated:
        if row.get("not_applicable_reason"):
            continue
        yield from _is_answered(row, context)
        yield from _is_explained(row, context)
        yield from _evidence_is_there(row, promised.get(row["id"], {}))
    yield from _far_above_target(evaluated, context)


def _is_answered(row: rows.Row, context: FormContext) -> Iterator[FormFinding]:
    if row.get("direction") == "qualitative":
        yield from _judgement_is_given(row, context)
    elif row.get("target_date"):
        if row.get("actual_date") is None:
            text = f"指标{rows.called(row)}没有填实际完成日期；尚未完成的，请填预计日期并写明原因。"
            yield missing(rows.at(row, "actual_date"), text)
        elif row["actual_date"] > row["target_date"] and row.get("score") is None:
            text = f"指标{rows.called(row)}逾期完成，系统不自动计分，请填得分。"
            yield missing(rows.at(row, "score"), text, "表单目录 F06")
    elif row.get("actual_value") is None:
        text = f"指标{rows.called(row)}没有填实际完成值，请补填；本年无法评价的，请写不适用原因。"
        yield missing(rows.at(row, "actual_value"), text)


def _judgement_is_given(row: rows.Row, context: FormContext) -> Iterator[FormFinding]:
    if not row.get("actual_text"):
        yield missing(rows.at(row, "actual_text"), f"定性指标{rows.called(row)}没有写实际完成情况，请补填。")
    band = row.get("attainment")
    if band is None:
        yield missing(rows.at(row, "attainment"), f"定性指标{rows.called(row)}没有选达成档次，请选择。")
        return
    percent: Decimal | None = row.get("attainment_percent")
    if percent is None:
        text = f"定性指标{rows.called(row)}没有填档内得分比例，请按档次填写。"
        yield missing(rows.at(row, "attainment_percent"), text)
        return
    yield from _share_is_in_band(row, band, percent, context)


def _share_is_in_band(row: rows.Row, chosen: str, percent: Decimal, context: FormContext) -> Iterator[FormFinding]:
    place = rows.at(row, "attainment_percent")
    if percent > HUNDRED:
        yield wrong(place, f"{rows.called(row)}的档内得分比例 {shown(percent)}% 超过 100%。请更正。")
        return
    methods = methods_for(context)
    band = None if methods is None else methods.band(Attainment(chosen).label)
    if methods is not None and band is not None and not band.holds(percent / HUNDRED):
        method = methods.methods["qualitative"]
        text = f"{rows.called(row)}选“{band.word}”，比例应为 {band.range}，填的是 {shown(percent)}%。请更正，或写说明。"
        yield weighed(method.status, place, text, method.source)


def _is_explained(row: rows.Row, context: FormContext) -> Iterator[FormFinding]:
    if row.get("deviation_reason"):
        return
    late = row.get("target_date") and row.get("actual_date") and row["actual_date"] > row["target_date"]
    percent: Decimal | None = row.get("attainment_percent")
    below = row.get("attainment") in ATTAINMENTS - {"achieved"} or (percent is not None and percent < HUNDRED)
    if late or below or is_reached(row, row.get("actual_value"), context) is False:
        text = f"指标{rows.called(row)}没有完成，请写偏差原因和改进措施。"
        yield missing(rows.at(row, "deviation_reason"), text, "表单目录 F06")


def _evidence_is_there(row: rows.Row, promised: Any) -> Iterator[FormFinding]:
    wanted = promised.get("evidence_required")
    if wanted and not row.get("evidence"):
        text = f"指标{rows.called(row)}要求佐证“{wanted}”，没有附上。请补附；暂缺的，请写说明。"
        yield advised(rows.at(row, "evidence"), text, "表单目录 F06；G7")


def _far_above_target(evaluated: list[Data], context: FormContext) -> Iterator[FormFinding]:
    silent = False
    for row in evaluated:
        completion = rows.completion_ratio(row, row.get("actual_value"))
        if completion is None or completion <= 1:
            continue
        answer = context.ask("overachievement_flag", completion_ratio=completion)
        if answer.undefined:
            silent = True
        elif answer.outputs.get("flagged") and not row.get("deviation_reason"):
            percent = shown(percent_of(completion))
            text = f"指标{rows.called(row)}完成了指标值的 {percent}%，请说明为何远超预期、指标值是否偏低。"
            yield ruled(answer, rows.at(row, "deviation_reason"), text)
    if silent:
        text = "完成值超过指标值多少须作说明：本区没有规定，由复核人判断。"
        yield not_laid_down(rows.TABLE, text, "overachievement_flag")
