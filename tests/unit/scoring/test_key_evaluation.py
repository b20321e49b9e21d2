"""Key evaluation: scores come from reasoned deductions, and the framework itself is checked (F09)."""

from decimal import Decimal as D

import pytest

from engine.scoring import (
    Deduction,
    EvaluationRow,
    ImpossibleNumber,
    Scope,
    UnsoundSheet,
    cost_saving_rate,
    evaluate,
    ratio,
)

LATE = Deduction(D("1.5"), "晚于计划一个月", "评价标准第4条", "证据-07")


def framework(*, results: str = "60", deductions: tuple[Deduction, ...] = ()) -> tuple[EvaluationRow, ...]:
    half = D(results) / 2
    return (
        EvaluationRow("决策", "项目立项", "立项依据充分性", D(15), Scope.COMMON),
        EvaluationRow("过程", "资金管理", "资金到位率", D(85) - D(results), Scope.COMMON),
        EvaluationRow("产出", "产出时效", "完成及时性", half, Scope.SPECIFIC, deductions),
        EvaluationRow("效益", "项目效益", "实施效益", half, Scope.SPECIFIC),
    )


def test_a_score_is_the_weight_less_its_deductions() -> None:
    evaluation = evaluate(framework(deductions=(LATE, Deduction(D(2), "缺验收单", "第2条", "证据-08"))))

    assert evaluation.total == D("96.5")
    assert evaluation.subtotals == {"决策": D(15), "过程": D(25), "产出": D("26.5"), "效益": D(30)}
    assert evaluation.rows[2].formula == "30－1.5（晚于计划一个月）－2（缺验收单）＝26.5"
    assert evaluation.rows[0].formula == "未扣分，得满分"
    assert evaluation.notes == ()


def test_results_below_60_are_noted() -> None:
    notes = evaluate(framework(results="59.5")).notes

    assert [note.code for note in notes] == ["result_weight_low"]
    assert notes[0].text == "产出与效益分值合计 59.5，应不低于 60。"


def test_a_framework_without_specific_indicators_is_noted() -> None:
    rows = (EvaluationRow("产出", "数量", "实际完成率", D(100), Scope.COMMON),)

    assert [note.code for note in evaluate(rows).notes] == ["no_specific_indicator"]


@pytest.mark.parametrize(
    ("reason", "clause", "evidence", "missing"),
    [("", "第1条", "证", "扣分理由"), ("迟", " ", "证", "扣分依据"), ("迟", "第1条", "", "证据编号")],
)
def test_a_deduction_without_grounds_is_refused(reason: str, clause: str, evidence: str, missing: str) -> None:
    with pytest.raises(UnsoundSheet, match=f"扣 1 分须写明{missing}"):
        Deduction(D(1), reason, clause, evidence)


@pytest.mark.parametrize("points", ["0", "-1", "NaN", "0.001"])
def test_an_impossible_deduction_is_refused(points: str) -> None:
    with pytest.raises(ImpossibleNumber):
        Deduction(D(points), "迟", "第1条", "证")


def test_more_cannot_be_deducted_than_there_is() -> None:
    with pytest.raises(ImpossibleNumber, match="共扣 3 分，超过分值 2"):
        EvaluationRow("产出", "时效", "及时", D(2), Scope.COMMON, (LATE, LATE))


def test_a_framework_whose_weights_are_not_100_is_refused() -> None:
    with pytest.raises(UnsoundSheet, match="分值合计是 85，应为 100"):
        evaluate(framework()[1:])


def test_the_rates_of_the_common_framework() -> None:
    assert ratio(D(90), D(100), "资金到位率") == D("0.9")
    assert cost_saving_rate(D(100), D(92)) == D("0.08")
    assert cost_saving_rate(D(100), D(110)) == D("-0.1")
    with pytest.raises(ImpossibleNumber, match="分母为 0"):
        ratio(D(1), D(0), "质量达标率")
