"""The checks of a spot review: an agency's fourteen points and the logic tests found beside them (F08).

Titles, cuts and figures stand in spot_review_checks.toml; here stands only how each is noticed.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from engine.scoring.numbers import HUNDRED, ONE, ZERO, percent, plain, rounded
from engine.scoring.sheet import UnsoundSheet
from engine.scoring.spot_review import Finding, Observation, ReviewedRow, ReviewSheet, deviation

HALF_CENT = Decimal("0.005")


@dataclass(frozen=True, slots=True)
class SpotReview:
    """Both totals, how far apart they are (None where the self score is 0), and every check not passed."""

    self_total: Decimal
    reviewed_total: Decimal
    deviation: Decimal | None
    findings: tuple[Finding, ...]


@cache
def checks() -> Mapping[str, Any]:
    """spot_review_checks.toml."""
    return tomllib.loads(files("engine.scoring").joinpath("spot_review_checks.toml").read_text("utf-8"))


def review(sheet: ReviewSheet) -> SpotReview:
    """The review of one project: totals, 偏离度 and findings in the order of the checks."""
    findings = [finding for row in sheet.rows for check in ROW_CHECKS for finding in check(row, sheet)]
    findings += [finding for sheet_check in SHEET_CHECKS for finding in sheet_check(sheet)]
    totals = sheet.self_total, sheet.reviewed_total
    return SpotReview(*totals, deviation(*totals), tuple(findings))


def cut_of(observation: Observation) -> Decimal:
    """The share of 分值 that an observation takes off at least."""
    cuts: Mapping[str, str] = checks()["checks"].get(observation.check, {}).get("cuts", {})
    if observation.severity not in cuts:
        degrees = "、".join(degree or "（不填）" for degree in cuts) or "无"
        raise UnsoundSheet(
            f"复核意见“{observation.check}”的程度“{observation.severity}”无效，可选：{degrees}。",
            check=observation.check,
        )
    return Decimal(cuts[observation.severity])


def _seen_in(row: ReviewedRow, sheet: ReviewSheet) -> Iterator[Observation]:
    """What the reviewer noted, and what the sheet shows by itself."""
    yield from row.observations
    if row.evidence_count == 0:
        yield Observation("no_evidence")
    if "满意度" in row.second_level and not sheet.surveyed:
        yield Observation("no_survey")
    if row.first_level.startswith("效益") and row.name in {
        other.name for other in sheet.rows if other.first_level.startswith("产出") and other.reviewed_score > 0
    }:
        yield Observation("repeated")


def cut_is_made(row: ReviewedRow, sheet: ReviewSheet) -> Iterator[Finding]:
    """Points 1–4 and 6–10: what was seen leaves at most this much of the weight."""
    for observation in dict.fromkeys(_seen_in(row, sheet)):
        most = rounded(row.weight * (ONE - cut_of(observation)))
        if row.reviewed_score > most:
            title = checks()["checks"][observation.check]["title"]
            yield Finding(
                observation.check,
                "error",
                f"{title}：“{row.name}”复核得分 {plain(row.reviewed_score)}，最多应为 {plain(most)}。",
                row.name,
            )


def over_achievement_is_noted(row: ReviewedRow, sheet: ReviewSheet) -> Iterator[Finding]:
    """Point 5: far above the target costs nothing, but is noted."""
    limit = Decimal(checks()["far_above_target_from"])
    if row.completion is not None and row.completion > limit and not row.reason.strip():
        text = f"“{row.name}”完成值为指标值的 {percent(row.completion)}，不扣分，请在备注中注明。"
        yield Finding("far_above_target", "explain", text, row.name)


def deduction_has_grounds(row: ReviewedRow, sheet: ReviewSheet) -> Iterator[Finding]:
    """Point 14: less than the unit gave itself needs a reason, a clause, and a percentage that fits."""
    if row.reviewed_score >= row.self_score:
        return
    missing = [
        what
        for value, what in (
            (row.reason.strip(), "理由"),
            (row.clause.strip(), "依据条款"),
            (row.deducted_share, "比例"),
        )
        if value in ("", None)
    ]
    if missing:
        yield Finding("deduction_grounds", "error", f"“{row.name}”的扣分缺少{'、'.join(missing)}。", row.name)
    elif row.deducted_share is not None:
        taken = row.weight - row.reviewed_score
        if abs(row.deducted_share * row.weight - taken) > HALF_CENT:
            stated, true = percent(row.deducted_share), percent(taken / row.weight)
            text = f"“{row.name}”写明扣 {stated}，实际扣了分值的 {true}，请核对。"
            yield Finding("deduction_grounds", "error", text, row.name)


def above_self_score_is_explained(row: ReviewedRow, sheet: ReviewSheet) -> Iterator[Finding]:
    """A reviewer who gives more than the unit gave itself says why."""
    if row.reviewed_score > row.self_score and not row.reason.strip():
        both = f"{plain(row.reviewed_score)} 高于自评得分 {plain(row.self_score)}"
        yield Finding("above_self_score", "explain", f"“{row.name}”复核得分 {both}，请说明理由。", row.name)


def report_equals_worksheet(sheet: ReviewSheet) -> Iterator[Finding]:
    """Point 11."""
    if sheet.report and sheet.report.total != sheet.reviewed_total:
        text = f"报告总分 {plain(sheet.report.total)} 与底稿合计 {plain(sheet.reviewed_total)} 不一致。"
        yield Finding("report_equals_worksheet", "error", text)


def report_is_logical(sheet: ReviewSheet) -> Iterator[Finding]:
    """Point 12: printed shares sum to 100 %, every problem has a suggestion."""
    if sheet.report is None:
        return
    shares = sum(sheet.report.shares, ZERO)
    if sheet.report.shares and shares != HUNDRED:
        yield Finding("report_logic", "error", f"报告中的占比合计 {plain(shares)}%，应为 100%。")
    for problem in sheet.report.problems:
        if problem not in sheet.report.problems_with_suggestion:
            yield Finding("report_logic", "error", f"问题“{problem}”没有对应的建议。")


def report_is_complete(sheet: ReviewSheet) -> Iterator[Finding]:
    """Point 13."""
    if sheet.report is None:
        return
    missing = [section for section in checks()["report_sections"] if section not in sheet.report.sections]
    if missing:
        yield Finding("report_layout", "error", f"报告缺少章节：{'、'.join(missing)}。")


def not_accepted_fits_scores(sheet: ReviewSheet) -> Iterator[Finding]:
    """Without 验收 a project cannot be full on quantity and zero on quality at once."""
    if sheet.accepted is not False:
        return
    full = [row.name for row in sheet.rows if "数量" in row.second_level and row.reviewed_score == row.weight]
    none = [row.name for row in sheet.rows if "质量" in row.second_level and row.reviewed_score == 0]
    if full and none:
        text = f"项目未验收，“{full[0]}”给了满分而“{none[0]}”给了零分，前后矛盾，请核对。"
        yield Finding("not_accepted", "error", text)


def spending_fits_completion(sheet: ReviewSheet) -> Iterator[Finding]:
    """All output done with almost no money spent is explained."""
    outputs = [row for row in sheet.rows if row.first_level.startswith("产出")]
    if sheet.execution_rate is None or not outputs:
        return
    spent_nothing = sheet.execution_rate < Decimal(checks()["near_zero_spend_below"])
    if spent_nothing and all(row.reviewed_score == row.weight for row in outputs):
        text = f"预算执行率只有 {percent(sheet.execution_rate)}，产出却全部满分，请说明原因。"
        yield Finding("near_zero_spend", "explain", text)


def finished_within_the_year(sheet: ReviewSheet) -> Iterator[Finding]:
    """A completion date after the fiscal year is explained."""
    if sheet.finished_on is not None and sheet.finished_on.year > sheet.fiscal_year:
        text = f"完成日期 {sheet.finished_on:%Y-%m-%d} 在 {sheet.fiscal_year} 年度之后，请说明原因。"
        yield Finding("finished_after_year_end", "explain", text)


def copied_texts(texts: Mapping[str, str]) -> tuple[Finding, ...]:
    """Units whose forms carry the same long text, word for word; `texts` is unit → text."""
    groups: dict[str, list[str]] = {}
    for unit, text in texts.items():
        bare = "".join(text.split())
        if len(bare) >= checks()["copied_text_length"]:
            groups.setdefault(bare, []).append(unit)
    return tuple(
        Finding("copied_text", "explain", f"{'、'.join(units)}的文字完全相同，请核实是否照抄。")
        for units in groups.values()
        if len(units) > 1
    )


def full_marks(self_scores: Mapping[str, Decimal]) -> Finding | None:
    """The projects that gave themselves 100, if any (花溪 2021: 11 of 29); `self_scores` is project → score."""
    perfect = [project for project, points in self_scores.items() if points == HUNDRED]
    if not perfect:
        return None
    text = f"{len(self_scores)} 个项目中有 {len(perfect)} 个自评 100 分：{'、'.join(perfect)}。"
    return Finding("all_full_marks", "hint", text)


RowCheck = Callable[[ReviewedRow, ReviewSheet], Iterator[Finding]]
SheetCheck = Callable[[ReviewSheet], Iterator[Finding]]

ROW_CHECKS: tuple[RowCheck, ...] = (
    cut_is_made,
    over_achievement_is_noted,
    deduction_has_grounds,
    above_self_score_is_explained,
)
SHEET_CHECKS: tuple[SheetCheck, ...] = (
    report_equals_worksheet,
    report_is_logical,
    report_is_complete,
    not_accepted_fits_scores,
    spending_fits_completion,
    finished_within_the_year,
)
