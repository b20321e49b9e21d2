"""Key evaluation as arithmetic: a row starts at its weight and loses what is taken off, for a reason (F09)."""

from decimal import Decimal as D

from engine.scoring import total_of
from engine.scoring.deductions import evaluation_told
from engine.scoring.numbers import ratio


def test_a_score_is_the_weight_less_its_deduction() -> None:
    assert evaluation_told(D(30), D("28.5"), "晚于计划一个月") == "30－1.5（晚于计划一个月）＝28.5"
    assert evaluation_told(D(15), D(15)) == "未扣分，得满分 15"


def test_a_total_sums_rows_that_are_rounded_first_and_waits_for_the_last_one() -> None:
    assert total_of([D(15), D(25), D("26.5"), D(30)]) == D("96.5")
    assert total_of([D("0.005"), D("0.005")]) == D("0.02")
    assert total_of([D(15), None]) is None
    assert total_of([]) is None


def test_the_rates_of_the_common_framework_have_no_meaning_over_nothing() -> None:
    assert ratio(D(90), D(100)) == D("0.9")
    assert ratio(D(1), D(0)) is None
