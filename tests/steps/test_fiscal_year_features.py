"""features/fiscal_year: what concerns many cases of a year at once, its figures, and who may only watch."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from pytest_bdd import given, parsers, scenarios, then, when

from engine.commands.complete_task import complete_task
from engine.directory import Actor, Unit
from engine.moves.outcome import Outcome
from engine.queries.case_card import case_card
from engine.queries.year_amounts import year_amounts
from engine.queries.year_results import year_results
from engine.results.statistics import YearStatistics
from engine.scores import Score
from engine.scoring import Reduction
from engine.words import CaseKind, Role, ScoreKind, UnitKind
from tests.factories import person_in
from tests.office import FISCAL_YEAR, Office
from tests.steps.conftest import OFFICE
from tests.steps.story import SHORTEST, Story
from tests.steps.words import KINDS, OFFICES
from tests.steps.years import all_reach, monitored, planned

scenarios(*(f"../../features/fiscal_year/{name}.feature" for name in ("coverage", "statistics", "watching")))

REPORTED = ("draft_evaluation", "finish_evaluation")


# ── many cases ───────────────────────────────────────────────────────────────────────────────────────────────────────


@given(parsers.re("(?P<area>..[区市])的(?P<kinds>.+)各有一份案卷，都(?P<done>已批复目标|已监控)"))
def cases_of_these_kinds(story: Story, area: str, kinds: str, done: str) -> None:
    story.area = area
    numbers = [story.office.open_case(CaseKind(KINDS[kind]), f"示例-{kind}") for kind in kinds.split("、")]
    story.numbers = {"": numbers[0]} | {str(number): number for number in numbers}
    _led_to(story, numbers, done)


@given("广州市一个街道办事处的部门整体，已监控")
def a_subdistrict(story: Story) -> None:
    story.area = "广州市"
    bureau = story.office.bureau
    with story.office.transactions() as session:
        street = Unit(jurisdiction=bureau.jurisdiction, name="示例街道办事处", kind=UnitKind.UNIT)
        session.add(street)
        session.flush()
        clerk, head = (
            person_in(session, street, f"街道{role.label}", role) for role in (Role.UNIT_CLERK, Role.UNIT_HEAD)
        )
        street_bureau = replace(bureau, unit_id=street.id, clerk=clerk, head=head)
    story._office = Office(story.office.database, street_bureau)
    number = story.office.open_case(CaseKind.WHOLE_DEPARTMENT, "示例-街道")
    story.numbers = {"": number}
    _led_to(story, [number], "已监控")


def _led_to(story: Story, numbers: list[int], done: str) -> None:
    if done == "已监控":
        monitored(story, numbers)
    else:
        all_reach(story, numbers, "monitoring")


@then(parsers.re(f"每份案卷都轮到{OFFICE}“(?P<step>[^“”]+)”"))
def everybody_has_it(story: Story, office: str, step: str) -> None:
    numbers = [number for name, number in story.numbers.items() if name]
    assert [_waiting(story, number) for number in numbers] == [[(OFFICES[office], step)]] * len(numbers)


@then(parsers.re("轮到街道办事处的经办人“(?P<step>[^“”]+)”"))
def the_street_has_it(story: Story, step: str) -> None:
    (task,) = story.office.tasks(story.case_id)
    assert (task.unit_id, task.role) == (story.office.bureau.unit_id, Role.UNIT_CLERK)
    assert story.office.element(task).name == step


def _waiting(story: Story, case_id: int) -> list[tuple[Role, str]]:
    return [(Role(task.role), story.office.element(task).name) for task in story.office.tasks(case_id)]


# ── figures of the year ──────────────────────────────────────────────────────────────────────────────────────────────


@given(parsers.re("(?P<area>..[区市])本年评价了以下项目"))
def evaluated_projects(story: Story, area: str, datatable: list[list[str]]) -> None:
    story.area = area
    wanted = {f"示例-{n}": row for n, row in enumerate(datatable[1:])}
    numbers = {code: story.office.open_case(CaseKind.PROJECT, code, row[1]) for code, row in wanted.items()}
    planned(story, list(numbers.values()))
    for code, (score, budget, spent) in wanted.items():
        figures = {"executed_amount_wan": spent, "arrived_wan": budget}
        _evaluated(story.office, numbers[code], score=score, problems=1, figures=figures)


def _evaluated(office: Office, case_id: int, figures: dict[str, str], **wishes: Any) -> None:
    while (step := office.tasks(case_id)[0].element) != "appraise_agency":
        office.do(case_id, step, changes=figures if step in REPORTED else {}, **wishes)


@then(parsers.re("全年评价(?P<count>\\d+)个项目，(?P<grades>.+)，优良率(?P<ratio>[\\d.]+)%"))
def the_grades_of_the_year(story: Story, count: str, grades: str, ratio: str) -> None:
    projects = _results(story).projects
    assert projects is not None
    assert "、".join(f"{grade}{number}个" for grade, number in projects.grades.grades.items()) == grades
    assert (projects.grades.count, round(projects.grades.good_ratio * 100, 2)) == (int(count), Decimal(ratio))


@then(parsers.parse("预算完成率合计{rate}%，完成的{full:d}个、90%以上的{most:d}个、不到90%的{rest:d}个"))
def the_money_of_the_year(story: Story, rate: str, full: int, most: int, rest: int) -> None:
    money = _results(story).project_money
    assert money is not None
    assert round(money.rate * 100, 3) == Decimal(rate)
    assert (money.full, money.from_ninety, money.below_ninety) == (full, most, rest)


def _results(story: Story) -> YearStatistics:
    with story.office.transactions() as session:
        return year_results(session, story.office.bureau.office, FISCAL_YEAR)


@then(parsers.parse("全年核减申请{amount}万元，核减率{rate}%"))
def the_year_was_cut(story: Story, amount: str, rate: str) -> None:
    with story.office.transactions() as session:
        cut = year_amounts(session, story.office.bureau.office, FISCAL_YEAR).cut
    assert cut == Reduction(Decimal(amount), Decimal(rate))


@given("既抽中复核，也列入重点评价")
def drawn_and_planned(story: Story) -> None:
    story.wishes |= {"sampled": True, "selected": True}


@then("留有自评、自评复核、第三方评价三种得分")
def three_scores(story: Story) -> None:
    kept = {score.kind for score in story.office.rows(Score, story.case_id)}
    assert kept == {ScoreKind.SELF, ScoreKind.SPOT_REVIEW, ScoreKind.THIRD_PARTY}


# ── who watches ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def auditor(story: Story) -> Actor:
    with story.office.transactions() as session:
        audit = Unit(jurisdiction=story.office.bureau.jurisdiction, name="示例审计局", kind=UnitKind.DEPARTMENT)
        session.add(audit)
        session.flush()
        return person_in(session, audit, "示例审计人员", Role.OBSERVER)


@when("审计人员试图通过绩效目标")
def the_auditor_approves(story: Story, auditor: Actor) -> None:
    (task,) = story.office.tasks(story.case_id)
    with story.trying("试图"), story.office.transactions() as session:
        complete_task(session, task.id, Outcome("approved"), by=auditor, at=story.office.now)


@when("审计人员试图查阅案卷")
def the_auditor_looks(story: Story, auditor: Actor) -> None:
    with story.trying("试图"), story.office.transactions() as session:
        case_card(session, auditor, story.case_id)


@when("全年照常办完")
def the_whole_year(story: Story) -> None:
    story.office.finish(story.case_id, **SHORTEST, problems=1)


@then("审计人员可以查阅案卷和全年的评价结果")
def the_auditor_sees_it(story: Story, auditor: Actor) -> None:
    with story.office.transactions() as session:
        assert case_card(session, auditor, story.case_id).case_id == story.case_id
        assert year_results(session, auditor, FISCAL_YEAR).projects is not None
