"""Which year each place lays down for a budget or a list: one moved by one in any table fails here (HX-10, HC-09)."""

from decimal import Decimal

import pytest

from engine.policies import Policies
from engine.words import ResultOf

AFTER = ("in_year", "next_budget", "listed")
NATION = {
    "evaluation": (None, 2, None),
    "monitoring": (0, None, 1),
    "rectification": (1, None, None),
    "policy_expiry": (None, 1, None),
}
"""Result → years after the fiscal year (of a policy that expires: after its end), all of them defaults."""
LAID_DOWN = {
    ("huaxi", "evaluation"): ((1, 2, None), "stated"),
    ("haicang", "monitoring"): (NATION["monitoring"], "inferred"),
    ("conghua", "evaluation"): (NATION["evaluation"], "inferred"),
}


@pytest.mark.parametrize("place", ["conghua", "huaxi", "haicang", "guangzhou", "jianghan"])
@pytest.mark.parametrize("result_of", list(ResultOf))
def test_every_place_says_in_which_year_what_follows_is_used(policies: Policies, place: str, result_of: str) -> None:
    answer = policies.of(place).decide("effect_occasion", {"result_of": result_of})

    years = tuple(None if years is None else int(years) for years in map(answer.outputs.get, AFTER))
    assert (years, answer.status) == LAID_DOWN.get((place, result_of), (NATION[result_of], "default"))
    assert all(years is None or years == Decimal(int(years)) for years in map(answer.outputs.get, AFTER))
