"""催办: who has to keep a day is reminded on the days the table names, once each, and by the day as it was moved."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from engine.cases import Case
from engine.clock import start_of_day
from engine.commands.extend_all import extend_all
from engine.commands.extend_deadline import extend_deadline
from engine.commands.fire_due import fire_due
from engine.commands.resume import resume
from engine.commands.suspend import suspend
from engine.deadlines.model import Deadline
from engine.moves.due import calendar_of
from engine.moves.firing import remind_in
from engine.moves.move import Move
from engine.queries.case_timeline import case_timeline
from engine.queries.due_everywhere import due_until, next_instant
from engine.store.database import ChangedMeanwhile
from tests.integration.desk import deadline, events, prepared, project_at, sound, steps
from tests.office import Office

NAME = "target_filing.fill"


@pytest.fixture
def office(database: Any) -> Iterator[Office]:
    office = Office.opened(database)
    yield office
    sound(office)


@pytest.fixture
def case(office: Office) -> int:
    return project_at(office, "fill_target")


def days_of(office: Office, case: int) -> list[date]:
    return [date.fromisoformat(day) for day in deadline(office, case, NAME).plan["reminders"]]


def sweep(office: Office, at: datetime, **how: Any) -> int:
    return fire_due(office.transactions, at=at, **how)


def noon(on: date) -> datetime:
    return start_of_day(on) + timedelta(hours=12)


def reminded(office: Office, case: int) -> list[date]:
    told = office.journal(case, "deadline.reminded")
    return [date.fromisoformat(entry.payload["on"]) for entry in told if entry.payload["deadline"] == NAME]


def test_every_reminder_day_reminds_once_however_often_is_swept(office: Office, case: int) -> None:
    before = [day for day in days_of(office, case) if day <= deadline(office, case, NAME).due_on]

    for day in before:
        for hour in (0, 12, 23):
            sweep(office, start_of_day(day) + timedelta(hours=hour))
        sweep(office, noon(day + timedelta(days=1)))

    assert len(before) == 3
    assert reminded(office, case) == before
    assert steps(office, case) == ["fill_target"]


def test_after_a_standstill_only_the_latest_day_is_reminded_of(office: Office, case: int) -> None:
    *_, latest = (day for day in days_of(office, case) if day <= deadline(office, case, NAME).due_on)

    fired = sweep(office, noon(latest))

    assert fired == 0
    assert reminded(office, case) == [latest]


def test_who_let_a_day_pass_is_reminded_on_the_days_after_it_that_the_table_names(office: Office, case: int) -> None:
    due_on, last = deadline(office, case, NAME).due_on, days_of(office, case)[-1]

    for day in (due_on + timedelta(days=1), last, last, last + timedelta(days=1)):
        sweep(office, noon(day))

    assert last > due_on
    assert reminded(office, case) == [last]
    assert len(events(office, case, "deadline.fired")) == 1
    with office.transactions() as session:
        told = [line.sentence for line in case_timeline(session, office.bureau.clerk, case)]
    assert f"催办：期限“绩效目标申报·填报”已于{due_on}届满，请尽快办结" in told


def test_where_the_plan_says_daily_every_working_day_after_the_day_reminds_until_the_work_is_done(
    office: Office, case: int
) -> None:
    row = deadline(office, case, NAME)
    with office.transactions() as session:
        daily = session.get_one(Deadline, row.id)
        daily.plan = {**daily.plan, "daily": True}
    after = [row.due_on + timedelta(days=number) for number in range(1, 15)]  # the holidays of October among them

    for day in after[:-1]:
        sweep(office, noon(day))
    office.clock.move_to(noon(after[-2]))
    office.do(case, "fill_target")
    office.do(case, "confirm_target")
    sweep(office, noon(after[-1]))

    with office.transactions() as session:
        worked = [day for day in after[:-1] if calendar_of(session).is_working_day(day)]
    assert reminded(office, case) == worked
    assert deadline(office, case, NAME).remind_at is None


def test_of_days_after_the_day_that_nobody_swept_the_latest_is_reminded_of(office: Office, case: int) -> None:
    row = deadline(office, case, NAME)
    with office.transactions() as session:
        daily = session.get_one(Deadline, row.id)
        daily.plan = {**daily.plan, "daily": True}

    for _ in range(2):
        sweep(office, noon(date(2020, 10, 8)))  # the last day of the holidays

    assert reminded(office, case) == [date(2020, 9, 30)]


def test_who_had_the_work_taken_away_is_reminded_of_nothing_more(office: Office, case: int) -> None:
    sweep(office, noon(deadline(office, case, "target_filing.budget_gate").due_on + timedelta(days=1)))

    rows = [deadline(office, case, name) for name in (NAME, "target_filing.budget_gate")]
    sweep(office, noon(date(2020, 12, 31)))

    assert rows[1].remind_at is None
    assert deadline(office, case, NAME).remind_at is None
    assert reminded(office, case) == []


def test_nobody_is_reminded_of_a_day_that_was_kept(office: Office, case: int) -> None:
    first = days_of(office, case)[0]
    office.do(case, "fill_target")
    office.do(case, "confirm_target")

    sweep(office, noon(first))

    assert reminded(office, case) == []


def test_a_suspended_case_reminds_nobody_until_it_goes_on(office: Office, case: int) -> None:
    first, second = days_of(office, case)[:2]
    finance = {"reason": "示例：待定", "by": office.bureau.office, "at": office.now}
    with office.transactions() as session:
        suspend(session, case, **finance)
    sweep(office, noon(second))
    still = reminded(office, case)
    with office.transactions() as session:
        resume(session, case, **finance)

    sweep(office, noon(second))

    assert (still, reminded(office, case)) == ([], [second])
    assert first < second


def test_two_sweeps_at_once_remind_once(office: Office, case: int) -> None:
    row, first = deadline(office, case, NAME), days_of(office, case)[0]

    with office.transactions() as session:
        session.get_one(Case, case, with_for_update=True)
        sweep(office, noon(first))
        left_alone = reminded(office, case)
    sweep(office, noon(first))
    with office.transactions() as session:
        late = Move(session, session.get_one(Case, case), None, noon(first))
        remind_in(late, row)
        with pytest.raises(ChangedMeanwhile):
            late.write()
        session.rollback()

    assert (left_alone, reminded(office, case)) == ([], [first])


def test_cases_are_reminded_in_batches_(office: Office, case: int) -> None:
    cases = [case, *(project_at(office, "fill_target") for _ in range(4))]
    first = days_of(office, case)[0]

    sweep(office, noon(first), chunk=2)

    assert [reminded(office, each) for each in cases] == [[first]] * 5


def test_after_an_extension_the_reminder_days_follow_the_new_day(office: Office, case: int) -> None:
    row = deadline(office, case, NAME)
    old, until = days_of(office, case), row.due_on + timedelta(days=28)
    with office.transactions() as session:
        extend_deadline(session, row.id, until, reason="示例：系统升级", by=office.bureau.office, at=office.now)

    new = [day for day in days_of(office, case) if day <= until]
    for day in (*old, *new):
        sweep(office, noon(day))

    assert set(new).isdisjoint(old)
    assert [(until - day).days < 28 for day in new] == [True] * 3
    assert reminded(office, case) == new


def test_after_an_extension_of_all_the_reminder_days_follow_as_well(office: Office, case: int) -> None:
    row = deadline(office, case, NAME)
    until = row.due_on + timedelta(days=28)
    other = project_at(office, "fill_target")
    with office.transactions() as session:
        extend_deadline(session, row.id, until, reason="示例", by=office.bureau.office, at=office.now)
    alone = deadline(office, case, NAME)

    with office.transactions() as session:
        extend_all(session, 2021, NAME, until, reason="示例：系统升级", by=office.bureau.office, at=office.now)

    together = deadline(office, other, NAME)
    assert (together.plan, together.remind_at, together.due_at) == (alone.plan, alone.remind_at, alone.due_at)


def test_an_extension_into_a_year_without_a_calendar_leaves_no_reminders(office: Office, case: int) -> None:
    row = deadline(office, case, NAME)
    with office.transactions() as session:
        session.get_one(Deadline, row.id).laid_down_on = date(2034, 9, 1)

    with office.transactions() as session:
        extend_deadline(
            session, row.id, date(2035, 6, 1), reason="示例", by=office.bureau.office, at=office.now
        )  # fmt: skip

    moved = deadline(office, case, NAME)
    assert (moved.due_on, moved.plan, moved.remind_at) == (date(2035, 6, 1), {"reminders": []}, None)


def test_the_clock_is_told_the_next_instant_reminders_included(office: Office, case: int) -> None:
    first, second = days_of(office, case)[:2]
    with office.database.lookout() as session:
        before = next_instant(session)
        (due,) = due_until(session, noon(first))
    sweep(office, noon(first))
    with office.database.lookout() as session:
        after = next_instant(session)
        left = due_until(session, noon(first))

    assert (before, after) == (start_of_day(first), start_of_day(second))
    assert (due.case_id, due.due_at, due.reminder, left) == (case, start_of_day(first), True, [])


def test_the_clock_is_told_of_reminders_after_the_day_too_until_the_work_is_done(office: Office, case: int) -> None:
    last = days_of(office, case)[-1]
    office.let_pass(case, NAME)

    with office.database.lookout() as session:
        coming, (due,) = next_instant(session), due_until(session, noon(last))
    office.do(case, "fill_target")
    office.do(case, "confirm_target")
    with office.database.lookout() as session:
        left = [each for each in due_until(session, noon(last)) if each.deadline_id == due.deadline_id]

    assert coming == start_of_day(last)
    assert (due.case_id, due.due_at, due.reminder) == (case, start_of_day(last), True)
    assert left == []


def test_who_opened_the_page_before_a_reminder_can_still_hand_in(office: Office, case: int) -> None:
    done, seen = prepared(office, case, "fill_target"), office.case(case).journal_seq
    sweep(office, noon(days_of(office, case)[0]))
    assert office.case(case).journal_seq > seen

    with office.transactions() as session:
        receipt = done.done(session, office, expected=seen)

    assert receipt.version == office.case(case).journal_seq


def test_after_a_reminder_it_does_not_matter_that_another_case_went_on(office: Office, case: int) -> None:
    done, seen = prepared(office, case, "fill_target"), office.case(case).journal_seq
    other = project_at(office, "fill_target")
    office.do(other, "fill_target")
    sweep(office, noon(days_of(office, case)[0]))
    assert office.case(other).journal_seq > seen

    with office.transactions() as session:
        receipt = done.done(session, office, expected=seen)

    assert receipt.version == office.case(case).journal_seq


def test_the_journal_says_it_in_words(office: Office, case: int) -> None:
    first, due_on = days_of(office, case)[0], deadline(office, case, NAME).due_on
    sweep(office, noon(first))

    with office.transactions() as session:
        told = [line.sentence for line in case_timeline(session, office.bureau.clerk, case)]

    assert any("催办" in sentence and str(due_on) in sentence for sentence in told)


def test_who_never_has_a_reminder_to_come_is_not_looked_at(office: Office, case: int) -> None:
    with office.transactions() as session:
        session.get_one(Deadline, deadline(office, case, NAME).id).remind_at = None

    assert sweep(office, noon(days_of(office, case)[0])) == 0
    assert reminded(office, case) == []
