"""All that is due takes effect in one sweep: in the order of its days, once, and past a case whose diagram fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError

from engine import process
from engine.cases import Case, Incident
from engine.clock import shanghai
from engine.commands.cancel import cancel
from engine.commands.extend_deadline import extend_deadline
from engine.commands.fire_due import fire_due
from engine.commands.resume import resume
from engine.commands.retry_incident import retry_incident
from engine.commands.suspend import suspend
from engine.deadlines import UnconfirmedYear
from engine.errors import EngineError
from engine.process import ProcessIncident
from engine.words import DeadlineState, IncidentState
from tests.integration.desk import deadline, events, project_at, sound, steps
from tests.office import Office

LATE = shanghai(2020, 9, 29)
"""The day after the target was due."""
PAST_THE_GATE = shanghai(2020, 12, 16)
AFTER_AN_OUTAGE = ["deadline.fired", "task.overdue", "deadline.fired"]
FAULTS = [
    ProcessIncident("流程图出错", process_id="target_filing", element_id="budget_gate"),
    UnconfirmedYear(2031),
]


@pytest.fixture
def office(database: Any) -> Iterator[Office]:
    office = Office.opened(database)
    yield office
    sound(office)


@pytest.fixture
def cases(office: Office) -> list[int]:
    """Five projects whose target is to be filled."""
    return [project_at(office, "fill_target") for _ in range(5)]


def sweep(office: Office, at: Any, **how: Any) -> int:
    return fire_due(office.transactions, at=at, **how)


def fired(office: Office, case: int) -> list[str]:
    return events(office, case, "deadline.fired", "task.overdue")


def told(office: Office, case: int) -> list[Any]:
    """What the journal has of what the dates brought, without keys of rows."""
    entries = [entry for entry in office.journal(case) if entry.by is None and entry.at == PAST_THE_GATE]
    return [(entry.type, sorted(entry.payload.keys()), entry.payload.get("deadline")) for entry in entries]


def the_incident(office: Office) -> Incident:
    with office.transactions() as session:
        return session.scalars(select(Incident)).one()


@contextmanager
def broken_gate(office: Office, case: int, fault: Exception, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """For a while the gate of this case cannot go off."""
    fire, gate = process.fire, deadline(office, case, "target_filing.budget_gate").timer

    def fails_for_one(diagrams: Any, state: bytes, timer: bytes, *rest: Any) -> Any:
        if timer == gate:
            raise fault
        return fire(diagrams, state, timer, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(process, "fire", fails_for_one)
        yield


def test_everything_due_takes_effect_once(office: Office, cases: list[int]) -> None:
    counts = [sweep(office, LATE, chunk=2) for _ in range(2)]

    assert counts == [5, 0]
    assert [fired(office, case) for case in cases] == [["deadline.fired", "task.overdue"]] * 5
    assert [steps(office, case) for case in cases] == [["fill_target"]] * 5


def test_after_an_outage_the_gate_does_not_swallow_the_overdue_before_it(office: Office, cases: list[int]) -> None:
    assert sweep(office, PAST_THE_GATE) == 10

    for case in cases:
        assert fired(office, case) == AFTER_AN_OUTAGE
        assert steps(office, case) == ["decide_unapproved_target"]
        assert deadline(office, case, "target_filing.fill").state == DeadlineState.FIRED
        assert deadline(office, case, "target_filing.budget_gate").state == DeadlineState.FIRED


def test_the_journal_of_a_sweep_is_that_of_one_deadline_after_the_other(office: Office, cases: list[int]) -> None:
    office.clock.move_to(PAST_THE_GATE)
    office.sweep(cases[0])

    sweep(office, PAST_THE_GATE)

    assert told(office, cases[0])
    assert [told(office, case) for case in cases[1:]] == [told(office, cases[0])] * 4


def test_a_suspended_case_waits_until_it_goes_on(office: Office, cases: list[int]) -> None:
    how: dict[str, Any] = {"reason": "机构改革", "by": office.bureau.office, "at": office.now}
    with office.transactions() as session:
        suspend(session, cases[2], **how)

    assert sweep(office, LATE) == 4
    with office.transactions() as session:
        resume(session, cases[2], **how)

    assert sweep(office, LATE) == 1


def test_a_case_somebody_is_at_work_on_is_left_to_the_next_sweep(office: Office, cases: list[int]) -> None:
    with office.transactions() as session:
        session.execute(select(Case.id).where(Case.id == cases[1]).with_for_update())

        assert sweep(office, LATE) == 4

    assert sweep(office, LATE) == 1


def test_who_has_waited_longest_comes_first(office: Office, cases: list[int]) -> None:
    due = deadline(office, cases[0], "target_filing.fill")
    with office.transactions() as session:
        extend_deadline(session, due.id, date(2020, 10, 9), reason="示例", by=office.bureau.office, at=office.now)

    assert sweep(office, PAST_THE_GATE, most=4) == 8

    assert fired(office, cases[0]) == []


def test_progress_tells_how_many_cases_were_looked_at(office: Office, cases: list[int]) -> None:
    heard: list[tuple[int, int]] = []

    sweep(office, LATE, chunk=2, progress=lambda done, total: heard.append((done, total)))

    assert heard == [(2, 5), (4, 5), (5, 5)]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_case_that_cannot_go_on_is_left_standing_with_an_incident_and_the_others_go_on(
    office: Office, cases: list[int], fault: EngineError, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, *others = cases

    with broken_gate(office, broken, fault, monkeypatch):
        counts = [sweep(office, PAST_THE_GATE) for _ in range(3)]

    assert counts == [9, 0, 0]
    assert [steps(office, case) for case in others] == [["decide_unapproved_target"]] * 4
    assert steps(office, broken) == ["fill_target"]
    incident = the_incident(office)
    assert (incident.case_id, incident.command, incident.attempts) == (broken, "fire_deadline", 1)
    assert incident.message == fault.message


def test_what_was_due_before_the_fault_has_taken_effect_and_the_retry_does_the_rest(
    office: Office, cases: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with broken_gate(office, cases[0], FAULTS[0], monkeypatch):
        sweep(office, PAST_THE_GATE)
    assert fired(office, cases[0]) == ["deadline.fired", "task.overdue"]

    retry_incident(office.database, "huaxi", the_incident(office).id, by=office.bureau.office, at=PAST_THE_GATE)

    assert fired(office, cases[0]) == AFTER_AN_OUTAGE
    assert steps(office, cases[0]) == ["decide_unapproved_target"]
    assert sweep(office, PAST_THE_GATE) == 0


def test_a_case_on_which_the_program_breaks_keeps_nobody_else_waiting(
    office: Office, cases: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with broken_gate(office, cases[0], KeyError("gate"), monkeypatch):
        counts = [sweep(office, PAST_THE_GATE) for _ in range(2)]

    assert counts == [9, 0]
    assert the_incident(office).case_id == cases[0]
    assert "程序出错（KeyError）" in the_incident(office).message
    assert fired(office, cases[0]) == ["deadline.fired", "task.overdue"]


def cannot_be_written(case: int, fault: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is due of this case undoes the whole transaction it is in."""
    command = import_module("engine.commands.fire_due")
    together = command.fire_all

    def fails_with_it(session: Any, found: Any, at: Any) -> Any:
        if case in {each.id for each in found}:
            raise fault
        return together(session, found, at)

    monkeypatch.setattr(command, "fire_all", fails_with_it)


