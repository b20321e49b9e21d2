"""A whole year for a handful of objects, on a real database: everything ends, nothing is made up, twice the same."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from decimal import Decimal as D
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases import Case, Incident
from engine.commands.retry_incident import retry_incident
from engine.directory import Actor, Unit
from engine.moves.migrating import preview_migration
from engine.queries.year_results import results_of
from engine.rehearsal.demo import ACCOUNTS, TODAY, demo_clock, demo_year, standings
from engine.rehearsal.demo_stories import leave_stories
from engine.rehearsal.demo_versions import former
from engine.rehearsal.elsewhere import elsewhere
from engine.rehearsal.inputs import Department, ProjectLine, Published
from engine.rehearsal.plan import motions
from engine.rehearsal.rehearse import Inputs, Outcome, prepared, rehearse
from engine.rehearsal.subjects import subjects_of
from engine.rehearsal.year import YearUnfinished
from engine.stages import Library, library_in_force
from engine.store import Database, Logins
from engine.tasks import Task
from engine.words import STAGES, CaseState, Role
from tests.conftest import BPMN, fresh_database
from tests.factories import START
from web.demo import BEGAN
from web.wiring import open_database

DEPARTMENTS = [
    Department("甲事务所", "甲局", D("93.50"), "优"),
    Department("甲事务所", "乙街道办事处", D("80"), "良"),
    Department("乙事务所", "丙局", D("79.99"), "中"),
]
PROJECTS = [
    ProjectLine(1, "道路改造", D("300"), D("100"), D("92.5"), "优", False),
    ProjectLine(2, "幼儿园经费", D("476.604"), D("99.90"), D("91.13"), "优", False),
    ProjectLine(2, "幼儿园经费（经开区）", D("556.89212"), D("83"), D("91.13"), "优", True),
]
PUBLISHED = [
    Published("花溪区", "2021", "部门整体绩效评价单位", "3", D(3), "个"),
    Published("花溪区", "2021", "重点项目评价涉及资金总额（原文）", "1334", D(1334), "万元"),
    Published("花溪区", "2021", "绩效自评得分下限（原文）", "83", D(83), "分"),
    Published("从化区", "2021", "部门整体绩效评价单位", "9", D(9), "个"),
]
INPUTS = Inputs(DEPARTMENTS, PROJECTS, PUBLISHED)


def rehearsed(
    server: Logins,
    template: str,
    library: Library,
    inputs: Inputs,
    jurisdiction: str,
    seed: int,
    processes: int = 1,
    year: int = 2021,
) -> Outcome:
    with ExitStack() as stack:
        database = stack.enter_context(fresh_database(server, template, library))
        opens = partial(open_database, database.logins, BPMN, START)
        others = stack.enter_context(elsewhere(opens, processes - 1))
        return rehearse(database, library.policies.of(jurisdiction), year, inputs, seed, others=others)


@pytest.fixture(scope="module")
def outcome(server: Logins, template: str, library: Library) -> Outcome:
    return rehearsed(server, template, library, INPUTS, "huaxi", seed=1)


def test_every_case_is_finished_and_counted_by_what_the_run_wrote(outcome: Outcome) -> None:
    result = outcome.result

    assert result["cases"] == result["cases_finished"] == 5
    assert result["departments"] == {
        "count": 3,
        "grades": {"优": 1, "良": 1, "本区未规定": 1},
        "max": "93.50",
        "min": "79.99",
    }
    assert (result["projects"]["count"], result["projects"]["fund_lines"]) == (2, 3)
    assert result["projects"]["funds_wan"] == "1333.49612"
    assert result["projects"]["mean_self_minus_third_party"] == "3.91"
    assert result["journal"]["holds"]
    assert result["human_steps"] > 150


def test_only_what_really_differs_is_named(outcome: Outcome) -> None:
    named = {each["measure"]: each["kind"] for each in outcome.result["disagreements"]}

    assert named == {
        "重点项目评价涉及资金总额（原文）": "differs",
        "丙局的等级": "undefined_grade",
    }
    assert [each["kind"] for each in outcome.result["remarks"]] == ["only_if_inclusive"]
    assert (outcome.result["grades_compared"], outcome.result["grades_equal"]) == (5, 4)
    assert outcome.result["published_agreeing"] == ["部门整体绩效评价单位", "绩效自评得分下限（原文）"]


def test_what_stands_out_is_read_from_what_happened(outcome: Outcome) -> None:
    result = outcome.result

    assert [each["name"] for each in result["lowest"]] == ["丙局", "乙街道办事处", "幼儿园经费", "道路改造", "甲局"]
    assert [(each["name"], each["gap"]) for each in result["widest_gaps"]] == [
        ("道路改造", "7.50"),
        ("幼儿园经费", "0.32"),
    ]
    assert {each["step"]: each["times"] for each in result["decided_by_people"]}.items() >= {
        ("事前绩效评估：是否评估", 2),
        ("重点评价：等级", 1),
    }
    assert all(sum(each["answers"].values()) == each["times"] for each in result["decided_by_people"])
    assert {each["budget_year"] for each in result["effects"]} == {2022, 2023}


def test_the_history_of_every_case_is_told_in_sentences_without_numbers_of_machines(outcome: Outcome) -> None:
    told = json.dumps(outcome.histories, ensure_ascii=False)

    assert [case["code"] for case in outcome.histories] == ["D001", "D002", "D003", "P001", "P002"]
    assert all(case["history"][-1].endswith("办结归档。") for case in outcome.histories)
    assert all(line[:2] == "20" for case in outcome.histories for line in case["history"])
    assert "退回" in told
    assert "销号" in told


def test_the_same_seed_gives_the_same_year_and_another_seed_another_way_to_the_same_scores(
    server: Logins, template: str, library: Library, outcome: Outcome
) -> None:
    again = rehearsed(server, template, library, INPUTS, "huaxi", seed=1)
    other = rehearsed(server, template, library, INPUTS, "huaxi", seed=2)

    assert (again.result, again.histories) == (outcome.result, outcome.histories)
    assert other.histories != outcome.histories
    assert other.result["departments"] == outcome.result["departments"]
    assert other.result["projects"] == outcome.result["projects"]


def test_the_year_is_the_same_on_any_number_of_processes(
    server: Logins, template: str, library: Library, outcome: Outcome
) -> None:
    shared_out = rehearsed(server, template, library, INPUTS, "huaxi", seed=1, processes=3)

    assert (shared_out.result, shared_out.histories) == (outcome.result, outcome.histories)


@pytest.mark.parametrize("jurisdiction", ["conghua", "guangzhou", "haicang", "jianghan"])
def test_the_same_files_go_through_the_year_of_every_jurisdiction(
    server: Logins, template: str, library: Library, jurisdiction: str
) -> None:
    inputs = Inputs(DEPARTMENTS[2:], PROJECTS[:1])

    result = rehearsed(server, template, library, inputs, jurisdiction, seed=3).result

    assert result["cases_finished"] == 2
    assert (result["departments"]["max"], result["departments"]["grades"]) == ("79.99", {"中": 1})
    assert result["disagreements"] == []


@pytest.mark.parametrize(
    ("year", "jurisdiction", "what_follows"), [(2018, "guangzhou", "调减"), (2019, "haicang", "撤销")]
)
def test_an_earlier_year_can_be_rehearsed_and_who_did_badly_is_guaranteed_nothing(
    server: Logins, template: str, library: Library, year: int, jurisdiction: str, what_follows: str
) -> None:
    badly = Inputs([Department("甲事务所", "丁局", D("55.5"), "差")])

    result = rehearsed(server, template, library, badly, jurisdiction, seed=1, year=year).result

    assert result["departments"]["grades"] == {"差": 1}
    assert {each["effect"] for each in result["effects"]} == {what_follows, "不扣减"}


def test_a_case_nobody_can_carry_on_is_named_and_not_waited_for(database: Database, library: Library) -> None:
    subjects = subjects_of(DEPARTMENTS[:1], (), 2021, seed=1)
    without_monitoring = [motion for motion in motions(2021) if motion.what != "monitoring"]
    year = prepared(database, library.policies.of("huaxi"), subjects, without_monitoring, seed=1)

    with pytest.raises(YearUnfinished, match="还有1份案卷没有办结：D001"):
        year.run()


@pytest.fixture(scope="module")
def demo(server: Logins, template: str, library: Library) -> Iterator[Database]:
    with fresh_database(server, template, library) as database:
        with database.upkeep() as session:
            former(library).keep(session, BEGAN)
        numbers = {1: "换届经费", 3: "队伍教育经费", 5: "幼儿园经费", 7: "救助补助", 8: "复审经费", 14: "信息系统建设"}
        lines = [ProjectLine(n, name, D(80), D(99), D("94.5"), "优", False) for n, name in numbers.items()]
        year = demo_year(database, library, DEPARTMENTS[:1], lines)
        year.run(until=TODAY)
        leave_stories(year)
        yield database


@pytest.fixture
def demo_session(demo: Database) -> Iterator[Session]:
    with demo.transaction("huaxi") as session:
        yield session


def test_on_the_day_of_the_demo_every_stage_has_somebody(demo_session: Session) -> None:
    found = {standing.stage for standing in standings(demo_session, "huaxi") if standing.cases}

    assert set(STAGES) - {"rectification", "result_use"} <= found


def test_the_target_of_the_demo_was_returned_and_is_due_on_the_day_of_the_demo(demo_session: Session) -> None:
    row: Any = demo_session.execute(
        select(Task.element, Task.due_on, Task.round)
        .join(Case, Case.id == Task.case_id)
        .where(Case.fiscal_year == 2023, Case.code == "P005", Task.state == "open")
    ).one()

    assert (row.element, row.due_on, row.round) == ("revise_target", date(2022, 10, 12), 2)


def test_the_one_project_at_its_draft_is_the_first_of_the_late_filers(demo_session: Session) -> None:
    agency = select(Unit.id).where(Unit.name == "示例机构").scalar_subquery()
    at_draft = demo_session.scalars(
        select(Case.code)
        .join(Task, Task.case_id == Case.id)
        .where(Case.agency_id == agency, Task.element == "draft_evaluation", Task.state == "open")
    ).all()

    assert at_draft == ["E001"]


def test_what_is_under_way_in_the_demo_went_over_to_todays_diagrams_but_for_the_few_that_had_just_begun(
    demo: Database, library: Library
) -> None:
    with demo.transaction("huaxi") as session:
        today = library_in_force(session).diagrams_id
        under_way = select(Case.id, Case.fiscal_year, Case.code).where(Case.state != CaseState.CLOSED)
        rows = session.execute(under_way.where(Case.diagrams_id != today)).all()
        behind = {(row.fiscal_year, row.code): row.id for row in rows}
        prospects = {each.code: each.possible for each in preview_migration(session, list(behind.values()))}

    assert set(behind) == {(2023, "P003"), (2023, "P008")}
    assert prospects == {"P003": True, "P008": False}


def test_the_fault_of_the_demo_is_one_and_is_put_right_by_trying_again(demo: Database, demo_session: Session) -> None:
    incident = demo_session.scalars(select(Incident)).one()
    operator = Actor(1, "示例运维", "huaxi", 1, frozenset({Role.OPERATOR}), None)

    retry_incident(demo, "huaxi", incident.id, by=operator, at=demo_clock().now())

    with demo.transaction("huaxi") as session:
        assert session.get_one(Incident, incident.id).state == "resolved"
        assert session.get_one(Task, incident.task_id).state == "completed"


def test_the_published_results_are_in_the_demo_and_no_example_counts_among_them(demo_session: Session) -> None:
    results = results_of(demo_session, "huaxi", 2021).as_json()

    assert (results["departments"]["count"], results["projects"]["count"]) == (1, 6)
    assert set(ACCOUNTS) == {"danwei", "jixiao", "jigou", "zhengce", "yunwei"}
