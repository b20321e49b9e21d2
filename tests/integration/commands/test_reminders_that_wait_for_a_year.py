"""A reminder that falls into a year nobody confirmed waits as its deadline does, and comes with the year."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from engine.clock import day_of, first_late, shanghai, start_of_day
from engine.commands.extend_deadline import extend_deadline
from engine.commands.fire_due import fire_due
from engine.deadlines.model import Deadline
from engine.deadlines.notices import days_of_notice
from engine.moves.dating import waiting_in
from engine.moves.lookahead import years_to_confirm
from engine.policies import Policies
from engine.stages import Library
from engine.store import Database
from engine.tasks import Task
from engine.words import DeadlineState
from tests.integration.commands.test_keeping_calendars import confirmed, drafted, somebody
from tests.integration.desk import deadline, sound
from tests.office import Office

BEGUN = shanghai(2026, 12, 24)
"""Five working days before the end of the year."""
NEXT = 2027
NEW_YEAR = days_of_notice("元旦：1月1日至3日放假。", NEXT)
CHECK, CHECKING = "target_filing.check", "target_filing.check_target"
PASSED = date(2027, 1, 1)


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    office = Office.opened(database)
    yield office
    sound(office)


@pytest.fixture
def case(office: Office) -> int:
    """A target to be checked by the last day of the year; the table reminds once more on the next working day."""
    return to_be_checked(office)


def to_be_checked(office: Office) -> int:
    office.clock.move_to(shanghai(2026, 12, 1))
    case = office.open_case(fiscal_year=2028)
    office.reach(case, "target_filing.fill_target")
    office.clock.move_to(BEGUN)
    office.reach(case, CHECKING)
    return case


@pytest.fixture
def daily(office: Office) -> int:
    """The same where the table says that every working day after the day reminds."""
    library, table = office.database.parts["library"], "decisions/deadline.dmn"
    files = library.policies.of("huaxi").to_files()
    row = files[table].decode().partition('"national_deadline_target_filing_check"')
    said = "".join([*row[:2], row[2].replace('"-1 +1"', '"-1 +1*"', 1)])
    newer = Library(library.diagrams, Policies.from_files(files | {table: said.encode()}))
    with office.database.upkeep() as session:
        newer.keep(session, office.now)
        office.database.freshen(session)
    return to_be_checked(office)


def the_year_is_confirmed(office: Office, at: datetime) -> None:
    office.clock.move_to(at)
    drafted(office, somebody(office, "示例起草人"), NEXT, NEW_YEAR)
    confirmed(office, somebody(office, "示例确认人"), NEXT)


def sweep(office: Office, on: date) -> int:
    return fire_due(office.transactions, at=start_of_day(on) + timedelta(hours=9))


def reminded(office: Office, case: int) -> list[tuple[str, date]]:
    """The reminder days that were told of the check, each with the day on which it was told."""
    told = [each for each in office.journal(case, "deadline.reminded") if each.payload["deadline"] == CHECK]
    return [(each.payload["on"], day_of(each.at)) for each in told]


def test_a_reminder_after_the_day_waits_for_the_year_and_comes_on_its_day(office: Office, case: int) -> None:
    assert deadline(office, case, CHECK).due_on == date(2026, 12, 31)
    sweep(office, PASSED)
    waiting = deadline(office, case, CHECK)
    assert (waiting.state, waiting.remind_at, waiting.awaits_year) == (DeadlineState.FIRED, None, NEXT)

    the_year_is_confirmed(office, shanghai(2027, 1, 2))

    dated = deadline(office, case, CHECK)
    assert (dated.remind_at, dated.awaits_year) == (start_of_day(date(2027, 1, 4)), None)
    before = reminded(office, case)
    sweep(office, date(2027, 1, 4))
    assert reminded(office, case)[len(before) :] == [("2027-01-04", date(2027, 1, 4))]
    assert office.journal(case, "deadline.dated") == []


def test_one_whose_day_is_over_when_the_year_is_confirmed_comes_then_and_once(office: Office, case: int) -> None:
    sweep(office, PASSED)

    the_year_is_confirmed(office, shanghai(2027, 1, 7))
    sweep(office, date(2027, 1, 7))
    sweep(office, date(2027, 1, 8))

    assert reminded(office, case) == [("2027-01-04", date(2027, 1, 7))]


def test_where_every_working_day_reminds_they_go_on_with_the_year(office: Office, daily: int) -> None:
    for day in (PASSED, date(2027, 1, 2), date(2027, 1, 4)):
        sweep(office, day)
    assert reminded(office, daily) == []

    the_year_is_confirmed(office, shanghai(2027, 1, 5))
    for day in (date(2027, 1, 5), date(2027, 1, 6), date(2027, 1, 7)):
        sweep(office, day)

    assert reminded(office, daily) == [
        ("2027-01-05", date(2027, 1, 5)), ("2027-01-06", date(2027, 1, 6)), ("2027-01-07", date(2027, 1, 7)),
    ]  # fmt: skip


def test_daily_reminders_stop_at_the_end_of_what_is_known_and_go_on_from_there(office: Office, daily: int) -> None:
    two_days_earlier(office, daily)
    for day in (date(2026, 12, 30), date(2026, 12, 31)):
        sweep(office, day)
    assert deadline(office, daily, CHECK).awaits_year == NEXT

    the_year_is_confirmed(office, shanghai(2027, 1, 4))
    sweep(office, date(2027, 1, 4))

    assert [on for on, _ in reminded(office, daily)] == ["2026-12-30", "2026-12-31", "2027-01-04"]


def test_one_nobody_swept_before_the_year_began_is_told_with_its_own_day(office: Office, daily: int) -> None:
    two_days_earlier(office, daily)
    sweep(office, date(2026, 12, 30))

    sweep(office, date(2027, 1, 2))

    assert reminded(office, daily)[1:] == [("2026-12-31", date(2027, 1, 2))]


def two_days_earlier(office: Office, case: int) -> None:
    """The check is due on 29 December: its named reminder and the first of every day are still days of this year."""
    with office.transactions() as session:
        row = session.get_one(Deadline, deadline(office, case, CHECK).id)
        row.due_on, row.due_at = date(2026, 12, 29), first_late(date(2026, 12, 29))
        row.plan, row.awaits_year, row.remind_at = {"reminders": ["2026-12-30"], "daily": True}, None, None
        session.get_one(Task, row.task_id).due_on = row.due_on


def test_a_reminder_before_a_day_that_was_given_comes_when_its_year_is_confirmed(office: Office, case: int) -> None:
    with office.transactions() as session:
        by = office.bureau.office
        extend_deadline(
            session, deadline(office, case, CHECK).id, date(2027, 1, 8), reason="示例：停电", by=by, at=office.now
        )
    before = reminded(office, case)

    the_year_is_confirmed(office, shanghai(2027, 1, 7))
    for day in (date(2027, 1, 7), date(2027, 1, 8)):
        sweep(office, day)

    assert reminded(office, case)[len(before) :] == [("2027-01-07", date(2027, 1, 7))]


def test_work_that_is_done_waits_for_no_year(office: Office, case: int) -> None:
    sweep(office, PASSED)
    with office.transactions() as session:
        assert [year.waiting for year in years_to_confirm(session, "huaxi", PASSED)] != [0]
        waiting = [row.name for row in session.scalars(waiting_in("huaxi"))]

    office.clock.move_to(shanghai(2027, 1, 2))
    office.do(case, "check_target")
    with office.transactions() as session:
        still = [row.name for row in session.scalars(waiting_in("huaxi"))]
    the_year_is_confirmed(office, shanghai(2027, 1, 2, 12))

    assert (CHECK in waiting, CHECK in still) == (True, False)
    assert deadline(office, case, CHECK).remind_at is None


def test_a_day_that_was_put_off_waits_no_more_for_the_reminder_of_the_old_one(office: Office, case: int) -> None:
    sweep(office, PASSED)
    office.clock.move_to(shanghai(2027, 1, 2))
    with office.transactions() as session:
        by = office.bureau.office
        extend_deadline(
            session, deadline(office, case, CHECK).id, date(2027, 1, 20), reason="示例：停电", by=by, at=office.now
        )

    the_year_is_confirmed(office, shanghai(2027, 1, 4))

    again = deadline(office, case, CHECK)
    assert (again.state, again.remind_at, again.awaits_year) == (
        DeadlineState.PENDING, start_of_day(date(2027, 1, 19)), None,
    )  # fmt: skip
