"""放假通知, pasted as it was published: every day it names, and a sentence where it cannot be right."""

from datetime import date

import pytest

from engine.deadlines import Day, WorkingCalendar
from engine.deadlines.notices import NoticeUnreadable, days_of_notice, holidays_of
from engine.words import DayKind

NOTICE = """经国务院批准，现将放假安排通知如下。
一、元旦：1月1日（周六）至3日（周一）放假，共3天。
二、春节：1月31日至2月6日放假调休，共7天。1月29日（星期六）、1月30日（星期日）上班。
三、清明节：4月3日至5日放假调休，共3天。4月2日（星期六）上班。
2021年10月25日"""


def days(*dates: date, kind: DayKind = DayKind.HOLIDAY, name: str = "元旦") -> tuple[Day, ...]:
    return tuple(Day(on, kind, name) for on in dates)


def test_a_published_notice_gives_the_days_the_calendar_of_that_year_has(calendar: WorkingCalendar) -> None:
    found = days_of_notice(NOTICE, 2022)

    assert [calendar.day(day.on) for day in found] == list(found)
    assert len(found) == 16


def test_a_holiday_may_begin_in_the_year_before() -> None:
    found = days_of_notice("元旦：2022年12月31日至2023年1月2日放假调休，共3天。", 2023)

    assert found == days(date(2022, 12, 31), date(2023, 1, 1), date(2023, 1, 2))


def test_days_can_be_told_one_a_line() -> None:
    found = days_of_notice("2027-06-09 放假 端午节\n2027-06-12 调休上班 端午节", 2027)

    assert found == (
        Day(date(2027, 6, 9), DayKind.HOLIDAY, "端午节"), Day(date(2027, 6, 12), DayKind.MAKE_UP, "端午节")
    )  # fmt: skip


def test_days_become_paragraphs_again(calendar: WorkingCalendar) -> None:
    year = next(each for each in calendar.years if each.year == 2022)

    assert holidays_of(day for holiday in year.holidays for day in holiday.days()) == year.holidays


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "没有放假或上班的日子"),
        ("好的", "没有放假或上班的日子"),
        ("一、元旦：1月1日至3日放假，共4天。", "写“共4天”，按日期是 3 天"),
        ("一、元旦：1月1日（周六）放假。", "2027 年这一天是周五"),
        ("一、元旦：1日放假。", "没有写几月"),
        ("一、元旦：2月30日放假。", "没有 2027年2月30日 这一天"),
        ("一、元旦：2月3日至1日放假。", "起止日期前后不对"),
        ("一、元旦：1月1日至12月31日放假。", "起止日期前后不对"),
        ("一、元旦：1月1日。", "没有写放假还是上班"),
        ("一、元旦：1月2日上班。", "没有写哪天放假"),
        ("1月1日至3日放假", "第 1 行.*读不出"),
        ("2027-13-01 放假 元旦", "没有 2027年13月1日"),
        ("2027-01-02", "第 1 行.*读不出"),
    ],
)
def test_a_line_that_cannot_be_right_is_told_with_its_number(text: str, sentence: str) -> None:
    with pytest.raises(NoticeUnreadable, match=sentence):
        days_of_notice(text, 2027)


def test_a_day_worked_for_no_holiday_is_refused() -> None:
    worked = days(date(2027, 1, 9), kind=DayKind.MAKE_UP, name="春节")

    with pytest.raises(NoticeUnreadable, match="没有名为“春节”的假日"):
        holidays_of(worked)
