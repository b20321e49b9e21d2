"""工作日历 by two people: one pastes the notice, another looks at what it moves and confirms."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from engine.deadlines.model import Deadline
from engine.words import Role
from tests.office import Office
from tests.pages.administration.conftest import PASSWORD, Before
from tests.pages.visitor import Visitor, signed_in
from web.pages.calendar_drafts import LONGEST_NOTICE

NOTICE = "一、元旦：1月1日（周五）至3日（周日）放假，共3天。\n二、春节：2月5日至11日放假调休。2月13日（周六）上班。"
LATER_HOLIDAY = "国庆节：10月1日至7日放假。"
SOURCE = "示例：国办发明电〔2026〕9号"
YEAR = "/calendars/2027"
OVER = re.compile(r'<input type="hidden" name="(expected)" value="([^"]*)">')
HIDDEN = re.compile(r'<input type="hidden" name="(edition|seen)" value="([^"]*)">')


def drafted(visitor: Visitor, address: str = YEAR, notice: str = NOTICE) -> None:
    answer = visitor.post(f"{address}/draft", {"source": SOURCE, "notice": notice})
    assert answer.status_code == 303, answer.text


def confirming(visitor: Visitor, address: str = YEAR) -> dict[str, str]:
    """What the page of confirming sends by itself."""
    return dict(HIDDEN.findall(visitor.get(f"{address}/confirmation").text))


def filing(office: Office) -> tuple[int, Deadline]:
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    return case, next(day for day in office.deadlines(case) if day.name == "target_filing.fill")


def one_week_off(deadline: Deadline) -> tuple[str, str]:
    """The page of the year a deadline runs in, and a notice that frees the week after it began; other days go."""
    on = deadline.started_on
    return f"/calendars/{deadline.due_on.year}", f"示例节：{on.month}月{on.day + 1}日至{on.day + 6}日放假。"


def test_a_year_nobody_recorded_is_written_by_the_system_administrator(before: Before) -> None:
    writer, unit = before(Role.SYSTEM_ADMIN), before(Role.UNIT_CLERK)

    assert "按通知录入" in writer.get(YEAR).text
    assert f"{YEAR}/draft" not in unit.get(YEAR).text
    drafted(writer)

    page = writer.get(YEAR).text
    assert "草稿" in page
    assert "待另一人确认" in page
    assert "2027-02-13" in writer.get(f"{YEAR}/draft").text


def test_a_notice_that_is_too_long_is_kept_nowhere_in_part_and_stays_on_the_page(before: Before) -> None:
    writer = before(Role.SYSTEM_ADMIN)
    notice = NOTICE + "\n" * (LONGEST_NOTICE + 1 - len(NOTICE) - len(LATER_HOLIDAY)) + LATER_HOLIDAY

    answer = writer.post(f"{YEAR}/draft", {"source": SOURCE, "notice": notice})

    assert answer.status_code == 422
    assert f"粘贴的通知有 {LONGEST_NOTICE + 1} 字" in answer.text
    assert LATER_HOLIDAY in answer.text
    assert "待另一人确认" not in writer.get(YEAR).text


def test_a_second_administrator_confirms_with_the_password_and_the_year_counts(before: Before) -> None:
    drafted(before(Role.SYSTEM_ADMIN))
    second = before(Role.SYSTEM_ADMIN)
    page = second.get(f"{YEAR}/confirmation").text

    answer = second.post(f"{YEAR}/confirmation", {**confirming(second), "which": "all", "password": PASSWORD})

    assert "影响 0 个未到期限" in page
    assert answer.status_code == 303
    read = before(Role.UNIT_CLERK).get(YEAR).text
    assert "✓ 已确认" in read
    assert SOURCE in read
    assert "本区录入" in read
    assert "2月13日（周六）" in read


def test_nothing_is_confirmed_with_a_wrong_password(before: Before, office: Office) -> None:
    drafted(before(Role.SYSTEM_ADMIN))
    second = before(Role.SYSTEM_ADMIN)
    office.clock.move_to(office.now + timedelta(minutes=6))

    answer = second.post(f"{YEAR}/confirmation", {**confirming(second), "which": "all", "password": "wrong"})

    assert answer.status_code == 403
    assert "✓ 已确认" not in before(Role.SYSTEM_ADMIN).get(YEAR).text


def test_whoever_wrote_the_draft_is_told_that_another_has_to_confirm(before: Before) -> None:
    writer = before(Role.SYSTEM_ADMIN)
    drafted(writer)

    page = writer.get(f"{YEAR}/confirmation").text
    answer = writer.post(f"{YEAR}/confirmation", {**confirming(writer), "which": "all", "password": PASSWORD})

    assert "您起草的" in page
    assert answer.status_code == 403
    assert "由另一人确认" in answer.text


def test_what_moves_is_listed_and_only_what_is_ticked_is_moved(before: Before, office: Office) -> None:
    case, deadline = filing(office)
    address, notice = one_week_off(deadline)
    drafted(before(Role.SYSTEM_ADMIN), address, notice)
    second = before(Role.PERFORMANCE_OFFICE)
    page = second.get(f"{address}/confirmation").text

    answer = second.post(
        f"{address}/confirmation",
        {**confirming(second, address), "which": "chosen", "deadline": str(deadline.id), "password": PASSWORD},
    )

    assert re.search(r"影响 \d+ 个未到期限：\d+ 个提前、\d+ 个推后", page)
    assert "示例：社区养老服务站建设经费" in page
    assert answer.status_code == 303
    moved = next(day for day in office.deadlines(case) if day.id == deadline.id)
    assert moved.due_on > deadline.due_on
    told = before(Role.PERFORMANCE_OFFICE).get(f"/cases/{case}?tab=deadlines").text
    assert "年放假安排已确认" in told


def test_an_administrator_confirms_without_being_told_the_names_of_objects(before: Before, office: Office) -> None:
    _, deadline = filing(office)
    address, notice = one_week_off(deadline)
    drafted(before(Role.SYSTEM_ADMIN), address, notice)

    page = before(Role.SYSTEM_ADMIN).get(f"{address}/confirmation").text

    assert "示例-2021-001" in page
    assert "示例：社区养老服务站建设经费" not in page


def test_a_draft_written_again_meanwhile_has_to_be_looked_at_again(before: Before) -> None:
    writer, second = before(Role.SYSTEM_ADMIN), before(Role.SYSTEM_ADMIN)
    drafted(writer)
    seen = confirming(second)
    drafted(writer)

    answer = second.post(f"{YEAR}/confirmation", {**seen, "which": "all", "password": PASSWORD})

    assert answer.status_code == 409
    assert "重新核对" in answer.text


def test_of_two_who_confirm_the_second_is_told_who_did(before: Before) -> None:
    drafted(before(Role.SYSTEM_ADMIN))
    first, second = before(Role.SYSTEM_ADMIN), before(Role.PERFORMANCE_OFFICE)
    seen = confirming(second)
    first.post(f"{YEAR}/confirmation", {**confirming(first), "which": "all", "password": PASSWORD})

    answer = second.post(f"{YEAR}/confirmation", {**seen, "which": "all", "password": PASSWORD})

    assert answer.status_code == 409
    assert re.search(r"已由\S+于 [\d: -]+确认", answer.text)


def test_of_two_who_write_a_year_at_once_the_second_is_told_and_keeps_what_they_typed(before: Before) -> None:
    first, second = before(Role.SYSTEM_ADMIN), before(Role.SYSTEM_ADMIN)
    seen = dict(OVER.findall(second.get(f"{YEAR}/draft").text))
    drafted(first)

    refused = second.post(f"{YEAR}/draft", {"source": f"{SOURCE}（二）", "notice": NOTICE, **seen})
    again = second.post(
        f"{YEAR}/draft", {"source": f"{SOURCE}（二）", "notice": NOTICE, **dict(OVER.findall(refused.text))}
    )

    assert refused.status_code == 409
    assert re.search(r"刚由\S+于 [\d: -]+起草", refused.text)
    assert f"{SOURCE}（二）" in refused.text
    assert again.status_code == 303


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"notice": NOTICE}, "没有写 2027 年放假安排依据的文号"),
        ({"source": SOURCE, "notice": "一、元旦：1月1日（周六）放假。"}, "这一天是周五"),
        ({"source": SOURCE}, "现在是 0 天"),
        ({"source": SOURCE, "on": "明天", "kind": "holiday", "holiday": "元旦"}, "第 1 行“明天”读不出日期"),
        ({"source": SOURCE, "on": "2027-01-04", "kind": "make_up", "holiday": "元旦"}, "没有名为“元旦”的假日"),
        ({"source": SOURCE, "on": "2027-01-01", "kind": "x", "holiday": ""}, "没有写节日名称"),
        ({"source": SOURCE, "on": "2027-01-01", "kind": "holiday", "holiday": "\x00"}, "没有写节日名称"),
        ({"source": SOURCE, "notice": "一、\x00元旦：1月1日（周六）放假。"}, "没有保存"),
    ],
)
def test_what_was_typed_stays_when_it_is_refused(before: Before, typed: dict[str, str], sentence: str) -> None:
    answer = before(Role.SYSTEM_ADMIN).post(f"{YEAR}/draft", typed)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert typed.get("source", "") in answer.text
    assert typed.get("notice", "").replace("\x00", "") in answer.text
    assert f'value="{typed.get("on", "")}"' in answer.text


def test_a_row_of_the_table_takes_the_place_of_the_notice(before: Before) -> None:
    writer = before(Role.SYSTEM_ADMIN)
    rows = {"on": ["2027-01-01", "2027-01-02", ""], "kind": ["holiday"] * 3, "holiday": ["元旦", "元旦", ""]}

    answer = writer.post(f"{YEAR}/draft", {"source": SOURCE, **rows})

    assert answer.status_code == 303
    assert "2 天与平常周末不同" in writer.get(YEAR).text


@pytest.mark.parametrize("page", ["draft", "confirmation"])
@pytest.mark.parametrize("year", ["0", "1900", "2101", "987654321"])
def test_a_year_nobody_budgets_for_is_not_kept(before: Before, year: str, page: str) -> None:
    assert before(Role.SYSTEM_ADMIN).get(f"/calendars/{year}/{page}").status_code == 404


def test_there_is_nothing_to_confirm_where_nothing_was_drafted(before: Before) -> None:
    answer = before(Role.SYSTEM_ADMIN).get(f"{YEAR}/confirmation")

    assert answer.status_code == 404
    assert "没有待确认" in answer.text


def test_whoever_may_confirm_is_told_that_a_draft_waits_and_its_writer_is_not(before: Before) -> None:
    writer, second, office = before(Role.SYSTEM_ADMIN), before(Role.SYSTEM_ADMIN), before(Role.PERFORMANCE_OFFICE)
    division = before(Role.FINANCE_DIVISION)
    drafted(writer)

    asked, told = "2027 年工作日历待确认", office.get("/tasks").text

    assert asked in told
    assert f'href="{YEAR}"' in told
    assert asked in second.get("/calendars").text
    assert asked not in writer.get("/calendars").text
    assert asked not in division.get("/tasks").text
    assert 'href="/calendars"' in office.get("/policies/tables").text


def test_a_draft_that_was_confirmed_waits_for_nobody(before: Before) -> None:
    drafted(before(Role.SYSTEM_ADMIN))
    office = before(Role.PERFORMANCE_OFFICE)

    office.post(f"{YEAR}/confirmation", {**confirming(office), "which": "all", "password": PASSWORD})

    assert "待确认" not in office.get("/tasks").text


def test_a_unit_is_told_which_of_its_days_moved_until_a_fortnight_is_over(
    app: Flask, before: Before, office: Office
) -> None:
    _, deadline = filing(office)
    address, notice = one_week_off(deadline)
    drafted(before(Role.SYSTEM_ADMIN), address, notice)
    second = before(Role.PERFORMANCE_OFFICE)
    clerk, department = signed_in(app, office.bureau.clerk), signed_in(app, office.bureau.department)
    quiet = clerk.get("/tasks").text

    second.post(f"{address}/confirmation", {**confirming(second, address), "which": "all", "password": PASSWORD})
    told, listed = clerk.get("/tasks").text, clerk.get("/calendars/changes").text
    others = department.get("/tasks").text, second.get("/tasks").text, second.get("/calendars/changes").status_code
    office.clock.move_to(office.now + timedelta(days=14, minutes=1))
    later = signed_in(app, office.bureau.clerk)

    assert "因工作日历调整而变动" not in quiet
    assert "您有 1 个期限因工作日历调整而变动" in told
    assert "原截止" in listed
    assert f"{deadline.due_on.month}月{deadline.due_on.day}日" in listed
    assert f"/deadlines/{deadline.id}" in listed
    assert "因工作日历调整而变动" not in "".join(others[:2])
    assert others[2] == 403
    assert "因工作日历调整而变动" not in later.get("/tasks").text
    assert "最近 14 天没有期限" in later.get("/calendars/changes").text
