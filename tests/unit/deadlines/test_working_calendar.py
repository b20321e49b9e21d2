"""The years 2017-2026 as announced, held against two independent libraries, and what an unsound year is told."""

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest

from engine.deadlines import CalendarYear, UnconfirmedYear, UnsoundCalendar, WorkingCalendar
from engine.words import DayKind

FIRST, LAST = date(2017, 1, 1), date(2026, 12, 31)
EVERY_DAY = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


def test_every_day_of_ten_years_agrees_with_chinesecalendar(calendar: WorkingCalendar) -> None:
    different = [on for on in EVERY_DAY if calendar.is_working_day(on) != chinese_calendar.is_workday(on)]

    assert len(EVERY_DAY) == 3652
    assert different == []


def test_every_day_of_ten_years_agrees_with_holidays(calendar: WorkingCalendar) -> None:
    other = holidays.country_holidays("CN", years=range(2017, 2027))

    different = [on for on in EVERY_DAY if calendar.is_working_day(on) != other.is_working_day(on)]

    assert different == []


def test_the_names_of_the_holidays_agree_with_chinesecalendar(calendar: WorkingCalendar) -> None:
    named = [on for on in EVERY_DAY if calendar.day(on).kind is DayKind.HOLIDAY and chinese_calendar.is_holiday(on)]
    english = {on: chinese_calendar.get_holiday_detail(on)[1] for on in named}
    chinese = {on: chinese_calendar.Holiday(name).chinese.removesuffix("节") for on, name in english.items() if name}

    different = [on for on, name in chinese.items() if name not in str(calendar.day(on).holiday)]

    assert len(chinese) > 230
    assert different == []


@pytest.mark.parametrize("year", range(2017, 2027))
def test_every_year_is_confirmed_and_names_the_notice_it_follows(calendar: WorkingCalendar, year: int) -> None:
    found = next(each for each in calendar.years if each.year == year)

    assert found.confirmed
    assert all(notice.startswith("国办发明电〔") for notice in found.source)
    assert f"〔{year - 1}〕" in found.source[0]


def test_the_may_holiday_of_2019_was_made_four_days_long(calendar: WorkingCalendar) -> None:
    assert [calendar.day(date(2019, 5, n)).kind for n in (1, 4)] == [DayKind.HOLIDAY] * 2
    assert [calendar.day(on).kind for on in (date(2019, 4, 28), date(2019, 5, 5))] == [DayKind.MAKE_UP] * 2


def test_the_spring_festival_of_2020_was_prolonged_and_its_second_make_up_day_dropped(
    calendar: WorkingCalendar,
) -> None:
    assert calendar.is_working_day(date(2020, 1, 19))
    assert not calendar.is_working_day(date(2020, 2, 1))
    assert calendar.is_working_day(date(2020, 2, 3))


def test_a_holiday_may_begin_in_the_last_days_of_the_year_before(calendar: WorkingCalendar) -> None:
    assert calendar.day(date(2022, 12, 31)).holiday == "元旦"


@pytest.mark.parametrize("on", [date(2016, 12, 31), date(2027, 1, 4)])
def test_a_year_that_is_not_there_gives_no_answer(calendar: WorkingCalendar, on: date) -> None:
    with pytest.raises(UnconfirmedYear) as refusal:
        calendar.is_working_day(on)

    assert refusal.value.message == (
        f"{on.year} 年放假安排还没有确认，系统不推算截止日。请联系系统管理员维护工作日历。"
    )
    assert refusal.value.facts == {"year": on.year}


def a_year(**changes: object) -> dict[str, object]:
    return {
        "year": 2027,
        "confirmed": True,
        "source": ["国办发明电〔2026〕×号"],
        "holidays": [{"name": "国庆节", "from": "2027-10-01", "to": "2027-10-07", "working": ["2027-10-09"]}],
    } | changes


def test_a_draft_year_gives_no_answer_until_it_is_confirmed() -> None:
    draft = CalendarYear.parse(a_year(confirmed=False), "2027")
    confirmed = CalendarYear.parse(a_year(), "2027")

    with pytest.raises(UnconfirmedYear):
        WorkingCalendar([draft]).day(date(2027, 10, 9))
    assert WorkingCalendar([confirmed]).day(date(2027, 10, 9)).kind is DayKind.MAKE_UP
    assert WorkingCalendar([draft]).version != WorkingCalendar([confirmed]).version


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"source": []}, "没有写依据的文号"),
        ({"year": "甲"}, "读不出放假安排"),
        ({"holidays": [{"name": "国庆节", "from": "2027-10-07", "to": "2027-10-01"}]}, "国庆节的起止日期不对"),
        ({"holidays": [{"name": "国庆节", "from": "2027-02-30", "to": "2027-03-01"}]}, "读不出放假安排"),
        ({"holidays": [{"name": "国庆节", "from": "2027-10-01"}]}, "读不出放假安排"),
        ({"holidays": [{"name": "国庆节", "from": "2027-10-01", "to": "2027-11-01"}]}, "国庆节的起止日期不对"),
        ({"holidays": [{"name": "国庆节", "from": "2028-10-01", "to": "2028-10-02"}]}, "2028-10-01 不在 2027 年"),
        ({"holidays": [{"name": "元旦", "from": "2026-12-24", "to": "2027-01-01"}]}, "2026-12-24 不在 2027 年"),
        ({"holidays": [{"name": "元旦", "from": "2025-12-31", "to": "2025-12-31"}]}, "2025-12-31 不在 2027 年"),
        (
            {"holidays": [{"name": "元旦", "from": "2027-01-01", "to": "2027-01-01", "workng": []}]},
            "不认识的项目 workng",
        ),
        (
            {"holidays": [{"name": "元旦", "from": "2027-01-01", "to": "2027-01-01", "working": ["2027-01-04"]}]},
            "2027-01-04 不是周末",
        ),
        (
            {"holidays": [{"name": n, "from": "2027-10-01", "to": "2027-10-02"} for n in ("国庆节", "中秋节")]},
            "2027-10-01 写了两次",
        ),
    ],
)
def test_an_unsound_year_is_refused_with_its_place(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(UnsoundCalendar, match=sentence) as refusal:
        CalendarYear.parse(a_year(**change), "2027.toml")

    assert refusal.value.message.startswith("2027.toml：")


@pytest.mark.parametrize(("first", "last"), [("2026-12-25", "2027-01-01"), ("2027-10-01", "2027-10-31")])
def test_a_holiday_may_begin_in_the_last_week_of_the_year_before_and_last_a_month(first: str, last: str) -> None:
    year = CalendarYear.parse(a_year(holidays=[{"name": "示例", "from": first, "to": last}]), "2027.toml")

    assert [(each.first.isoformat(), each.last.isoformat()) for each in year.holidays] == [(first, last)]


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("2027.toml", "year = ", "2027.toml：不是有效的 TOML"),
        ("2028.toml", 'year = 2027\nconfirmed = true\nsource = ["×"]\n', "文件名与其中的年份 2027 不一致"),
    ],
)
def test_a_broken_or_misnamed_file_is_refused(tmp_path: Path, name: str, text: str, sentence: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")

    with pytest.raises(UnsoundCalendar, match=sentence):
        WorkingCalendar.load(tmp_path)
