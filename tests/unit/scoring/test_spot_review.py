"""Spot review as arithmetic: 偏离度, what a cut leaves, and how much of a sheet stands at full marks (F08)."""

from decimal import Decimal as D

import pytest

from engine.scoring.deductions import cut_fits, deviation, left_after, points_lost, review_told
from engine.scoring.totals import share_in_full


def test_deviation_is_the_gap_over_the_self_score() -> None:
    assert deviation(D(100), D("80.31")) == D("19.69")
    assert deviation(D(80), D(84)) == D("-5")
    assert deviation(D(0), D(0)) is None
    assert deviation(None, D(80)) is None


@pytest.mark.parametrize(("percent", "left"), [("100", "0"), ("30", "35"), ("60", "20"), ("0", "50")])
def test_a_cut_leaves_the_rest_of_the_points(percent: str, left: str) -> None:
    assert left_after(D(percent), D(50)) == D(left)


def test_a_cut_may_be_taken_off_the_full_marks_or_off_the_self_score() -> None:
    bases = (D(50), D(40))

    assert cut_fits(D(30), D(35), bases)
    assert cut_fits(D(30), D("28.00"), bases)
    assert not cut_fits(D(60), D(35), bases)


def test_nothing_is_lost_at_full_marks_or_before_a_row_is_scored() -> None:
    assert points_lost(D(10), D(7)) == D(3)
    assert points_lost(D(10), D(10)) == 0
    assert points_lost(D(10), None) == 0


def test_the_share_at_full_marks_is_one_of_points_not_of_rows() -> None:
    assert share_in_full([(D(90), D(90)), (D(5), D(4)), (D(5), None)]) == D("90")
    assert share_in_full([]) is None


def test_a_reviewed_row_tells_what_became_of_the_self_score() -> None:
    assert review_told(D(10), D(7), "按“个别未完成”扣减 30%", "一处未投用") == (
        "自评 10，按“个别未完成”扣减 30%（一处未投用），复核 7"
    )
    assert review_told(D(6), D(8), reason="漏算一批") == "自评 6（漏算一批），复核 8"
    assert review_told(D("8.50"), D("8.50")) == "与自评一致，复核 8.5"
    assert review_told(None, D(8)) == "复核 8"
