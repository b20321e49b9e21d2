"""How long a stage has until its last day, when it begins: calendar days, which no calendar is needed for."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from engine.cases import Case
from engine.deadlines import WorkingCalendar
from engine.moves.facts import Decider, days_left
from engine.policies import Policies, Policy, load_policies
from engine.policies.load import policy_files
from engine.words import CaseKind

BPMN = Path(__file__).resolve().parents[3] / "bpmn"
CALENDAR = WorkingCalendar.load(BPMN / "calendars")
SESSION: Any = SimpleNamespace(info={"calendar": CALENDAR})


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policies(BPMN).of("huaxi")


@pytest.fixture
def case() -> Case:
    return Case(object_kind=CaseKind.PROJECT, fiscal_year=2021, amount_wan=None, facts={})


@pytest.mark.parametrize(
    ("on", "days"),
    [(date(2020, 12, 8), 7), (date(2020, 12, 15), 0), (date(2020, 12, 16), -1), (date(2021, 6, 1), -168)],
)
def test_a_target_is_counted_to_the_closing_day_of_the_budget(policy: Policy, case: Case, on: date, days: int) -> None:
    assert days_left(case, policy, "target_filing", on, CALENDAR) == days


def test_of_a_stage_without_a_last_day_nothing_is_said(policy: Policy, case: Case) -> None:
    assert days_left(case, policy, "monitoring", date(2021, 8, 2), CALENDAR) is None


def test_nobody_has_to_confirm_the_holidays_of_a_year_for_it(policy: Policy, case: Case) -> None:
    case.fiscal_year = 2041

    assert days_left(case, policy, "target_filing", date(2040, 12, 1), CALENDAR) == 14


@pytest.mark.parametrize(("on", "way"), [(date(2020, 12, 8), "ordinary"), (date(2020, 12, 9), "late")])
def test_less_than_a_week_before_the_closing_day_is_late(policy: Policy, case: Case, on: date, way: str) -> None:
    decide = Decider(case, policy, on, SESSION)

    answer = decide("late_entry", {"stage": "target_filing", "review_path": "single"})

    assert answer == {"undefined": False, "way": way}


def test_tables_of_an_earlier_release_say_nothing_about_beginning_late(case: Case) -> None:
    files = {name: content for name, content in policy_files(BPMN).items() if "late_entry" not in name}
    decide = Decider(case, Policies.from_files(files).of("huaxi"), date(2020, 9, 1), SESSION)

    assert decide("late_entry", {"stage": "target_filing"}) == {"undefined": True, "way": None}
    assert decide.rows["late_entry"] is None
