"""要留意的日子: years without holidays, policies that end and results to be made public are told before it is late."""

from datetime import date, timedelta

import pytest

from engine.clock import shanghai
from engine.commands.cancel import cancel
from engine.commands.fire_due import fire_due
from engine.deadlines.notices import days_of_notice
from engine.directory import Actor
from engine.moves.lookahead import YearToConfirm
from engine.queries.ahead import Ahead, ahead, calendar_gaps
from engine.store import Database
from engine.words import CaseKind
from tests.integration.commands.test_keeping_calendars import confirmed, drafted, somebody
from tests.integration.desk import deadline
from tests.office import Office

NEXT = 2027
ENDS_ON = date(2021, 12, 31)
"""When the policy of the example ends, by its ex-ante report."""
CALLED_UP = ENDS_ON - timedelta(days=180)


@pytest.fixture
def office(database: Database) -> Office:
    return Office.opened(database)


def near(office: Office, on: date, actor: Actor | None = None) -> Ahead:
    with office.transactions() as session:
        return ahead(session, actor or office.bureau.office, on=on)


def gaps(office: Office, on: date) -> tuple[YearToConfirm, ...]:
    with office.transactions() as session:
        return calendar_gaps(session, office.bureau.clerk, on=on)


def test_the_holidays_of_the_next_year_are_wanted_from_december_on(office: Office) -> None:
    assert gaps(office, date(2026, 11, 30)) == ()
    assert gaps(office, date(2026, 12, 1)) == (YearToConfirm(NEXT, 0, drafted=False),)


def test_a_year_some_deadline_waits_for_is_wanted_at_once_until_two_have_confirmed_it(office: Office) -> None:
    office.clock.move_to(shanghai(2026, 12, 10))
    case = office.open_case(fiscal_year=2028)
    office.reach(case, "target_filing.fill_target")
    writer, second = somebody(office, "示例起草人"), somebody(office, "示例确认人")
    waiting = sum(day.awaits_year == NEXT for day in office.deadlines(case))

    before = gaps(office, date(2026, 11, 30))
    drafted(office, writer, NEXT, days_of_notice("元旦：1月1日至3日放假。", NEXT))
    with_a_draft = gaps(office, date(2026, 11, 30))
    confirmed(office, second, NEXT)

    assert before == (YearToConfirm(NEXT, waiting, drafted=False),)
    assert with_a_draft == (YearToConfirm(NEXT, waiting, drafted=True),)
    assert waiting > 0
    assert gaps(office, date(2026, 12, 30)) == ()


@pytest.fixture
def policy(office: Office) -> int:
    """A policy that was assessed before it began and runs until the end of its year."""
    case = office.open_case(CaseKind.POLICY, code="示例-政策", project_nature="new")
    office.reach(case, "target_filing.fill_target")
    return case


def named(office: Office, on: date) -> list[tuple[int, date]]:
    return [(each.case_id, each.ends_on) for each in near(office, on).policies]


def test_a_policy_is_told_from_the_day_of_its_first_notice_until_a_year_after_its_end(
    office: Office, policy: int
) -> None:
    days = [CALLED_UP - timedelta(days=1), CALLED_UP, ENDS_ON + timedelta(days=365), ENDS_ON + timedelta(days=366)]

    assert [named(office, on) for on in days] == [[], [(policy, ENDS_ON)], [(policy, ENDS_ON)], []]


@pytest.mark.parametrize(
    "same", [{"code": "示例-政策"}, {"code": "示例-另一编码", "name": "示例：养老服务补贴办法示例-政策"}]
)
def test_a_policy_somebody_began_to_evaluate_is_told_no_more_unless_that_was_given_up(
    office: Office, policy: int, same: dict[str, str]
) -> None:
    again = office.open_case(CaseKind.POLICY, fiscal_year=2022, policy_ends_on=ENDS_ON.isoformat(), **same)
    begun = named(office, CALLED_UP)

    with office.transactions() as session:
        cancel(session, again, reason="示例：误建", by=office.bureau.office, at=office.now)

    assert begun == []
    assert named(office, CALLED_UP) == [(policy, ENDS_ON)]


def test_a_result_is_told_from_its_first_reminder_day_until_it_is_made_public(database: Database) -> None:
    office = Office.opened(database, "conghua")
    case = office.open_case(CaseKind.WHOLE_DEPARTMENT)
    office.reach(case, "result_use.publish_result")
    day = deadline(office, case, "result_use.publish")
    assert day.due_on is not None
    first = date.fromisoformat(day.plan["reminders"][0])
    days = [first - timedelta(days=1), first, day.due_on]

    told = [[each.due_on for each in near(office, on).publications] for on in days]

    assert told == [[], [day.due_on], [day.due_on]]
    fire_due(office.transactions, at=day.due_at)
    assert [each.case_id for each in near(office, day.due_on + timedelta(days=30)).publications] == [case]
    office.do(case, "publish_result")
    assert near(office, day.due_on + timedelta(days=30)).publications == ()


def test_where_nothing_is_near_that_is_said(office: Office) -> None:
    assert near(office, office.today).is_clear