def test_a_case_that_cannot_be_written_keeps_nobody_else_waiting(
    office: Office, cases: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    cannot_be_written(cases[2], IntegrityError("示例", {}, Exception("示例")), monkeypatch)

    counts = [sweep(office, PAST_THE_GATE) for _ in range(2)]

    assert counts == [8, 0]
    assert the_incident(office).case_id == cases[2]
    assert "程序出错（IntegrityError）" in the_incident(office).message


def test_a_database_that_is_full_is_no_fault_of_a_case(
    office: Office, cases: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        cannot_be_written(cases[2], OperationalError("示例", {}, Exception("示例")), full)
        with pytest.raises(OperationalError):
            sweep(office, LATE)

    assert sweep(office, LATE) == 5
    with office.transactions() as session:
        assert session.scalars(select(Incident)).all() == []


def test_the_fault_of_a_case_that_is_cancelled_is_over(
    office: Office, cases: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with broken_gate(office, cases[0], FAULTS[0], monkeypatch):
        sweep(office, PAST_THE_GATE)

    with office.transactions() as session:
        cancel(session, cases[0], reason="示例：项目撤销", by=office.bureau.office, at=PAST_THE_GATE)

    assert the_incident(office).state == IncidentState.RESOLVED
    assert events(office, cases[0], "incident.resolved", "case.cancelled") == ["incident.resolved", "case.cancelled"]
