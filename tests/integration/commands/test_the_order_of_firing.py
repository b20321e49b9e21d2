"""What has passed takes effect in the order of its days before anything else happens, whoever asks and however late."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engine import process
from engine.clock import shanghai, start_of_day
from engine.commands.adjust_budget import adjust_budget
from engine.commands.cancel import cancel
from engine.commands.correct_state import correct_state
from engine.commands.engage_agency import engage_agency
from engine.commands.fire_deadline import fire_deadline
from engine.commands.fire_due import fire_due
from engine.commands.launch_stage import launch_stage
from engine.commands.suspend import suspend
from engine.deadlines import shifted
from engine.deadlines.model import Deadline
from engine.errors import EngineError
from engine.moves.due import calendar_of
from engine.moves.engagement import Engagement
from engine.process import ProcessIncident
from engine.rectifications import Rectification
from engine.store import Database
from engine.words import CaseKind, DeadlineState
from tests.integration.desk import SHORT, deadline, events, project_at, sound, steps, the_task
from tests.office import Office

PAST_THE_GATE = shanghai(2020, 12, 16)
OVERDUE = ["deadline.fired", "task.overdue"]
GONE_AT_THE_GATE = [*OVERDUE, "deadline.fired"]
GATE, FILL = "target_filing.budget_gate", "target_filing.fill"
Command = Callable[[Session, Office, int], Any]


@pytest.fixture
def office(database: Any) -> Iterator[Office]:
    office = Office.opened(database)
    yield office
    sound(office)


@pytest.fixture
def case(office: Office) -> int:
    """A project whose target is to be filled: by the end of September, and before the gate of December."""
    return project_at(office, "fill_target")


def fired(office: Office, case: int) -> list[str]:
    return events(office, case, "deadline.fired", "task.overdue")


def sweep(office: Office, at: datetime) -> int:
    return fire_due(office.transactions, at=at)


def day_after(row: Deadline) -> date:
    return row.due_on + timedelta(days=1)


def finance(office: Office) -> dict[str, Any]:
    return {"reason": "示例：机构改革", "by": office.bureau.office, "at": office.now}


# ── the order ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_on_one_day_the_step_is_overdue_before_the_gate_takes_it_away(office: Office) -> None:
    office.clock.move_to(shanghai(2020, 11, 17))
    case = project_at(office, "fill_target")
    assert deadline(office, case, FILL).due_on == deadline(office, case, GATE).due_on

    sweep(office, PAST_THE_GATE)

    assert fired(office, case) == GONE_AT_THE_GATE
    assert [deadline(office, case, name).state for name in (FILL, GATE)] == [DeadlineState.FIRED] * 2


def test_who_asks_for_the_gate_gets_the_overdue_before_it_too(office: Office, case: int) -> None:
    gate = deadline(office, case, GATE)

    with office.transactions() as session:
        assert fire_deadline(session, gate.id, at=PAST_THE_GATE)
        assert not fire_deadline(session, gate.id, at=PAST_THE_GATE)

    assert fired(office, case) == GONE_AT_THE_GATE
    assert steps(office, case) == ["decide_unapproved_target"]


def _suspended(session: Session, office: Office, case: int) -> Any:
    return suspend(session, case, **finance(office))


def _cancelled(session: Session, office: Office, case: int) -> Any:
    return cancel(session, case, **finance(office))


def _moved_by_hand(session: Session, office: Office, case: int) -> Any:
    agreed = {**finance(office), "second": office.bureau.second_officer}
    return correct_state(session, case, "target_filing", "approve_budget", **agreed)


def _given_an_agency(session: Session, office: Office, case: int) -> Any:
    by = {"by": office.bureau.office, "at": office.now}
    return engage_agency(session, case, Engagement(office.bureau.agency_id, "孙主评", True), **by)


@pytest.mark.parametrize("command", [_suspended, _cancelled, _moved_by_hand, _given_an_agency])
def test_what_has_passed_takes_effect_before_somebody_does_something_to_the_case(
    office: Office, case: int, command: Command
) -> None:
    office.clock.move_to(PAST_THE_GATE)

    with office.transactions() as session:
        command(session, office, case)

    assert fired(office, case) == GONE_AT_THE_GATE
    of_the_clock = [entry for entry in office.journal(case) if entry.type in GONE_AT_THE_GATE]
    assert [entry.by for entry in of_the_clock] == [None] * 3


def test_what_has_passed_takes_effect_before_a_stage_is_launched(office: Office) -> None:
    case = project_at(office, "approved")
    with office.transactions() as session:
        how = {"kind": "cut", "reason": "示例：压减", "by": office.bureau.division, "at": office.now}
        adjust_budget(session, case, Decimal(100), **how)
    adjusting = deadline(office, case, "budget_adjustment.fill")
    office.clock.move_to(start_of_day(day_after(adjusting)))

    launch_stage(office.transactions, 2021, "monitoring", by=office.bureau.office, at=office.now)

    told = events(office, case, "deadline.fired", "task.overdue", "stage.launched")
    assert told == [*OVERDUE, "stage.launched"]
    assert steps(office, case) == ["fill_adjusted_target", "fill_monitoring"]


def test_a_person_who_comes_late_is_told_of_what_the_clock_did_before(office: Office, case: int) -> None:
    office.clock.move_to(shanghai(2020, 9, 29, 10))

    office.do(case, "fill_target")

    by = [
        (entry.type, entry.by is None)
        for entry in office.journal(case)
        if entry.type in (*OVERDUE, "submission.filled")
    ]
    assert by == [("deadline.fired", True), ("task.overdue", True), ("submission.filled", False)]


# ── late ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def town(database: Database) -> Iterator[Office]:
    office = Office.opened(database, "haicang")
    yield office
    sound(office)


def rectifying(town: Office) -> tuple[int, str]:
    """A department's case at work on what was found wrong, and the item whose measures are laid down."""
    case = town.open_case(CaseKind.WHOLE_DEPARTMENT)
    town.reach(case, "rectification", **SHORT)
    item = sorted(row.item for row in town.rows(Rectification, case))[0]
    town.do(case, "plan_rectification", item=item)
    return case, item


