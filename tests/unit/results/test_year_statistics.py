"""A year added up: grades, 优良率, 完成率 as ΣB/ΣA, projects by project and money by line (CH-15, HX-16)."""

from decimal import Decimal as D
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InvalidInput
from engine.rehearsal.inputs import read_departments, read_projects
from engine.results import Money, completion_statistics, grade_statistics, year_statistics
from engine.scoring import ImpossibleNumber

DATA = Path(__file__).resolve().parents[3] / "data"


def test_huaxi_2021_adds_up_to_what_a_rehearsal_reports() -> None:
    year = year_statistics(
        read_departments(DATA / "huaxi_2021_departments.csv"), read_projects(DATA / "huaxi_2021_projects.csv")
    )

    assert year.as_json() == {
        "departments": {"count": 67, "grades": {"优": 28, "良": 39}, "max": "96.00", "min": "80.2"},
        "projects": {
            "count": 29,
            "fund_lines": 35,
            "funds_wan": "9298.22276",
            "grades": {"优": 21, "良": 8},
            "mean_self_minus_third_party": "5.65",
            "self_score_method": "mean_of_lines@1",
        },
    }


def test_a_year_without_rows_has_empty_parts() -> None:
    assert year_statistics().as_json() == {
        "departments": {"count": 0, "grades": {}, "max": None, "min": None},
        "projects": {
            "count": 0,
            "fund_lines": 0,
            "funds_wan": "0",
            "grades": {},
            "mean_self_minus_third_party": None,
        },
    }


def test_grades_are_counted_best_first_with_the_good_ratio() -> None:
    statistics = grade_statistics(["中"] * 7 + ["良"] * 3)

    assert list(statistics.grades.items()) == [("良", 3), ("中", 7)]
    assert statistics.good_ratio == D("0.3")
    with pytest.raises(InvalidInput, match="没有任何等级"):
        grade_statistics([])


def test_completion_is_the_quotient_of_sums_never_the_mean_of_rates() -> None:
    statistics = completion_statistics([Money(D(100), D(100)), Money(D(900), D(450))])

    assert statistics.rate == D("0.55")
    assert (statistics.full, statistics.from_ninety, statistics.below_ninety) == (1, 0, 1)


@pytest.mark.parametrize(
    ("executed", "bucket"), [("100", 0), ("101", 0), ("99.99", 1), ("90", 1), ("89.99", 2), ("0", 2)]
)
def test_buckets_meet_at_100_and_90_percent(executed: str, bucket: int) -> None:
    statistics = completion_statistics([Money(D(100), D(executed))])

    assert (statistics.full, statistics.from_ninety, statistics.below_ninety)[bucket] == 1


@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 10**6)), min_size=1, max_size=30))
def test_buckets_sum_to_the_number_of_objects(amounts: list[tuple[int, int]]) -> None:
    statistics = completion_statistics([Money(D(budget), D(executed)) for budget, executed in amounts])

    assert statistics.full + statistics.from_ninety + statistics.below_ninety == statistics.count == len(amounts)


@pytest.mark.parametrize(("budget", "executed", "which"), [("-1", "0", "全年预算数"), ("1", "-1", "全年执行数")])
def test_money_below_zero_is_refused_by_name(budget: str, executed: str, which: str) -> None:
    with pytest.raises(ImpossibleNumber, match=which):
        completion_statistics([Money(D(budget), D(executed))])


def test_an_object_without_a_budget_is_refused() -> None:
    with pytest.raises(ImpossibleNumber, match="全年预算数为 0"):
        completion_statistics([Money(D(0), D(0))])
    with pytest.raises(InvalidInput, match="没有任何预算"):
        completion_statistics([])
