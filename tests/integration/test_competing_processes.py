"""Twenty processes reach for the same work at the same moment: everything happens once, and nothing by half."""

from collections import Counter
from collections.abc import Iterator
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from engine.audit import Entry
from engine.audit.verify import verify
from engine.cases import Case
from engine.clock import shanghai
from engine.commands.engage_agency import engage_agency
from engine.directory import Unit
from engine.moves import writing
from engine.moves.engagement import Engagement
from engine.store import Database
from engine.tasks import Task
from engine.words import Role
from tests.factories import Bureau, new_project, person_in
from tests.integration import crowd_jobs
from tests.integration.crowd import Crowd, crowd_at
from tests.integration.desk import deadline, events, prepared, project_at, sound, steps, the_task, versions
from tests.office import Office

LATE = shanghai(2020, 9, 29)
REFUSALS = {"task.not_open", "case.changed_meanwhile"}
STORM_REFUSALS = {
    "case.not_active", "deadline.not_pending", "deadline.date_refused", "draft.changed_meanwhile",
    "task.held_by_another",
}  # fmt: skip


@pytest.fixture(scope="module")
def crowd(shared_database: Database, shared_bureau: Bureau) -> Iterator[Crowd]:
    with crowd_at(shared_database.logins) as crowd:
        yield crowd


@pytest.fixture
def together(shared_office: Office) -> Iterator[Office]:
    """The bureau whose database the crowd works on."""
    yield shared_office
    sound(shared_office)


def by_thing(answers: list[list[tuple[Any, str]]]) -> dict[Any, Counter[str]]:
    """What everybody got, counted for each thing."""
    counted: dict[Any, Counter[str]] = {}
    for thing, result in (each for answer in answers for each in answer):
        counted.setdefault(thing, Counter())[result] += 1
    return counted


def test_of_twenty_who_finish_the_same_steps_one_each_wins_and_the_others_are_told(
    together: Office, crowd: Crowd
) -> None:
    cases = [project_at(together, "fill_target") for _ in range(3)]
    wanted = [prepared(together, case, "fill_target") for case in cases]

    answers = crowd.all_do(crowd_jobs.complete, wanted, together.now, False)

    for results in by_thing(answers).values():
        assert results["done"] == 1
        assert results.keys() - {"done"} <= REFUSALS
    assert [steps(together, case) for case in cases] == [["confirm_target"]] * 3
    assert [versions(together, case, "F02") for case in cases] == [[(1, "filled")]] * 3


def test_of_twenty_requests_under_one_key_one_takes_effect_and_all_get_its_answer(
    together: Office, crowd: Crowd
) -> None:
    cases = [project_at(together, "check_target") for _ in range(6)]
    wanted = [prepared(together, case, "check_target") for case in cases]

    answers = crowd.all_do(crowd_jobs.complete, wanted, together.now, True)

    assert by_thing(answers) == {step.task_id: {"done": 20} for step in wanted}
    assert [events(together, case, "submission.approved") for case in cases] == [["submission.approved"]] * 6


def test_of_twenty_colleagues_who_claim_a_task_one_has_it(together: Office, crowd: Crowd) -> None:
    with together.transactions() as session:
        unit = session.get_one(Unit, together.bureau.unit_id)
        clerks = [person_in(session, unit, f"经办{number}", Role.UNIT_CLERK) for number in range(20)]
    cases = [project_at(together, "fill_target") for _ in range(6)]
    tasks = [the_task(together, case, "fill_target").id for case in cases]

    answers = crowd.all_do(crowd_jobs.take, tasks, together.now, each=lambda number: (clerks[number],))

    for task, results in by_thing(answers).items():
        assert results["done"] == 1
        assert results.keys() - {"done"} <= {"task.held_by_another", "case.changed_meanwhile"}
        winner = next(number for number, answer in enumerate(answers) if (task, "done") in answer)
        with together.transactions() as session:
            assert session.get_one(Task, task).holder_id == clerks[winner].person_id


def test_a_deadline_swept_by_twenty_machines_takes_effect_once(together: Office, crowd: Crowd) -> None:
    cases = [project_at(together, "fill_target") for _ in range(8)]
    due: list[UUID] = [deadline(together, case, "target_filing.fill").id for case in cases]

    answers = crowd.all_do(crowd_jobs.sweep, due, LATE)

    assert sum(sum(answer) for answer in answers) == 8
    assert [events(together, case, "deadline.fired", "task.overdue") for case in cases] == [
        ["deadline.fired", "task.overdue"]
    ] * 8


