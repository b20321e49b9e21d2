"""Spot review: 偏离度, and the checks of an agency's fourteen-point standard (F08)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest

from engine.scoring import (
    ImpossibleNumber,
    Observation,
    Report,
    ReviewedRow,
    ReviewSheet,
    UnsoundSheet,
    copied_texts,
    deviation,
    full_marks,
    review,
)

SECTIONS = ("基本情况", "评价工作", "结论", "指标分析", "经验", "问题", "建议", "附件")
ROW = ReviewedRow("产出指标", "数量指标", "培训人次", D(50), D(50), D(50), evidence_count=1)
REST = ReviewedRow("效益指标", "社会效益指标", "受益户数", D(50), D(50), D(50), evidence_count=2)


def sheet(row: ReviewedRow = ROW, rest: ReviewedRow = REST) -> ReviewSheet:
    return ReviewSheet((row, rest), fiscal_year=2021, execution_rate=D("0.98"), surveyed=True)


def cut(points: str, share: str) -> ReviewedRow:
    return replace(ROW, reviewed_score=D(points), deducted_share=D(share), reason="佐证不足", clause="第3条")


def found(reviewed: ReviewSheet) -> list[tuple[str, str]]:
    return [(finding.check, finding.severity) for finding in review(reviewed).findings]


def test_deviation_is_the_gap_over_the_self_score() -> None:
    assert deviation(D(100), D("80.31")) == D("0.1969")
    assert deviation(D(80), D(84)) == D("-0.05")
    assert deviation(D(0), D(0)) is None


def test_a_sound_review_has_totals_and_no_findings() -> None:
    result = review(sheet())

    assert (result.self_total, result.reviewed_total, result.deviation) == (D(100), D(100), D(0))
    assert result.findings == ()


def test_a_row_without_evidence_earns_nothing() -> None:
    result = review(sheet(replace(ROW, evidence_count=0)))

    assert [finding.check for finding in result.findings] == ["no_evidence"]
    assert result.findings[0].message == "无佐证材料，不得分：“培训人次”复核得分 50，最多应为 0。"


@pytest.mark.parametrize(
    ("check", "severity", "most", "share"),
    [
        ("unrelated", "", "0", "1"),
        ("misplaced", "", "0", "1"),
        ("not_examinable", "轻", "35", "0.30"),
        ("not_examinable", "中", "20", "0.60"),
        ("not_examinable", "重", "0", "1"),
        ("partly_unfinished", "", "35", "0.30"),
    ],
)
def test_what_a_reviewer_saw_must_be_cut(check: str, severity: str, most: str, share: str) -> None:
    observed = (Observation(check, severity),)

    assert found(sheet(replace(ROW, observations=observed))) == [(check, "error")]
    assert found(sheet(replace(cut(most, share), observations=observed))) == []


@pytest.mark.parametrize("check", ["qualitative_but_related", "benefit_without_standard"])
def test_some_observations_cost_nothing(check: str) -> None:
    assert found(sheet(replace(ROW, observations=(Observation(check),)))) == []


@pytest.mark.parametrize(("check", "severity"), [("not_examinable", ""), ("unrelated", "轻"), ("guess", "")])
def test_an_observation_nobody_defined_is_refused(check: str, severity: str) -> None:
    with pytest.raises(UnsoundSheet, match="程度"):
        review(sheet(replace(ROW, observations=(Observation(check, severity),))))


def test_satisfaction_without_a_survey_earns_nothing() -> None:
    row = replace(ROW, first_level="满意度指标", second_level="服务对象满意度指标")

    assert found(replace(sheet(row), surveyed=False)) == [("no_survey", "error")]


def test_an_indicator_under_output_and_benefit_counts_once() -> None:
    assert found(sheet(rest=replace(REST, name="培训人次"))) == [("repeated", "error")]


def test_far_above_target_costs_nothing_but_is_noted() -> None:
    assert found(sheet(replace(ROW, completion=D("1.31")))) == [("far_above_target", "explain")]
    assert found(sheet(replace(ROW, completion=D("1.31"), reason="需求增加"))) == []
    assert found(sheet(replace(ROW, completion=D("1.30")))) == []


def test_every_deduction_has_a_reason_a_clause_and_a_fitting_percentage() -> None:
    assert found(sheet(cut("35", "0.30"))) == []
    assert found(sheet(replace(cut("35", "0.30"), reason=""))) == [("deduction_grounds", "error")]
    assert found(sheet(replace(cut("35", "0.30"), deducted_share=None))) == [("deduction_grounds", "error")]
    wrong = review(sheet(cut("35", "0.60")))
    assert wrong.findings[0].message == "“培训人次”写明扣 60.00%，实际扣了分值的 30.00%，请核对。"


def test_more_than_the_unit_gave_itself_needs_a_reason() -> None:
    row = replace(ROW, self_score=D(40))

    assert found(sheet(row)) == [("above_self_score", "explain")]
    assert found(sheet(replace(row, reason="漏算一批"))) == []


def test_the_report_equals_the_worksheet_is_logical_and_complete() -> None:
    report = Report(D(99), (D(60), D("39.5")), ("未验收", "超支"), ("超支",), SECTIONS[:-1])

    messages = [finding.message for finding in review(replace(sheet(), report=report)).findings]

    assert messages == [
        "报告总分 99 与底稿合计 100 不一致。",
        "报告中的占比合计 99.5%，应为 100%。",
        "问题“未验收”没有对应的建议。",
        "报告缺少章节：附件。",
    ]
    sound = Report(D(100), (D(60), D(40)), ("超支",), ("超支",), SECTIONS)
    assert found(replace(sheet(), report=sound)) == []


def test_an_unaccepted_project_cannot_be_full_on_quantity_and_zero_on_quality() -> None:
    quality = replace(
        REST, second_level="质量指标", reviewed_score=D(0), deducted_share=D(1), reason="未验收", clause="第2条"
    )

    assert found(replace(sheet(rest=quality), accepted=False)) == [("not_accepted", "error")]
    assert found(replace(sheet(rest=quality), accepted=True)) == []


def test_full_output_with_hardly_any_money_spent_is_explained() -> None:
    assert found(replace(sheet(), execution_rate=D("0.0499"))) == [("near_zero_spend", "explain")]
    assert found(replace(sheet(), execution_rate=D("0.05"))) == []


def test_a_completion_date_after_the_year_is_explained() -> None:
    assert found(replace(sheet(), finished_on=date(2022, 1, 1))) == [("finished_after_year_end", "explain")]
    assert found(replace(sheet(), finished_on=date(2021, 12, 31))) == []


def test_units_that_copied_each_other_are_named() -> None:
    text = "本项目按计划完成全部年度任务，取得良好社会效益，群众满意。"

    findings = copied_texts({"甲单位": text, "乙单位": text.replace("，", "， "), "丙单位": "完成", "丁单位": "完成"})

    assert [finding.message for finding in findings] == ["甲单位、乙单位的文字完全相同，请核实是否照抄。"]


def test_projects_that_gave_themselves_100_are_listed() -> None:
    finding = full_marks({"甲": D(100), "乙": D("99.9"), "丙": D("100.00")})

    assert finding is not None
    assert finding.message == "3 个项目中有 2 个自评 100 分：甲、丙。"
    assert full_marks({"甲": D(99)}) is None


def test_scores_above_the_weight_and_weights_off_100_are_refused() -> None:
    with pytest.raises(ImpossibleNumber, match="复核得分 51 超过分值 50"):
        replace(ROW, reviewed_score=D(51))
    with pytest.raises(UnsoundSheet, match="分值合计是 50，应为 100"):
        ReviewSheet((ROW,), 2021, None, surveyed=True)
