"""The published amounts of 海沧, 从化 and 广州, to the cent (F01, F12), and what an agency is paid (F13)."""

from decimal import Decimal as D

import pytest

from engine.scoring import ImpossibleNumber, quota_cut, reduction
from engine.scoring.numbers import share_of
from engine.scoring.reductions import payable


@pytest.mark.parametrize(
    ("requested", "approved", "amount", "rate"),
    [
        ("3327.92", "2000.00", "1327.92", "39.90"),
        ("143", "85", "58", "40.56"),
        ("90.63", "54.78", "35.85", "39.56"),
        ("100", "100", "0", "0"),
    ],
)
def test_a_reduction_is_what_was_asked_less_what_was_given(
    requested: str, approved: str, amount: str, rate: str
) -> None:
    cut = reduction(D(requested), D(approved))

    assert cut is not None
    assert (cut.amount_wan, cut.rate) == (D(amount), D(rate))


def test_nothing_asked_for_has_no_rate_and_nothing_decided_no_reduction() -> None:
    nothing_asked = reduction(D(0), D(0))

    assert nothing_asked is not None
    assert nothing_asked.rate is None
    assert reduction(D(100), None) is None


def test_house_repairs_spent_192_40() -> None:
    assert share_of(D(260), D(74)) == D("192.40")


def test_a_share_of_an_amount_is_counted_to_one_fen_and_half_of_one_is_rounded_up() -> None:
    assert share_of(D("0.000001"), D(50)) == D("0.000001")
    assert share_of(D("0.000001"), D(49)) == 0


def test_a_score_of_68_5_cuts_a_quota_of_120_to_114() -> None:
    cut = quota_cut(D("120.00"), D("0.05"))

    assert (cut.cut_wan, cut.left_wan) == (D("6.00"), D("114.00"))


@pytest.mark.parametrize(("quota", "rate"), [("100", "1.01"), ("-1", "0.05"), ("NaN", "0.05"), ("1e15", "0.05")])
def test_an_impossible_quota_or_rate_is_refused(quota: str, rate: str) -> None:
    with pytest.raises(ImpossibleNumber):
        quota_cut(D(quota), D(rate))


@pytest.mark.parametrize(("percent", "due"), [("100", "9.80"), ("95", "9.30"), ("80", "7.80")])
def test_an_agency_is_paid_a_share_of_its_contract_less_its_penalty(percent: str, due: str) -> None:
    assert payable(D(10), D(percent), D("0.2")) == D(due)


def test_a_penalty_above_the_share_shows_as_a_negative_amount() -> None:
    assert payable(D(1), D(100), D(5)) == D(-4)
    assert payable(D(1), None, D(5)) is None
