"""The published amounts of 海沧 and 从化, to the cent (F12)."""

from decimal import Decimal as D

import pytest

from engine.results import quota_cut, rate_of_change, reduction, share_of_amount
from engine.scoring import ImpossibleNumber


@pytest.mark.parametrize(
    ("requested", "approved", "amount", "rate"),
    [("3327.92", "2000.00", "1327.92", "0.3990"), ("143", "85", "58", "0.4056"), ("100", "100", "0", "0")],
)
def test_a_reduction_is_what_was_asked_less_what_was_given(
    requested: str, approved: str, amount: str, rate: str
) -> None:
    cut = reduction(D(requested), D(approved))

    assert (cut.amount_wan, cut.rate) == (D(amount), D(rate))


def test_garbage_sorting_still_lies_9_39_percent_above_what_was_spent() -> None:
    assert rate_of_change(D("2000.00"), D("1828.34")) == D("0.0939")


def test_house_repairs_spent_192_40() -> None:
    assert share_of_amount(D(260), D("0.74")) == D("192.40")


def test_a_score_of_68_5_cuts_a_quota_of_120_to_114() -> None:
    cut = quota_cut(D("120.00"), D("0.05"))

    assert (cut.amount_wan, cut.approved_wan) == (D("6.00"), D("114.00"))


def test_guangzhous_review_cut_computed_from_printed_amounts_is_39_56_percent() -> None:
    assert reduction(D("90.63"), D("90.63") - D("35.85")).rate == D("0.3956")


@pytest.mark.parametrize(
    ("requested", "approved"), [("0", "0"), ("10", "11"), ("-1", "0"), ("NaN", "1"), ("1e15", "1")]
)
def test_an_impossible_reduction_is_refused(requested: str, approved: str) -> None:
    with pytest.raises(ImpossibleNumber):
        reduction(D(requested), D(approved))


def test_impossible_shares_and_comparisons_are_refused() -> None:
    with pytest.raises(ImpossibleNumber, match="不能超过 100%"):
        quota_cut(D(100), D("1.01"))
    with pytest.raises(ImpossibleNumber, match="对比年度金额为 0"):
        rate_of_change(D(1), D(0))