@pytest.mark.parametrize("chunk", [1, 3, 500])
def test_of_twenty_machines_that_sweep_together_every_deadline_takes_effect_once(
    together: Office, crowd: Crowd, chunk: int
) -> None:
    crowd_jobs.sweep_together(together.database, 0, 500, LATE)
    cases = [project_at(together, "fill_target") for _ in range(8)]

    fired = crowd.all_do(crowd_jobs.sweep_together, chunk, LATE)

    assert sum(fired) == 8
    assert [events(together, case, "deadline.fired", "task.overdue") for case in cases] == [
        ["deadline.fired", "task.overdue"]
    ] * 8


def test_an_object_entered_twenty_times_at_once_has_one_case(together: Office, crowd: Crowd) -> None:
    objects = [new_project(together.bureau, f"同-{number}", fiscal_year=2021) for number in range(4)]

    answers = crowd.all_do(crowd_jobs.open_cases, objects, together.bureau.office, together.now)

    assert by_thing(answers) == {new.code: {"done": 1, "case.exists": 19} for new in objects}
    with together.transactions() as session:
        assert session.scalar(select(func.count()).where(Case.code.startswith("同-"))) == 4


def test_in_a_storm_of_commands_every_answer_is_a_known_one_and_every_case_stays_sound(
    together: Office, crowd: Crowd
) -> None:
    cases = [project_at(together, step) for step in ["fill_target", "check_target", "review_target"] * 2]
    wanted = [prepared(together, case, steps(together, case)[0]) for case in cases]
    due = [row.id for case in cases for row in together.deadlines(case)]

    answers = crowd.all_do(crowd_jobs.storm, cases, wanted, due, together.bureau.office, LATE)

    results = by_thing(answers)
    assert set().union(*results.values()) <= {"done", *REFUSALS, *STORM_REFUSALS}, results
    with together.transactions() as session:
        assert verify(session, "huaxi").holds


def test_a_stage_launched_by_twenty_at_once_is_launched_by_one_and_begins_once_for_every_case(
    together: Office, crowd: Crowd
) -> None:
    cases = [project_at(together, "approved") for _ in range(10)]

    moved = crowd.all_do(crowd_jobs.launch, together.bureau.office, shanghai(2021, 7, 1))

    assert sorted(moved) == [-1] * 19 + [10]
    assert [steps(together, case) for case in cases] == [["fill_monitoring"]] * 10
    with together.transactions() as session:
        launches = select(func.count()).where(Entry.case_id == 0, Entry.type == "stage.launched")
        assert session.scalar(launches) == 1


def test_a_launch_that_finds_a_case_changed_under_its_hands_tries_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [project_at(office, "approved") for _ in range(3)]
    write, disturbed = writing.write, []

    def too_late(moves: Any) -> None:
        monkeypatch.setattr(writing, "write", write)
        if len(disturbed) < 6:
            disturbed.append(cases[1])
            _touch(office, cases[1])
            monkeypatch.setattr(writing, "write", too_late)
        write(moves)

    monkeypatch.setattr(writing, "write", too_late)
    assert office.launch("monitoring") == 3

    assert [steps(office, case) for case in cases] == [["fill_monitoring"]] * 3
    assert len(disturbed) == 6


def _touch(office: Office, case: int) -> None:
    agency = Engagement(office.bureau.agency_id, "孙主评", True)
    with office.transactions() as session:
        engage_agency(session, case, agency, by=office.bureau.office, at=office.now)


def test_a_case_that_arrives_while_its_stage_is_being_launched_is_not_left_behind(office: Office) -> None:
    case = project_at(office, "approve_budget")
    arriving = prepared(office, case, "approve_budget")
    scope = {"case_ids": [case]}
    launching = Thread(target=lambda: crowd_jobs.launch_for(office, scope))

    with office.transactions() as session:
        arriving.done(session, office)  # it waits for the launch now, but nobody can see that yet
        launching.start()
        launching.join(0.5)
    launching.join(30)

    assert steps(office, case) == ["fill_monitoring"]
