"""演示时钟: 推进一个工作日 lets what is due happen once, for all servers of the demo, and exists nowhere else."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from lxml import html

from engine.accounts import keys_from
from engine.clock import shanghai
from engine.commands.fire_due import fire_due
from engine.deadlines.model import Deadline
from engine.directory import Actor
from engine.rehearsal.demo import ACCOUNTS, COMPANIONS, STORIES
from engine.rehearsal.demo_clock import DemoClock, move_demo_clock, stands_at
from engine.words import DeadlineState, Role
from tests.office import Office
from tests.pages.administration.conftest import Before, Somebody
from tests.pages.pages_over import pages_over
from tests.pages.visitor import Visitor, signed_in
from web.visits import Site
from web.visits.site import Demo

Pages = Callable[[date], Flask]
BUTTON = "推进一个工作日"


@pytest.fixture
def demo(office: Office) -> Pages:
    """The pages of a demo whose clock begins on a day, as one more process serves them."""
    keys = keys_from(Fernet.generate_key().decode())
    told = Demo("huaxi", {"yunwei": "运维"}, "Yanshi-Huaxi-2022")

    def opened(begins_on: date) -> Flask:
        clock = DemoClock(office.database, "huaxi", nine_on(begins_on))
        return pages_over(Site(office.database, keys, clock, office.clock, demo=told))

    return opened


@pytest.fixture
def operator(somebody: Somebody) -> Actor:
    return somebody(Role.OPERATOR)


@pytest.fixture
def due(office: Office) -> Deadline:
    """The day by which a target has to be filed; it fires with the working day after it."""
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    pending = (each for each in office.deadlines(case) if each.state is DeadlineState.PENDING)
    return min(pending, key=lambda each: each.due_at)


def nine_on(day: date) -> datetime:
    return shanghai(day.year, day.month, day.day)


def press(visitor: Visitor, seen: datetime | None = None) -> int:
    told = {} if seen is None else {"seen": seen.isoformat()}
    return visitor.post("/demo/days", told).status_code


def clock_of(office: Office) -> datetime | None:
    with office.transactions() as session:
        return stands_at(session)


def fired(office: Office, due: Deadline) -> list[str]:
    """What of this case took effect, in its order."""
    return [each.payload["deadline"] for each in office.journal(due.case_id, "deadline.fired")]


def test_a_day_on_fires_what_is_due_once_and_every_server_of_the_demo_has_the_new_day(
    office: Office, demo: Pages, operator: Actor, due: Deadline
) -> None:
    here, elsewhere = (signed_in(demo(due.due_on), operator) for _ in range(2))
    before = elsewhere.get("/operations").text

    answer = here.post("/demo/days", {"seen": nine_on(due.due_on).isoformat()})
    told = here.get("/demo/days").text
    after = elsewhere.get("/operations").text
    fire_due(office.transactions, at=clock_of(office) or office.now)

    assert BUTTON in before
    assert answer.location == "/demo/days"
    assert "1 个期限届满" in told
    assert office.case(due.case_id).name in told
    assert f"演示时钟 {due.due_on.year}年{due.due_on.month}月{due.due_on.day}日" in before
    assert f"演示时钟 {due.due_on.year}年{due.due_on.month}月{due.due_on.day}日" not in after
    assert fired(office, due) == [due.name]


def test_the_clock_skips_days_nobody_works_and_works_on_swapped_ones(
    office: Office, demo: Pages, operator: Actor
) -> None:
    visitor = signed_in(demo(date(2022, 9, 30)), operator)

    days = []
    for _ in range(3):
        press(visitor)
        days.append(clock_of(office))

    assert days == [shanghai(2022, 10, 8), shanghai(2022, 10, 9), shanghai(2022, 10, 10)]


def test_of_two_who_press_at_once_one_moves_the_clock_and_the_other_is_told(
    office: Office, demo: Pages, operator: Actor
) -> None:
    first, second = (signed_in(demo(date(2022, 10, 12)), operator) for _ in range(2))
    seen = shanghai(2022, 10, 12)

    one = first.post("/demo/days", {"seen": seen.isoformat()})
    other = second.post("/demo/days", {"seen": seen.isoformat()})

    assert (one.status_code, other.status_code) == (303, 409)
    assert "演示时钟刚由别人推进到" in other.text
    assert clock_of(office) == shanghai(2022, 10, 13)


def test_a_press_that_died_before_anything_fired_loses_nothing(
    office: Office, demo: Pages, operator: Actor, due: Deadline
) -> None:
    with office.transactions() as session:
        move_demo_clock(session, nine_on(due.due_on), by=operator)
    left = fired(office, due)

    press(signed_in(demo(due.due_on), operator))

    assert (left, fired(office, due)) == ([], [due.name])


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OPERATOR])
def test_only_the_operator_moves_it(demo: Pages, somebody: Somebody, office: Office, role: Role) -> None:
    visitor = signed_in(demo(date(2022, 10, 12)), somebody(role))

    page = visitor.get("/settings/sessions").text

    assert BUTTON not in page
    assert press(visitor) == 403
    assert clock_of(office) is None


def test_without_a_demo_there_is_no_clock_to_move(before: Before, office: Office) -> None:
    visitor = before(Role.OPERATOR)

    page = visitor.get("/operations").text

    assert (visitor.get("/demo/days").status_code, press(visitor)) == (404, 404)
    assert "演示时钟" not in page
    assert clock_of(office) is None


def test_a_year_whose_holidays_nobody_confirmed_is_not_entered(office: Office, demo: Pages, operator: Actor) -> None:
    visitor = signed_in(demo(date(2026, 12, 31)), operator)

    answer = visitor.post("/demo/days", {"seen": shanghai(2026, 12, 31).isoformat()})

    assert answer.status_code == 409
    assert "2027" in answer.text
    assert clock_of(office) is None


@pytest.mark.parametrize("seen", ["", "junk", "2022-10-12", "9" * 5000, "2022-10-12T09:00:00"])
def test_what_a_page_says_it_saw_may_be_nonsense(office: Office, demo: Pages, operator: Actor, seen: str) -> None:
    answer = signed_in(demo(date(2022, 10, 12)), operator).post("/demo/days", {"seen": seen})

    assert answer.status_code == 303
    assert clock_of(office) == shanghai(2022, 10, 13)


def test_the_login_page_tells_of_the_five_stories_first_and_keeps_the_other_accounts_apart(office: Office) -> None:
    told = Demo("huaxi", ACCOUNTS | COMPANIONS, "Yanshi-Huaxi-2022", STORIES)
    keys = keys_from(Fernet.generate_key().decode())
    app = pages_over(Site(office.database, keys, office.clock, office.clock, demo=told))

    page = html.fromstring(app.test_client().get("/login").text)
    cards = page.xpath("//button[contains(@class, 'jx-card')]")
    stories = page.xpath("//ol//button")

    assert [card.xpath("string(small)") for card in cards] == [*ACCOUNTS, *COMPANIONS]
    assert [card.xpath("string(small[2])") for card in stories] == list(STORIES.values())
