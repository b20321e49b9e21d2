"""Processes are killed in the middle of commands: afterwards all of it is there or nothing, and the work can go on."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.audit import Entry
from engine.audit.verify import verify
from engine.clock import shanghai
from engine.commands.adjust_budget import adjust_budget
from engine.commands.cancel import cancel
from engine.commands.correct_state import correct_state
from engine.commands.draw_sample import draw_sample
from engine.commands.extend_all import extend_all
from engine.commands.fire_deadline import fire_deadline
from engine.commands.fire_due import fire_due
from engine.commands.launch_stage import launch_stage
from engine.commands.start_case import start_case
from engine.moves.launching import LaunchedAlready
from engine.moves.selections import SelectionUnfinished, deliver_selection
from engine.results.model import Sample
from engine.store import Database
from engine.tasks import Task
from tests.factories import Bureau, new_project
from tests.integration import crowd_jobs
from tests.integration.crowd import crowd_at
from tests.integration.desk import Prepared, deadline, events, opened, prepared, project_at, sound, steps
from tests.integration.dying import (
    DRAW,
    dies,
    dies_after_commit,
    dies_after_the_choice,
    dies_before_write,
    dies_between_chunks,
    dies_between_sweeps,
    dies_inside_a_chunk,
    dies_inside_a_sweep,
    writes_of,
)
from tests.integration.refusals import traces
from tests.integration.soundness import faults
from tests.office import Office

PAST_THE_GATE = shanghai(2020, 12, 16)
IN_THE_YEAR = shanghai(2021, 7, 1)


def send(session: Any, step: Prepared, at: Any) -> None:
    """A person's step, under a key."""
    crowd_jobs.complete_step(session, step, at, f"key of {step.task_id}")


def fire(session: Any, number: Any, at: Any) -> None:
    fire_deadline(session, number, at=at)


def stop(session: Any, case: int, by: Any, at: Any) -> None:
    cancel(session, case, reason="项目撤销", by=by, at=at)


def extend(session: Any, by: Any, at: Any) -> None:
    extend_all(session, 2021, "target_filing.fill", date(2020, 12, 1), reason="示例", by=by, at=at)


def adjust(session: Any, case: int, by: Any, at: Any) -> None:
    adjust_budget(session, case, Decimal(200), reason="示例", by=by, at=at)


def enter(session: Any, new: Any, by: Any, at: Any) -> None:
    start_case(session, new, by=by, at=at)


def _fill(office: Office) -> tuple[Any, ...]:
    return send, prepared(office, project_at(office, "fill_target"), "fill_target"), office.now


def _approve(office: Office) -> tuple[Any, ...]:
    return send, prepared(office, project_at(office, "approve_budget"), "approve_budget"), office.now


def _gate(office: Office) -> tuple[Any, ...]:
    gate = deadline(office, project_at(office, "fill_target"), "target_filing.budget_gate")
    return fire, gate.id, PAST_THE_GATE


def _cancel(office: Office) -> tuple[Any, ...]:
    return stop, project_at(office, "check_target"), office.bureau.office, office.now


def _extend(office: Office) -> tuple[Any, ...]:
    project_at(office, "fill_target")
    return extend, office.bureau.office, office.now


def _adjust(office: Office) -> tuple[Any, ...]:
    return adjust, project_at(office, "approved"), office.bureau.division, office.now


def _enter(office: Office) -> tuple[Any, ...]:
    new = new_project(office.bureau, "杀-1", fiscal_year=2021)
    return enter, new, office.bureau.office, office.now


@pytest.mark.parametrize("arranged", [_fill, _approve, _gate, _cancel, _extend, _adjust, _enter])
def test_killed_before_any_write_or_before_the_commit_a_command_leaves_nothing(
    shared_office: Office, arranged: Callable[[Office], tuple[Any, ...]]
) -> None:
    office = shared_office
    work, *given = arranged(office)
    total = writes_of(office.database, work, *given)
    before = traces(office.database)

    for number in [*range(1, total + 1), 0]:
        dies(dies_before_write, office.database.logins, number, work, *given)
        assert traces(office.database) == before, f"killed before write {number} of {total}"

    dies(dies_after_commit, office.database.logins, work, *given)
    assert traces(office.database) != before
    sound(office)


def test_a_request_whose_answer_never_came_can_be_sent_again_under_its_key(shared_office: Office) -> None:
    office = shared_office
    case = project_at(office, "fill_target")
    step = prepared(office, case, "fill_target")
    dies(dies_after_commit, office.database.logins, send, step, office.now)

    with office.transactions() as session:
        send(session, step, office.now)

    assert steps(office, case) == ["confirm_target"]
    assert events(office, case, "submission.filled") == ["submission.filled"]


def test_a_crowd_killed_at_random_moments_leaves_every_case_sound(
    shared_office: Office, shared_database: Database, shared_bureau: Bureau
) -> None:
    office, chance = shared_office, Random(20201116)
    cases = [project_at(office, step) for step in ["fill_target", "check_target", "review_target"] * 2]
    wanted = [prepared(office, case, steps(office, case)[0]) for case in cases]
    due = [row.id for case in cases for row in office.deadlines(case)]

    for _ in range(3):
        with crowd_at(shared_database.logins, 8) as crowd:
            crowd.all_begin(crowd_jobs.storm, cases, wanted, due, shared_bureau.office, shanghai(2020, 9, 29))
            crowd.is_killed(lambda: chance.uniform(0.005, 0.06))

    sound(office)
    with office.transactions() as session:
        assert verify(session, "huaxi").holds
        done = session.scalars(select(Task).where(Task.id == wanted[0].task_id)).one()
        assert done.state in ("open", "completed")


