"""The plan of a rehearsal: what is set going when, how people answer, and which years can be rehearsed at all."""

from datetime import date
from decimal import Decimal as D
from pathlib import Path

import pytest

from engine.deadlines import WorkingCalendar
from engine.rehearsal.inputs import Department, ProjectLine
from engine.rehearsal.plan import answer, dice, habits, motions
from engine.rehearsal.rehearse import Inputs, NothingToRehearse, YearNotCovered, must_be_possible
from engine.rehearsal.subjects import EXAMPLE_UNITS, subjects_of
from engine.words import CaseKind

CALENDAR = WorkingCalendar.load(Path(__file__).resolve().parents[3] / "bpmn" / "calendars")
SCHOOL = [
    ProjectLine(5, "幼儿园经费", D("476.604"), D("99.90"), D("91.13"), "优", False),
    ProjectLine(5, "幼儿园经费（经开区）", D("556.892"), D("99.25"), D("91.13"), "优", True),
]
BUREAU = Department("甲事务所", "甲局", D("90.5"), "优")


def test_a_year_begins_with_its_targets_and_ends_with_the_use_of_results() -> None:
    planned = motions(2021)

    assert [motion.what for motion in planned] == [
        "start", "monitoring", "adjustments", "self_evaluation", "spot_review", "key_evaluation", "result_use",
    ]  # fmt: skip
    assert planned[0].on == date(2020, 9, 1)
    assert planned[-1].on.year == 2022


def test_people_answer_by_the_weights_of_the_plan_and_else_take_the_first_choice() -> None:
    answers = {answer("objection", ["none", "raised"], dice(1, number)) for number in range(100)}

    assert answers == {"none", "raised"}
    assert answer("never heard of", ["first", "second"], dice(1)) == "first"


def test_without_chance_people_give_the_usual_answer_so_that_no_case_goes_round_for_ever() -> None:
    assert answer("deliberation", ["passed", "revise"], None) == "passed"
    assert answer("target_result", ["not_arranged", "pending"], None) == "pending"


def test_nobody_may_refuse_what_was_published_as_evaluated() -> None:
    for number in range(200):
        chance = dice(number, "refusal")
        assert answer("ex_ante_conclusion", ["support", "conditional", "reject"], chance) != "reject"
        assert answer("target_result", ["approved", "not_arranged"], chance) == "approved"
        assert answer("library_entry", ["admitted", "refused"], chance) == "admitted"
        assert answer("monitoring_disposal", ["continue", "adjust", "cut", "stop", "candidate"], chance) != "stop"


def test_who_did_badly_is_never_found_worth_guaranteeing() -> None:
    linkage = ["guarantee", "normal", "strict", "cut", "cancel"]

    answers = {
        grade: {answer("linkage", linkage, dice(1, grade, n), grade) for n in range(200)}
        for grade in ("优", "中", "低", "差")
    }

    assert "guarantee" in answers["优"]
    assert "guarantee" not in answers["中"] | answers["低"] | answers["差"]
    assert answers["差"] == {"cut", "cancel"}


def test_chance_depends_on_what_it_is_thrown_for_and_not_on_the_order() -> None:
    first = [dice(7, "a").random(), dice(7, "b").random()]
    second = [dice(7, "b").random(), dice(7, "a").random()]

    assert first == second[::-1]
    assert first != [dice(8, "a").random(), dice(8, "b").random()]


def test_the_habits_are_shares() -> None:
    known = habits()

    assert all(0 <= share < 0.5 for share in (known.return_first_time, known.revise, known.late, known.withdraw))


def test_lines_of_one_number_are_one_project_whose_self_score_is_their_mean() -> None:
    (project,) = subjects_of((), SCHOOL, 2021, seed=1)

    assert (project.kind, project.code, project.unit) == (CaseKind.PROJECT, "P005", EXAMPLE_UNITS[0])
    assert [line.amount_wan for line in project.lines] == [D("476.604"), D("556.892")]
    assert (project.self_score, project.third_party_score) == (D("99.58"), D("91.13"))


def test_what_is_not_published_of_a_department_is_an_example_that_depends_on_the_seed() -> None:
    (one,), (same,) = (subjects_of([BUREAU], (), 2021, seed=1) for _ in range(2))
    others = {subjects_of([BUREAU], (), 2021, seed=seed)[0].lines[0].amount_wan for seed in range(10)}

    assert one == same
    assert len(others) > 1
    assert one.third_party_score <= one.self_score <= 100


def test_a_rehearsal_without_objects_is_refused() -> None:
    with pytest.raises(NothingToRehearse, match="没有可演练的对象"):
        must_be_possible(Inputs(), 2021, CALENDAR)


@pytest.mark.parametrize("fiscal_year", [2018, 2019, 2021, 2024])
def test_a_year_whose_days_are_all_confirmed_can_be_rehearsed(fiscal_year: int) -> None:
    must_be_possible(Inputs(departments=[BUREAU]), fiscal_year, CALENDAR)


@pytest.mark.parametrize(
    ("fiscal_year", "missing"), [(2017, [2016]), (2026, [2027, 2028]), (2031, [2030, 2031, 2032, 2033])]
)
def test_a_year_outside_the_confirmed_calendar_is_refused_before_anything_starts(
    fiscal_year: int, missing: list[int]
) -> None:
    with pytest.raises(YearNotCovered, match="放假安排还没有确认，没有开始") as refused:
        must_be_possible(Inputs(departments=[BUREAU]), fiscal_year, CALENDAR)

    assert refused.value.facts["unconfirmed"] == missing