@pytest.mark.parametrize("days_late", [0, 2])
def test_what_a_date_opens_is_dated_from_the_day_that_passed_however_late_it_is(town: Office, days_late: int) -> None:
    case, _ = rectifying(town)
    rectify = deadline(town, case, "rectification.rectify")

    sweep(town, start_of_day(day_after(rectify)) + timedelta(days=days_late, hours=9))
    department = deadline(town, case, "rectification.escalate_department")
    sweep(town, start_of_day(day_after(department)) + timedelta(days=days_late, hours=9))
    bureau = deadline(town, case, "rectification.escalate_office")
    sweep(town, start_of_day(day_after(bureau)) + timedelta(days=days_late, hours=9))

    supervise = deadline(town, case, "rectification.supervise")
    assert (department.started_on, bureau.started_on) == (day_after(rectify), day_after(department))
    assert supervise.started_on == day_after(bureau)
    assert the_task(town, case, "supervise_rectification").opened_at == start_of_day(day_after(bureau))


def test_what_a_date_opens_and_is_over_itself_takes_effect_in_the_same_sweep(town: Office) -> None:
    case, _ = rectifying(town)
    rectify = deadline(town, case, "rectification.rectify")

    swept = sweep(town, start_of_day(rectify.due_on + timedelta(days=60)))

    bureau, supervise = (deadline(town, case, f"rectification.{step}") for step in ("escalate_office", "supervise"))
    assert (supervise.started_on, supervise.state) == (day_after(bureau), DeadlineState.FIRED)
    names = [entry.payload["deadline"] for entry in town.journal(case, "deadline.fired")]
    assert names[names.index(rectify.name) :].index(supervise.name) > 0
    assert swept >= 2
    assert sweep(town, start_of_day(rectify.due_on + timedelta(days=60))) == 0


def test_who_is_late_with_a_rectification_is_reminded_every_working_day_until_it_is_done(town: Office) -> None:
    case, item = rectifying(town)
    row = deadline(town, case, "rectification.rectify")
    days = [row.due_on + timedelta(days=number) for number in range(-20, 9)]

    for day in days:
        sweep(town, start_of_day(day) + timedelta(hours=9))
    town.clock.move_to(start_of_day(days[-1]) + timedelta(hours=10))
    for step in ("carry_out_rectification", "confirm_rectification"):
        town.do(case, step, item=item)
    for later in range(1, 5):
        sweep(town, start_of_day(days[-1] + timedelta(days=later)) + timedelta(hours=9))

    told = [entry.payload for entry in town.journal(case, "deadline.reminded") if entry.payload["id"] == row.id.hex]
    with town.transactions() as session:
        calendar = calendar_of(session)
        planned = [shifted(row.due_on, offset, calendar) for offset in (-10, -5, -1, 0)]
        worked_after = [day for day in days if day > row.due_on and calendar.is_working_day(day)]
    assert [date.fromisoformat(entry["on"]) for entry in told] == [*planned, *worked_after]


# ── faults ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _fails(*_: Any) -> Any:
    raise ProcessIncident("流程图出错", process_id="target_filing", element_id="budget_gate")


def test_who_puts_a_case_right_is_not_stopped_by_the_date_that_cannot_take_effect(
    office: Office, case: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.clock.move_to(PAST_THE_GATE)
    with monkeypatch.context() as patch:
        patch.setattr(process, "fire", _fails)
        with office.transactions() as session, pytest.raises(EngineError), session.begin_nested():
            _cancelled(session, office, case)
        sweep(office, PAST_THE_GATE)

        with office.transactions() as session:
            _cancelled(session, office, case)

    assert office.case(case).state == "cancelled"