# ── a launch for thousands ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def waiting(office: Office) -> list[int]:
    """Eight cases that wait for monitoring."""
    return [project_at(office, "approved") for _ in range(8)]


def _launch_again(office: Office, key: str | None) -> int:
    return int(
        launch_stage(office.transactions, 2021, "monitoring", by=office.bureau.office, at=IN_THE_YEAR, key=key).gave[
            "moved"
        ]
    )


def _begun(office: Office, cases: list[int]) -> int:
    return sum(steps(office, case) == ["fill_monitoring"] for case in cases)


@pytest.mark.parametrize(("chunks", "begun"), [(1, 3), (2, 6)])
def test_a_launch_killed_between_its_chunks_goes_on_where_it_stopped_when_asked_again(
    office: Office, waiting: list[int], chunks: int, begun: int
) -> None:
    dies(dies_between_chunks, office.database.logins, chunks, office.bureau.office, IN_THE_YEAR, "launch 1")
    assert _begun(office, waiting) == begun
    sound_but_unfinished(office)

    assert _launch_again(office, "launch 1") == 8 - begun

    _launched_once(office, waiting)


def test_a_launch_killed_inside_a_chunk_goes_on_when_asked_again(office: Office, waiting: list[int]) -> None:
    begun = 0
    for writes in (2, 6, 7, 8):
        dies(dies_inside_a_chunk, office.database.logins, writes, office.bureau.office, IN_THE_YEAR, "launch 1")
        assert _begun(office, waiting) in (begun, begun + 3)
        begun = _begun(office, waiting)

    assert _launch_again(office, "launch 1") == 8 - begun

    _launched_once(office, waiting)


# ── a sweep of what is due ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def overdue(office: Office) -> list[int]:
    """Eight cases of each of which two deadlines are due, and the second takes the work away."""
    return [project_at(office, "fill_target") for _ in range(8)]


def _fired(office: Office, cases: list[int]) -> int:
    return sum(len(events(office, case, "deadline.fired")) for case in cases)


@pytest.mark.parametrize(("chunks", "fired"), [(1, 6), (2, 12), (3, 16)])
def test_a_sweep_killed_between_its_chunks_goes_on_where_it_stopped(
    office: Office, overdue: list[int], chunks: int, fired: int
) -> None:
    dies(dies_between_sweeps, office.database.logins, chunks, PAST_THE_GATE)
    assert _fired(office, overdue) == fired
    sound(office)

    assert fire_due(office.transactions, at=PAST_THE_GATE) == 16 - fired

    assert _fired(office, overdue) == 16
    assert [steps(office, case) for case in overdue] == [["decide_unapproved_target"]] * 8


def test_a_sweep_killed_inside_a_chunk_leaves_no_case_by_half(office: Office, overdue: list[int]) -> None:
    fired = 0
    for writes in (1, 2, 6, 7):
        dies(dies_inside_a_sweep, office.database.logins, writes, PAST_THE_GATE)
        assert _fired(office, overdue) in (fired, fired + 6)
        fired = _fired(office, overdue)
        sound(office)

    assert fire_due(office.transactions, at=PAST_THE_GATE) == 16 - fired

    assert _fired(office, overdue) == 16


# ── a draw ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_draw_killed_before_anybody_was_told_is_told_once_and_cannot_be_drawn_anew(office: Office) -> None:
    cases = [opened(office) for _ in range(4)]
    both = {"second": office.bureau.second_officer, "by": office.bureau.office, "at": office.now}
    for case in cases:
        with office.transactions() as session:
            correct_state(session, case, "case", "call_spot_review", reason="示例", **both)
    how: dict[str, Any] = {"by": office.bureau.office, "at": office.now}
    dies(dies_after_the_choice, office.database.logins, draw_sample, 2021, "spot_review", 2, **DRAW, **how)

    with pytest.raises(SelectionUnfinished):
        draw_sample(office.transactions, 2021, "spot_review", 2, **DRAW, **how)
    with office.transactions() as session:
        sample = session.scalars(select(Sample)).one()
    for _ in range(2):
        deliver_selection(office.transactions, sample.id, **how)

    drawn = {choice["case"] for choice in sample.drawn}
    assert {case for case in cases if steps(office, case) == ["assign_spot_reviewer"]} == drawn
    assert [events(office, case, "case.sampled") for case in cases] == [["case.sampled"]] * 4


def _launched_once(office: Office, cases: list[int]) -> None:
    assert _begun(office, cases) == len(cases)
    with pytest.raises(LaunchedAlready, match="没有案卷还在等待"):
        _launch_again(office, None)
    with office.transactions() as session:
        entered = select(Entry.case_id, func.count()).where(Entry.type == "stage.entered").group_by(Entry.case_id)
        stages = dict(session.execute(entered).all())
        launched = session.scalar(select(func.count()).where(Entry.case_id == 0, Entry.type == "stage.launched"))
    assert stages == dict.fromkeys(cases, 3)
    assert launched == 1


def sound_but_unfinished(office: Office) -> None:
    """Cases that still wait for a launch on record are the only thing amiss."""
    with office.transactions() as session:
        assert {fault.split(": ")[1] for fault in faults(session)} == {
            "waits for monitoring.launched, which was sent already"
        }
