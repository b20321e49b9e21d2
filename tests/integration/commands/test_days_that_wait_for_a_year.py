"""待定的截止日: work goes on into a year nobody confirmed, and its days are counted when somebody does."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest

from engine.clock import first_late, shanghai
from engine.commands.extend_deadline import extend_deadline
from engine.commands.fire_due import fire_due
from engine.commands.request_extension import request_extension
from engine.commands.resume import resume
from engine.commands.suspend import suspend
from engine.deadlines.model import Deadline
from engine.deadlines.notices import days_of_notice
from engine.directory import Actor
from engine.moves.dating import date_waiting
from engine.moves.due import calendar_of
from engine.queries.case_card import case_card
from engine.queries.deadline_board import deadline_board
from engine.queries.deadline_reasons import reason_of
from engine.queries.task_card import task_card
from engine.store import Database
from engine.words import DeadlineState
from tests.integration.commands.test_keeping_calendars import confirmed, drafted, effects, somebody
from tests.integration.desk import deadline, events, sound, the_task
from tests.office import Office

BEGUN = shanghai(2026, 12, 10)
NEXT = 2027
AS_FAR_AS_COUNTED = (
    "12月10日（周四）起算，当日不计，到12月31日（周四）是第 15 日；"
    "一共 20 个工作日，其余 5 日待 2027 年放假安排确认后确定"
)
WAITS = "20 个工作日，待 2027 年放假安排确认后确定"
NEW_YEAR = days_of_notice("元旦：1月1日至3日放假。", NEXT)
FILL = "target_filing.fill"
GATE = date(2027, 12, 15)
"""The closing day of the budget of 2028, which is known without a calendar."""


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    office = Office.opened(database)
    office.clock.move_to(BEGUN)
    yield office
    sound(office)


@pytest.fixture
def case(office: Office) -> int:
    """A project whose target is to be filled from 10 December on, with 20 working days for it."""
    case = office.open_case(fiscal_year=2028)
    office.reach(case, "target_filing.fill_target")
    return case


@pytest.fixture
def writer(office: Office) -> Actor:
    return somebody(office, "示例起草人")


@pytest.fixture
def second(office: Office) -> Actor:
    return somebody(office, "示例确认人")


def the_year_is_confirmed(office: Office, writer: Actor, second: Actor) -> Any:
    drafted(office, writer, NEXT, NEW_YEAR)
    return confirmed(office, second, NEXT)


def sweep(office: Office, at: datetime) -> int:
    return fire_due(office.transactions, at=at)


def test_a_step_opens_without_a_day_and_says_what_it_waits_for_everywhere(office: Office, case: int) -> None:
    row = deadline(office, case, FILL)
    by, clerk = office.bureau.office, office.bureau.clerk

    with office.transactions() as session:
        board = deadline_board(session, by, at=office.now).lines
        days = {day.name: day for day in case_card(session, by, case).days}
        reason = reason_of(session, by, row.id)
        task = task_card(session, clerk, the_task(office, case, "fill_target").id, at=office.now)

    assert (row.due_on, row.due_at, row.remind_at, row.working_days, row.awaits_year) == (None, None, None, 20, NEXT)
    assert (reason.waits, reason.moved) == (WAITS, False)
    assert reason.words == AS_FAR_AS_COUNTED
    assert [(note.on, note.number) for note in (reason.notes[1], reason.notes[-1])] == [
        (date(2026, 12, 11), 1),
        (date(2026, 12, 31), 15),
    ]
    assert [line.waits for line in board if line.name == FILL] == [WAITS]
    assert (days[FILL].waits, days[FILL].due_on) == (WAITS, None)
    assert (task.due_on, task.waits) == (GATE, None)
    (told,) = [each for each in office.journal(case, "deadline.awaits_calendar") if each.payload["deadline"] == FILL]
    assert (told.payload["working_days"], told.payload["year"], told.payload["row"]) == (20, NEXT, "national")


def test_what_can_be_dated_is_dated(office: Office, case: int) -> None:
    gate = deadline(office, case, "target_filing.budget_gate")

    assert the_task(office, case, "fill_target").due_on == gate.due_on == GATE


def test_a_task_that_has_no_other_day_says_itself_that_it_waits(office: Office) -> None:
    office.clock.move_to(shanghai(2026, 12, 28))
    case = office.open_case()
    office.reach(case, "target_filing.check_target")
    task = the_task(office, case, "check_target")

    with office.transactions() as session:
        card = task_card(session, office.bureau.department, task.id, at=office.now)

    assert (card.due_on, card.waits) == (None, "5 个工作日，待 2027 年放假安排确认后确定")
    assert card.deadline_id == deadline(office, case, "target_filing.check").id


def test_confirming_the_year_dates_what_waited_and_tells_it_in_its_case(
    office: Office, case: int, writer: Actor, second: Actor
) -> None:
    drafted(office, writer, NEXT, NEW_YEAR)
    foretold = effects(office, second, NEXT).effects.dated

    gave = confirmed(office, second, NEXT)

    row = deadline(office, case, FILL)
    told = [each for each in office.journal(case, "deadline.dated") if each.payload["deadline"] == FILL]
    # 15 working days are left of December, and five of January follow the holiday
    assert (row.due_on, row.laid_down_on, row.awaits_year) == (date(2027, 1, 8), date(2027, 1, 8), None)
    assert row.due_at == first_late(date(2027, 1, 8))
    assert [each.payload["due_on"] for each in told] == ["2027-01-08"]
    assert gave["dated"] == foretold >= 1
    with office.transactions() as session:
        reason = reason_of(session, office.bureau.office, row.id)
        moves = {day.name: day for day in case_card(session, office.bureau.office, case).days}[FILL].moves
    assert (reason.due_on, reason.laid_down_on, reason.notes[-1].number) == (date(2027, 1, 8), date(2027, 1, 8), 20)
    assert [(move.before, move.after) for move in moves] == [(None, date(2027, 1, 8))]


def test_what_is_dated_late_does_not_lie_in_the_past(office: Office, case: int, writer: Actor, second: Actor) -> None:
    office.clock.move_to(shanghai(2027, 1, 20))

    the_year_is_confirmed(office, writer, second)

    row = deadline(office, case, FILL)
    assert (row.due_on, row.laid_down_on) == (date(2027, 1, 20), date(2027, 1, 8))


def test_what_has_no_day_never_fires_and_never_reminds(office: Office, case: int) -> None:
    sweep(office, shanghai(2027, 3, 30))

    assert deadline(office, case, FILL).state == DeadlineState.PENDING
    assert [each.payload["deadline"] for each in office.journal(case, "deadline.reminded")] == []
    assert events(office, case, "task.overdue") == []


def test_a_deadline_without_a_day_is_met_with_its_task(office: Office, case: int) -> None:
    number = deadline(office, case, FILL).id

    office.do(case, "fill_target")
    office.do(case, "confirm_target")

    with office.transactions() as session:
        assert session.get_one(Deadline, number).state == DeadlineState.MET


def test_reminders_of_a_year_to_come_are_counted_when_it_is_confirmed_and_nothing_is_told(
    office: Office, case: int, writer: Actor, second: Actor
) -> None:
    before = deadline(office, case, "target_filing.budget_gate")

    the_year_is_confirmed(office, writer, second)

    after = deadline(office, case, "target_filing.budget_gate")
    assert (before.plan["reminders"], before.awaits_year, before.due_on) == ([], NEXT, GATE)
    assert after.plan["reminders"] != []
    assert (after.awaits_year, after.due_on, after.laid_down_on) == (None, before.due_on, before.laid_down_on)
    assert after.id.hex not in [each.payload["id"] for each in office.journal(case, "deadline.dated")]


def test_a_day_can_be_given_instead_of_the_one_that_is_waited_for(
    office: Office, case: int, writer: Actor, second: Actor
) -> None:
    row = deadline(office, case, FILL)
    how: dict[str, Any] = {"reason": "示例", "at": office.now}
    with pytest.raises(Exception, match="还没有定日"), office.transactions() as session:
        request_extension(session, row.id, date(2027, 2, 1), by=office.bureau.clerk, **how)

    with office.transactions() as session:
        extend_deadline(session, row.id, date(2027, 2, 1), by=office.bureau.office, **how)
    the_year_is_confirmed(office, writer, second)

    assert deadline(office, case, FILL).due_on == date(2027, 2, 1)


def test_a_case_that_stood_still_waits_with_what_it_had_left(
    office: Office, case: int, writer: Actor, second: Actor
) -> None:
    how: dict[str, Any] = {"reason": "示例", "by": office.bureau.office}
    office.clock.move_to(shanghai(2026, 12, 17))
    with office.transactions() as session:
        suspend(session, case, at=office.now, **how)
    office.clock.move_to(shanghai(2026, 12, 28))

    with office.transactions() as session:
        resume(session, case, at=office.now, **how)
    waiting = deadline(office, case, FILL)
    the_year_is_confirmed(office, writer, second)

    # 5 of the 20 had passed; 15 follow 28 December: 3 in December, 12 after the holiday
    assert (waiting.due_on, waiting.started_on, waiting.working_days) == (None, date(2026, 12, 28), 15)
    assert deadline(office, case, FILL).due_on == date(2027, 1, 19)


def test_a_day_that_standing_still_moves_into_the_unconfirmed_year_waits_for_it(office: Office) -> None:
    case, name = office.open_case(), "target_filing.check"
    office.reach(case, "target_filing.check_target")
    how: dict[str, Any] = {"reason": "示例", "by": office.bureau.office}
    dated = deadline(office, case, name)
    with office.transactions() as session:
        suspend(session, case, at=office.now, **how)
    office.clock.move_to(shanghai(2026, 12, 28))

    with office.transactions() as session:
        resume(session, case, at=office.now, **how)

    waiting = deadline(office, case, name)
    told = [each for each in office.journal(case, "deadline.awaits_calendar") if each.payload["id"] == waiting.id.hex]
    with office.transactions() as session:
        moves = {day.name: day for day in case_card(session, office.bureau.office, case).days}[name].moves
    assert (dated.due_on, waiting.due_on, waiting.working_days) == (date(2026, 12, 17), None, 5)
    assert (waiting.started_on, waiting.awaits_year) == (date(2026, 12, 28), NEXT)
    assert the_task(office, case, "check_target").due_on is None
    assert [each.payload["before"] for each in told] == ["2026-12-17"]
    assert [(move.before, move.after) for move in moves] == [(date(2026, 12, 17), None)]


def test_asked_again_nothing_is_dated_twice(office: Office, case: int, writer: Actor, second: Actor) -> None:
    the_year_is_confirmed(office, writer, second)

    with office.transactions() as session:
        again = date_waiting(session, "huaxi", calendar_of(session), at=office.now)

    assert again == 0
    assert len([each for each in office.journal(case, "deadline.dated") if each.payload["deadline"] == FILL]) == 1
