"""手机日历: at an address shown once a phone reads the days of its person, and hears when one moves or is no more."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import vobject
from cryptography.fernet import Fernet
from icalendar import Calendar
from sqlalchemy import text
from werkzeug.test import TestResponse

from engine.accounts import close_account, keys_from, open_account
from engine.commands.claim import claim
from engine.commands.extend_deadline import extend_deadline
from engine.commands.open_rectification import open_rectification
from engine.commands.suspend import suspend
from engine.directory import Person, Unit
from engine.moves.rectifying import Found
from engine.store import Database
from engine.words import Role
from tests.factories import person_in
from tests.integration.desk import project_at
from tests.office import Office
from tests.pages.pages_over import pages_over
from tests.pages.visitor import Visitor, signed_in
from web.pages.calendar_feeds import PER_HOUR
from web.pages.scanning import qr_code
from web.visits import Site

HERE = "/settings/notifications"
ADDRESS = re.compile(r'value="(https://jixiao\.example\.com(/calendar-feeds/[^"]+\.ics))"')
NAME = "示例：社区养老服务站建设经费P-1"


@pytest.fixture
def site(database: Database, office: Office) -> Site:
    keys = keys_from(Fernet.generate_key().decode())
    return Site(database, keys, office.clock, office.clock, pages="https://jixiao.example.com")


@pytest.fixture
def case(office: Office) -> int:
    """A target waits to be filled in by the clerk's unit."""
    return project_at(office, "fill_target")


@pytest.fixture
def clerk(site: Site, office: Office, case: int) -> Visitor:
    return signed_in(pages_over(site), office.bureau.clerk)


def taken(visitor: Visitor) -> str:
    """The path of a new calendar address."""
    page = visitor.post(f"{HERE}/calendar", {"do": "new"}).text
    found = ADDRESS.search(page)
    assert found is not None
    assert qr_code(found[1]) in page
    return found[2]


def read(visitor: Visitor, path: str) -> TestResponse:
    """What a phone is answered: it has no cookie."""
    return visitor.app.test_client().get(path)


def days(visitor: Visitor, path: str) -> list[dict[str, Any]]:
    """The days of a calendar as the library reads them that did not write it."""
    events = vobject.readOne(read(visitor, path).get_data(as_text=True)).contents.get("vevent", [])
    return [
        {
            "uid": event.uid.value, "words": event.summary.value, "on": event.dtstart.value, "until": event.dtend.value,
            "sequence": int(event.sequence.value), "status": event.status.value, "link": event.url.value,
        }
        for event in events
    ]  # fmt: skip


def test_a_phone_reads_the_days_of_its_person_and_nothing_but_object_step_day_and_link(
    office: Office, clerk: Visitor, case: int
) -> None:
    (task,) = office.tasks(case)
    path = taken(clerk)

    answer = read(clerk, path)
    (day,) = days(clerk, path)

    assert answer.content_type == "text/calendar; charset=utf-8"
    assert "Set-Cookie" not in answer.headers
    assert day == {
        "uid": f"{task.id}@jixiao.invalid", "words": f"{NAME}：填报绩效目标截止", "on": task.due_on,
        "until": (task.due_on or date.max) + timedelta(days=1), "sequence": 0, "status": "CONFIRMED",
        "link": f"https://jixiao.example.com/tasks/{task.id}",
    }  # fmt: skip
    plain = answer.get_data(as_text=True)
    assert not re.search(r"万元|得分|意见|300", plain.replace(str(task.id), ""))
    assert [str(each["summary"]) for each in Calendar.from_ical(plain).walk("vevent")] == [day["words"]]


def test_a_day_that_moves_is_told_under_its_name_with_the_next_number(
    office: Office, clerk: Visitor, case: int
) -> None:
    path = taken(clerk)
    (before,) = days(clerk, path)
    (task,) = office.tasks(case)

    with office.transactions() as session:
        deadline = session.scalar(text("SELECT id FROM deadlines WHERE task_id = :task"), {"task": task.id})
        later = before["on"] + timedelta(days=7)
        extend_deadline(session, deadline, until=later, reason="示例", by=office.bureau.office, at=office.now)
    (after,) = days(clerk, path)
    (again,) = days(clerk, path)

    assert (after["uid"], after["sequence"], after["on"]) == (before["uid"], 1, later)
    assert again == after


def test_a_day_somebody_else_keeps_from_now_on_is_cancelled(office: Office, clerk: Visitor, case: int) -> None:
    with office.transactions() as session:
        colleague = person_in(session, session.get_one(Unit, office.bureau.unit_id), "吴经办", Role.UNIT_CLERK)
    path, theirs = taken(clerk), taken(signed_in(clerk.app, colleague))
    (before,), (of_both,) = days(clerk, path), days(clerk, theirs)

    with office.transactions() as session:
        claim(session, office.tasks(case)[0].id, by=colleague, at=office.now)
    (after,) = days(clerk, path)

    assert of_both["uid"] == before["uid"]
    assert (after["uid"], after["sequence"], after["status"]) == (before["uid"], 1, "CANCELLED")
    assert [day["status"] for day in days(clerk, theirs)] == ["CONFIRMED"]

    office.clock.move_to(office.now + timedelta(days=31))
    assert [day["status"] for day in days(clerk, path)] == []


