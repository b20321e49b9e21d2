"""期限自查: a day that came to nothing is on record the next day, whatever let it slip."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from engine.cases import Case, Incident
from engine.commands.check_days import check_days
from engine.commands.correct_state import correct_state
from engine.commands.fire_due import fire_due
from engine.commands.retry_incident import retry_incident
from engine.commands.suspend import suspend
from engine.deadlines.model import Deadline
from engine.moves.lost_days import SLACK, DayLost
from engine.store import Database
from engine.words import DeadlineState, IncidentState
from tests.integration.desk import deadline, events, project_at, sound
from tests.office import Office


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    office = Office.opened(database)
    yield office
    sound(office)


@pytest.fixture
def case(office: Office) -> int:
    """A project whose target is to be filled."""
    return project_at(office, "fill_target")


def just_late(office: Office, case: int) -> Any:
    return deadline(office, case, "target_filing.fill").due_at + SLACK + timedelta(minutes=1)


def the_incident(office: Office) -> Incident:
    with office.transactions() as session:
        return session.scalars(select(Incident)).one()


def lose_every_day(office: Office, case: int) -> None:
    """As a fault of the program would: the work is open, and no day is kept for it."""
    with office.transactions() as session:
        session.execute(
            update(Deadline).where(Deadline.case_id == case).values(state=DeadlineState.DROPPED, remind_at=None)
        )


def test_after_a_sweep_there_is_nothing_to_find(office: Office, case: int) -> None:
    late = just_late(office, case)
    fire_due(office.transactions, at=late)

    assert check_days(office.transactions, at=late + timedelta(days=1)) == 0


def test_before_its_day_and_within_the_hour_after_it_nothing_is_lost(office: Office, case: int) -> None:
    due_at = deadline(office, case, "target_filing.fill").due_at

    assert [check_days(office.transactions, at=at) for at in (due_at, due_at + SLACK - timedelta(minutes=1))] == [0, 0]


def test_a_day_no_sweep_came_by_for_is_an_incident_and_fires_when_it_is_tried_again(office: Office, case: int) -> None:
    late = just_late(office, case)

    assert check_days(office.transactions, at=late) == 1

    incident = the_incident(office)
    assert (incident.case_id, incident.command) == (case, "fire_deadline")
    assert "期限没有触发" in incident.message
    retry_incident(office.database, "huaxi", incident.id, by=office.bureau.office, at=late)
    assert events(office, case, "deadline.fired", "task.overdue") == ["deadline.fired", "task.overdue"]


def test_a_case_somebody_is_at_work_on_and_one_that_stands_still_are_not_asked_about(office: Office, case: int) -> None:
    still = project_at(office, "fill_target")
    with office.transactions() as session:
        suspend(session, still, reason="示例：机构改革", by=office.bureau.office, at=office.now)

    with office.transactions() as session:
        session.execute(select(Case.id).where(Case.id == case).with_for_update())

        assert check_days(office.transactions, at=just_late(office, case)) == 0


def test_overdue_work_no_day_is_kept_for_is_an_incident_until_the_case_is_moved(office: Office, case: int) -> None:
    late = just_late(office, case)
    lose_every_day(office, case)

    counts = [check_days(office.transactions, at=late + timedelta(days=n)) for n in range(2)]

    assert counts == [1, 1]
    incident = the_incident(office)
    assert (incident.command, incident.attempts) == ("check_days", 2)
    assert "没有期限在计时" in incident.message
    with pytest.raises(DayLost):
        retry_incident(office.database, "huaxi", incident.id, by=office.bureau.office, at=late)
    with office.transactions() as session:
        bureau = office.bureau
        how: dict[str, Any] = {"reason": "示例：重新计时", "second": bureau.second_officer, "by": bureau.office}
        correct_state(session, case, "target_filing", "review_target", at=late + timedelta(days=2), **how)
    assert the_incident(office).state == IncidentState.RESOLVED
    assert check_days(office.transactions, at=late + timedelta(days=3)) == 0
