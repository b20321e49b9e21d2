"""Figures out of stored content, and shares that have no meaning."""

from decimal import Decimal as D
from typing import Any

import pytest

from engine.scoring.numbers import as_decimal, decimals_of, percentage, ratio


@pytest.mark.parametrize(
    ("stored", "figure"),
    [
        ("89.99", D("89.99")),
        (3, D(3)),
        (D("0.5"), D("0.5")),
        (True, None),
        (None, None),
        (0.1, None),
        ("九十", None),
        ("NaN", None),
        ("Infinity", None),
    ],
)
def test_only_text_of_a_number_and_whole_numbers_are_figures(stored: Any, figure: D | None) -> None:
    assert as_decimal(stored) == figure


@pytest.mark.parametrize(("part", "whole"), [(None, D(90)), (D(35), None), (D(35), D(0)), (None, None)])
def test_a_share_of_what_is_missing_or_nothing_has_no_meaning(part: D | None, whole: D | None) -> None:
    assert percentage(part, whole) is None
    assert ratio(part, whole) is None


def test_a_share_of_nothing_in_something_is_nothing() -> None:
    assert (percentage(D(0), D(90)), ratio(D(0), D(90))) == (0, 0)


@pytest.mark.parametrize(("written", "decimals"), [("9.50", 2), ("9", 0), ("90", 0), ("9E+1", 0)])
def test_a_whole_number_has_no_decimals_however_it_is_written(written: str, decimals: int) -> None:
    assert decimals_of(D(written)) == decimals