def test_what_lies_still_has_no_day(office: Office, clerk: Visitor, case: int) -> None:
    path = taken(clerk)
    days(clerk, path)

    with office.transactions() as session:
        suspend(session, case, reason="示例", by=office.bureau.office, at=office.now)

    assert [day["status"] for day in days(clerk, path)] == ["CANCELLED"]


def test_the_address_is_shown_once_and_kept_nowhere(office: Office, clerk: Visitor) -> None:
    shown = clerk.post(f"{HERE}/calendar", {"do": "new"}).text
    token = ADDRESS.findall(shown)[0][1].rsplit("/", 1)[1].removesuffix(".ics")

    assert len(token) >= 43
    assert token not in clerk.get(HERE).text
    with office.database.upkeep() as session:
        kept = session.execute(text("SELECT cast(f AS text) || coalesce((SELECT string_agg(cast(d AS text), ' ') "
                                    "FROM done_commands AS d), '') FROM calendar_feeds AS f")).scalar_one()  # fmt: skip
    assert token not in kept


def test_another_address_and_an_end_make_the_one_before_worth_nothing(clerk: Visitor) -> None:
    first = taken(clerk)
    (day,) = days(clerk, first)
    second = taken(clerk)

    assert [read(clerk, path).status_code for path in (first, second)] == [404, 200]
    assert days(clerk, second) == [day]

    clerk.post(f"{HERE}/calendar", {"do": "end"})

    assert "生成地址" in clerk.get(HERE).text
    assert read(clerk, second).status_code == 404


def test_who_left_has_no_calendar_and_a_wrong_address_is_answered_the_same(
    office: Office, clerk: Visitor, site: Site
) -> None:
    path = taken(clerk)
    office_of = office.bureau
    with office.transactions() as session:
        admin = person_in(session, session.get_one(Unit, office_of.finance_id), "赵系统", Role.SYSTEM_ADMIN)
        person = session.get_one(Person, office_of.clerk.person_id)
        open_account(session, person, "花溪河上的石桥又旧又弯又长", by=None, at=office.now)
        close_account(session, person.id, by=admin, at=office.now)

    gone = read(clerk, path)
    wrong = [
        read(clerk, "/calendar-feeds/huaxi/" + "x" * 43 + ".ics"), read(clerk, "/calendar-feeds/nowhere/x.ics"),
        read(clerk, path.replace("huaxi", "conghua")), read(clerk, "/calendar-feeds/huaxi/" + "x" * 5000 + ".ics"),
    ]  # fmt: skip

    assert gone.status_code == 404
    assert {(each.status_code, each.data) for each in wrong} == {(404, gone.data)}


def test_whoever_asks_too_often_is_told_to_come_later(office: Office, clerk: Visitor) -> None:
    path = taken(clerk)

    answers = [read(clerk, path).status_code for _ in range(PER_HOUR + 1)]
    late = read(clerk, path)
    office.clock.move_to(office.now + timedelta(hours=1, seconds=1))

    assert answers == [200] * PER_HOUR + [429]
    assert late.headers["Retry-After"] == "3600"
    assert read(clerk, path).status_code == 200


def test_the_page_says_when_a_phone_last_came(office: Office, clerk: Visitor) -> None:
    path = taken(clerk)
    before = clerk.get(HERE).text
    read(clerk, path)

    assert "还没有手机来取过" in before
    assert "手机最近 9月1日 09:00 来取过" in clerk.get(HERE).text


def test_who_holds_no_office_has_an_empty_calendar(office: Office, site: Site, clerk: Visitor) -> None:
    path = taken(clerk)
    with office.database.upkeep() as session:
        session.execute(text("DELETE FROM appointments WHERE person_id = :who"), {"who": office.bureau.clerk.person_id})

    assert days(clerk, path) == []


def test_a_problem_to_be_put_right_has_its_day_in_the_calendar_of_its_unit(office: Office, site: Site) -> None:
    case = project_at(office, "fill_target")
    with office.transactions() as session:
        open_rectification(
            session, case, Found("audit", "funds", "示例问题", "示例要求", date(2020, 11, 30)), by=office.bureau.office,
            at=office.now,
        )  # fmt: skip
    clerk = signed_in(pages_over(site), office.bureau.clerk)

    found = [day for day in days(clerk, taken(clerk)) if "整改" in day["words"]]

    assert [(day["on"], day["words"].startswith(f"{NAME}：整改")) for day in found] == [(date(2020, 11, 30), True)]
    assert clerk.get(found[0]["link"].removeprefix("https://jixiao.example.com")).status_code == 200
