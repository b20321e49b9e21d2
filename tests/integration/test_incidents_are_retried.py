"""When a diagram fails: the case stays as it was, nothing typed is lost, and the retry happens once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import func, select

from engine import process
from engine.cases import Incident
from engine.clock import shanghai
from engine.commands.complete_guarded import complete_guarded
from engine.commands.fire_guarded import fire_guarded
from engine.commands.retry_incident import IncidentNotOpen, retry_incident
from engine.moves import facts
from engine.moves.incidents import CaseStuck
from engine.process import ProcessIncident
from engine.submissions import Submission
from engine.tasks import Draft, Task
from engine.words import TaskState
from tests.integration.desk import (
    SHORT,
    deadline,
    events,
    prepared,
    project_at,
    steps,
)
from tests.office import Office

LATE = shanghai(2020, 9, 29)
"""The day after the target was due."""
PAST_THE_GATE = shanghai(2020, 12, 16)


@pytest.fixture
def case(office: Office) -> int:
    """A project whose target is to be filled."""
    return project_at(office, "fill_target")


@contextmanager
def broken_tables(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """For a while no decision table can be read."""

    def fails(*_: Any, **__: Any) -> Any:
        raise ValueError("table out of order")

    with monkeypatch.context() as patch:
        patch.setattr(facts, "decide_for", fails)
        yield


def broken_diagram(*_: Any) -> Any:
    raise ProcessIncident("流程图出错", process_id="target_filing", element_id="fill_target")


@contextmanager
def broken(monkeypatch: pytest.MonkeyPatch, move: str) -> Iterator[None]:
    """For a while no diagram can make this move."""
    with monkeypatch.context() as patch:
        patch.setattr(process, move, broken_diagram)
        yield


def the_incident(office: Office) -> Incident:
    with office.transactions() as session:
        return session.scalars(select(Incident)).one()


def test_a_step_whose_diagram_fails_leaves_an_incident_and_is_done_once_when_retried(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = office.open_case()
    step = prepared(office, case, "decide_ex_ante_required", **SHORT)
    database, at = office.database, office.now
    for _ in range(2):
        with broken_tables(monkeypatch), pytest.raises(CaseStuck, match="请把异常编号"):
            complete_guarded(database, "huaxi", step.task_id, step.outcome, by=step.by, at=at, key="k")
    incident = the_incident(office)
    assert (incident.attempts, incident.state, steps(office, case)) == (2, "open", ["decide_ex_ante_required"])
    with broken_tables(monkeypatch), pytest.raises(CaseStuck):
        retry_incident(database, "huaxi", incident.id, by=step.by, at=at)

    retry_incident(database, "huaxi", incident.id, by=step.by, at=at)

    with pytest.raises(IncidentNotOpen):
        retry_incident(database, "huaxi", incident.id, by=step.by, at=at)
    assert (the_incident(office).attempts, the_incident(office).state) == (3, "resolved")
    assert steps(office, case) == ["decide_entry_review_required"]


def test_what_was_typed_before_the_diagram_failed_is_kept_as_a_draft(
    office: Office, case: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = prepared(office, case, "fill_target")

    with broken(monkeypatch, "complete"), pytest.raises(CaseStuck, match="已存为草稿"):
        complete_guarded(office.database, "huaxi", step.task_id, step.outcome, by=step.by, at=office.now)

    with office.transactions() as session:
        assert session.get_one(Draft, step.task_id).content == step.outcome.content
        assert session.scalar(select(func.count()).select_from(Submission)) == 0


def test_a_deadline_whose_diagram_fails_fires_once_when_retried(
    office: Office, case: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = deadline(office, case, "target_filing.budget_gate")
    with broken(monkeypatch, "fire"), pytest.raises(CaseStuck):
        fire_guarded(office.database, "huaxi", gate.id, at=PAST_THE_GATE)

    incident = the_incident(office)
    retry_incident(office.database, "huaxi", incident.id, by=office.bureau.office, at=PAST_THE_GATE)

    assert events(office, case, "deadline.fired", "task.overdue") == [
        "deadline.fired",
        "task.overdue",
        "deadline.fired",
    ]
    assert steps(office, case) == ["decide_unapproved_target"]


def test_a_launch_passes_over_a_case_whose_diagram_fails_and_the_retry_brings_it_in(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [project_at(office, "approved") for n in range(5)]
    spoilt = office.case(cases[2]).process_state
    deliver = process.deliver

    def fails_for_one(diagrams: Any, state: bytes, *rest: Any) -> Any:
        return broken_diagram() if state == spoilt else deliver(diagrams, state, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(process, "deliver", fails_for_one)
        assert office.launch("monitoring") == 4
    incident = the_incident(office)
    assert incident.case_id == cases[2]

    retry_incident(office.database, "huaxi", incident.id, by=office.bureau.office, at=office.now)

    assert [steps(office, case) for case in cases] == [["fill_monitoring"]] * 5
    assert the_incident(office).state != "open"


def test_a_task_done_by_a_retry_is_done_by_the_person_who_tried(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = office.open_case()
    step = prepared(office, case, "decide_ex_ante_required", **SHORT)
    with broken_tables(monkeypatch), pytest.raises(CaseStuck):
        complete_guarded(office.database, "huaxi", step.task_id, step.outcome, by=step.by, at=office.now)

    retry_incident(office.database, "huaxi", the_incident(office).id, by=office.bureau.second_officer, at=office.now)

    with office.transactions() as session:
        task = session.get_one(Task, step.task_id)
    assert (task.state, task.completed_by) == (TaskState.COMPLETED, step.by.person_id)
