"""函外问题的期限: reminded of, escalated until it is struck off, and told in one place; whatever became of the case."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from sqlalchemy import select, text

from engine.audit.events.cases import NoteRecorded
from engine.clock import first_late, shanghai
from engine.commands.cancel import cancel
from engine.commands.extend_deadline import extend_deadline
from engine.commands.extend_rectification import AwaitsVerdict, extend_rectification
from engine.commands.fire_due import fire_due
from engine.commands.resume import resume
from engine.commands.suspend import suspend
from engine.deadlines.model import Deadline
from engine.moves.extending import DateRefused
from engine.moves.writing import record_outside_cases
from engine.reviews import ReasonMissing
from engine.store import Database
from engine.words import DeadlineState
from tests.factories import Bureau
from tests.integration.commands.problems import AUDIT, ledger, opened, report, settle
from tests.journeys import LETTER_DAY, Journey, begin

DUE_ON = AUDIT.due_on
THE_DAY_AFTER = first_late(DUE_ON) + timedelta(hours=1)
ITEM = "另立-1"


@pytest.fixture
def journey(database: Database, bureau: Bureau) -> Journey:
    """A case of which nothing but the problem has a day."""
    journey = begin(database, bureau)
    with database.transaction("huaxi") as session:
        cancel(session, journey.case_id, reason="示例：项目取消", by=bureau.office, at=LETTER_DAY)
    return journey


@pytest.fixture
def problem(journey: Journey) -> int:
    return opened(journey)


def sweep(journey: Journey, at: datetime) -> None:
    fire_due(journey.office.transactions, at=at)
    journey.office.clock.move_to(max(at, journey.at))


def days(journey: Journey, *states: DeadlineState) -> list[tuple[str, date]]:
    """Name and day of the deadlines of the case in these states, pending ones if none is named."""
    with journey.office.transactions() as session:
        rows = session.scalars(
            select(Deadline)
            .where(Deadline.case_id == journey.case_id, Deadline.state.in_(states or (DeadlineState.PENDING,)))
            .where(Deadline.rectification_id.is_not(None))
            .order_by(Deadline.due_at, Deadline.name)
        )
        return [(row.name.partition(".")[2], row.due_on) for row in rows]


def told(journey: Journey, *types: str) -> list[dict[str, Any]]:
    return [dict(entry.payload) for entry in journey.journal(*types)]


def offices(journey: Journey) -> list[str]:
    """Who heard of it, in order."""
    return [event["office"] for event in told(journey, "rectification.escalated")]


def test_a_problem_opened_by_hand_has_the_day_of_the_ledger(journey: Journey, problem: int) -> None:
    assert days(journey) == [("rectify", DUE_ON)]
    assert ledger(journey)[ITEM].due_on == DUE_ON
    assert [event["due_on"] for event in told(journey, "deadline.set")][-1] == DUE_ON.isoformat()


def test_of_the_day_the_unit_is_reminded_by_the_plan_of_the_table(journey: Journey, problem: int) -> None:
    for day in range(1, 31):
        sweep(journey, shanghai(2022, 12, day))

    reminded = [event["on"] for event in told(journey, "deadline.reminded")]
    assert reminded == ["2022-12-19", "2022-12-26", "2022-12-30"]  # 10, 5 and 1 working days before a Saturday


def test_past_its_day_one_office_after_the_other_hears_of_it_until_it_is_struck_off(
    journey: Journey, problem: int
) -> None:
    sweep(journey, THE_DAY_AFTER)
    assert offices(journey) == ["unit_head"]
    assert days(journey) == [("escalate_department", date(2023, 1, 9))]

    for _ in range(4):
        (_, day), *_ = days(journey)
        sweep(journey, first_late(day))

    assert offices(journey) == ["unit_head", "department", "performance_office", *["performance_office"] * 2]
    assert ledger(journey)[ITEM].escalations == 5
    assert ledger(journey)[ITEM].due_on == DUE_ON

    report(journey, problem)
    settle(journey, problem)
    sweep(journey, journey.at + timedelta(days=200))

    assert len(offices(journey)) == 5
    assert days(journey) == []


def test_after_an_outage_the_same_is_told_of_the_same_days(journey: Journey, problem: int) -> None:
    sweep(journey, first_late(date(2023, 2, 28)))

    escalated = told(journey, "rectification.escalated")
    assert [event["office"] for event in escalated][:3] == ["unit_head", "department", "performance_office"]
    assert [event["due_on"] for event in escalated][:2] == [DUE_ON.isoformat(), "2023-01-09"]


def test_a_report_in_time_keeps_the_day_and_gives_finance_one(journey: Journey, problem: int) -> None:
    report(journey, problem)
    sweep(journey, THE_DAY_AFTER)

    assert offices(journey) == []
    assert days(journey, DeadlineState.MET) == [("rectify", DUE_ON)]
    assert days(journey, DeadlineState.FIRED) == [("verify", date(2022, 10, 26))]
    assert [event["deadline"] for event in told(journey, "task.overdue")] == ["rectification.verify"]


def test_what_is_struck_off_in_time_is_never_late(journey: Journey, problem: int) -> None:
    report(journey, problem)
    settle(journey, problem)
    sweep(journey, THE_DAY_AFTER)

    assert told(journey, "rectification.escalated", "task.overdue") == []
    assert days(journey) == []


def test_a_returned_report_leaves_the_working_days_that_were_left(journey: Journey, problem: int) -> None:
    journey.office.clock.move_to(shanghai(2022, 12, 20))
    report(journey, problem)
    journey.office.clock.move_to(shanghai(2022, 12, 27))

    settle(journey, problem, accepted=False, reason="示例：照片看不清")

    later = date(2023, 1, 9)  # eight working days were left from 21 to 30 December; 31 December to 2 January are free
    assert days(journey) == [("rectify", later)]
    assert ledger(journey)[ITEM].due_on == later
    assert told(journey, "rectification.returned")[-1]["due_on"] == later.isoformat()


def test_a_late_report_that_is_returned_is_late_at_once(journey: Journey, problem: int) -> None:
    sweep(journey, THE_DAY_AFTER)
    report(journey, problem)

    settle(journey, problem, accepted=False, reason="示例：照片看不清")
    sweep(journey, journey.at + timedelta(days=1))

    assert ledger(journey)[ITEM].due_on == DUE_ON
    assert offices(journey) == ["unit_head", "unit_head"]


def test_a_report_after_the_day_comes_after_what_the_day_brought(journey: Journey, problem: int) -> None:
    journey.office.clock.move_to(THE_DAY_AFTER)

    report(journey, problem)

    types = [entry.type for entry in journey.journal("rectification.escalated", "rectification.reported")]
    assert types == ["rectification.escalated", "rectification.reported"]


def test_a_day_put_off_is_put_off_in_the_ledger_too(database: Database, bureau: Bureau) -> None:
    journey = begin(database, bureau)
    opened(journey)
    until = date(2023, 3, 31)

    with journey.office.transactions() as session:
        row = session.scalars(select(Deadline).where(Deadline.rectification_id.is_not(None))).one()
        extend_deadline(session, row.id, until, reason="示例：等审计核实", by=bureau.office, at=journey.next_minute())

    assert ledger(journey)[ITEM].due_on == until
    assert days(journey) == [("rectify", until)]


def test_a_later_day_for_finance_to_look_at_it_leaves_the_ledger_as_it_is(database: Database, bureau: Bureau) -> None:
    journey = begin(database, bureau)
    report(journey, opened(journey))

    with journey.office.transactions() as session:
        row = session.scalars(select(Deadline).where(Deadline.name == "rectification.verify")).one()
        until = row.due_on + timedelta(days=9)
        extend_deadline(session, row.id, until, reason="示例：等票据", by=bureau.office, at=journey.next_minute())

    assert days(journey) == [("verify", until)]
    assert ledger(journey)[ITEM].due_on == DUE_ON


def test_the_problem_of_a_case_that_stands_still_waits_with_it(database: Database, bureau: Bureau) -> None:
    journey = begin(database, bureau)
    opened(journey)
    with journey.office.transactions() as session:
        suspend(session, journey.case_id, reason="示例：核对资金", by=bureau.office, at=journey.next_minute())
    sweep(journey, THE_DAY_AFTER)
    assert offices(journey) == []

    with journey.office.transactions() as session:
        resume(session, journey.case_id, reason="示例：核对无误", by=bureau.office, at=journey.next_minute())

    (name, day), *_ = [each for each in days(journey) if each[0] == "rectify"]
    assert day == ledger(journey)[ITEM].due_on


def test_a_case_cancelled_afterwards_keeps_the_day_of_its_problem(database: Database, bureau: Bureau) -> None:
    journey = begin(database, bureau)
    opened(journey)
    with journey.office.transactions() as session:
        cancel(session, journey.case_id, reason="示例：项目取消", by=bureau.office, at=journey.next_minute())

    sweep(journey, THE_DAY_AFTER)

    assert offices(journey) == ["unit_head"]


def test_two_problems_of_one_day_are_each_taken_up(journey: Journey, problem: int) -> None:
    opened(journey)

    sweep(journey, THE_DAY_AFTER)

    items: Sequence[str] = [event["item"] for event in told(journey, "rectification.escalated")]
    assert sorted(items) == [ITEM, "另立-2"]


def put_off(journey: Journey, problem: int, until: date, reason: str = "示例：等审计核实") -> None:
    by = journey.bureau.office
    with journey.office.transactions() as session:
        extend_rectification(session, problem, until, reason=reason, by=by, at=journey.next_minute())


def test_the_problem_of_a_case_that_is_over_can_have_a_later_day(journey: Journey, problem: int) -> None:
    until = date(2023, 3, 31)

    put_off(journey, problem, until)
    sweep(journey, THE_DAY_AFTER)

    assert days(journey) == [("rectify", until)]
    assert ledger(journey)[ITEM].due_on == until
    assert told(journey, "rectification.extended")[-1]["before"] == DUE_ON.isoformat()
    assert offices(journey) == []


def test_one_that_is_late_can_have_a_later_day_and_nobody_hears_of_it_before(journey: Journey, problem: int) -> None:
    sweep(journey, THE_DAY_AFTER)
    until = date(2023, 3, 31)

    put_off(journey, problem, until)
    sweep(journey, first_late(date(2023, 3, 30)))
    assert offices(journey) == ["unit_head"]
    sweep(journey, first_late(until))

    assert offices(journey) == ["unit_head", "unit_head"]


@pytest.mark.parametrize("until", [DUE_ON, date(2022, 10, 1), DUE_ON + timedelta(days=366)])
def test_a_day_that_is_no_later_one_or_too_far_off_is_refused(journey: Journey, problem: int, until: date) -> None:
    with pytest.raises(DateRefused):
        put_off(journey, problem, until)

    assert days(journey) == [("rectify", DUE_ON)]


def test_a_later_day_needs_a_reason_and_a_problem_the_unit_has_still_to_put_right(
    journey: Journey, problem: int
) -> None:
    with pytest.raises(ReasonMissing):
        put_off(journey, problem, date(2023, 3, 31), reason=" ")
    report(journey, problem)

    with pytest.raises(AwaitsVerdict, match="请先核验或退回"):
        put_off(journey, problem, date(2023, 3, 31))


def as_of_an_earlier_release(journey: Journey) -> None:
    """The problems of the case have no day but in the ledger; then the program is brought up to date."""
    bring_up_to_date = import_module("engine.store.migrations.versions.0035_days_of_problems").OPENED_BEFORE
    with journey.office.database.upkeep() as session:
        session.execute(text("DELETE FROM deadlines WHERE rectification_id IS NOT NULL"))
        session.execute(text(bring_up_to_date))
        session.execute(text(bring_up_to_date))


def test_a_problem_an_earlier_release_opened_is_given_its_day(journey: Journey, problem: int) -> None:
    as_of_an_earlier_release(journey)

    assert days(journey) == [("rectify", DUE_ON)]
    sweep(journey, THE_DAY_AFTER)
    assert offices(journey) == ["unit_head"]
    assert days(journey) == [("escalate_department", date(2023, 1, 9))]


def test_one_that_was_long_late_by_then_is_late_from_now_on(journey: Journey, problem: int) -> None:
    later = shanghai(2023, 5, 8)
    with journey.office.transactions() as session:
        record_outside_cases(session, "huaxi", [NoteRecorded(text="示例")], by=journey.office.bureau.office, at=later)
    as_of_an_earlier_release(journey)

    sweep(journey, later + timedelta(hours=1))

    assert offices(journey) == ["unit_head"]
    assert days(journey) == [("escalate_department", date(2023, 5, 15))]


def test_one_that_was_reported_by_then_waits_for_finance(journey: Journey, problem: int) -> None:
    report(journey, problem)

    as_of_an_earlier_release(journey)

    assert days(journey) == []
