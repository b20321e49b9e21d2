"""待定的截止日: every page that shows a day says what it waits for, where it cannot be counted yet."""

from flask import Flask

from engine.clock import shanghai
from engine.words import Role
from tests.integration.desk import deadline, the_task
from tests.office import Office
from tests.pages.administration.conftest import Before
from tests.pages.visitor import signed_in

WAITS = "5 个工作日，待 2027 年放假安排确认后确定"


def test_every_page_with_a_day_says_that_it_waits_for_the_year(app: Flask, office: Office, before: Before) -> None:
    office.clock.move_to(shanghai(2026, 12, 28))
    case = office.open_case()
    office.reach(case, "target_filing.check_target")
    task, day = the_task(office, case, "check_target"), deadline(office, case, "target_filing.check")
    department = signed_in(app, office.bureau.department)
    operator, finance = before(Role.OPERATOR), before(Role.PERFORMANCE_OFFICE)

    pages = {
        "work": department.get("/tasks").text,
        "review": department.get(f"/reviews/{task.id}").text,
        "case": finance.get(f"/cases/{case}?tab=deadlines").text,
        "where it stands": finance.get(f"/cases/{case}").text,
        "why": finance.get(f"/deadlines/{day.id}").text,
        "queue": operator.get("/operations/deadlines").text,
    }

    assert {name: WAITS in page for name, page in pages.items()} == dict.fromkeys(pages, True)
    assert "12月28日（周一）起算，当日不计，到12月31日（周四）是第 3 日" in pages["why"]
    assert "/calendars/2027" in pages["why"]
    assert "延长期限" in pages["case"]
    assert "申请延期" not in pages["case"]


def test_the_year_that_is_waited_for_says_how_many_days_wait(app: Flask, office: Office, before: Before) -> None:
    office.clock.move_to(shanghai(2026, 12, 28))
    office.reach(office.open_case(), "target_filing.check_target")

    page = before(Role.OPERATOR).get("/calendars/2027").text

    assert "个期限在等这一年" in page
    assert "现在没有期限落在这一年" not in page


def test_a_year_that_ought_to_be_confirmed_is_told_with_who_has_to_act_where_the_clock_and_the_calendar_are_looked_at(
    office: Office, before: Before
) -> None:
    office.clock.move_to(shanghai(2026, 12, 28))
    case = office.open_case()
    office.reach(case, "target_filing.check_target")
    clock, calendar = before(Role.OPERATOR).get("/operations").text, before(Role.SYSTEM_ADMIN).get("/calendars").text

    assert "要留意的日子" in clock
    for page in (clock, calendar):
        assert '<a href="/calendars/2027">2027 年放假安排</a>还没有确认，1 个期限等它定日。' in page
        assert "请系统管理员按放假通知录入，再由另一位系统管理员或财政绩效股确认" in page
