from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.deadlines import UnsoundPlan, WorkingCalendar, plan_before_end, plan_deadline, replanned
from engine.words import Consequence

START = date(2022, 9, 30)


def plan(calendar: WorkingCalendar, start: date = START, **outputs: Any) -> Any:
    return plan_deadline(start, outputs, 2022, calendar)


def test_working_days_give_the_due_date_the_reminders_and_the_day_count(calendar: WorkingCalendar) -> None:
    made = plan(calendar, working_days=Decimal(5), reminders="-3 -1 +1", consequence="mark_overdue")

    assert made.due_on == date(2022, 10, 12)
    assert [(each.working_days, each.on.day) for each in made.reminders] == [(-3, 9), (-1, 11), (1, 13)]
    assert made.consequence is Consequence.MARK_OVERDUE
    assert made.notes[-1].text == "工作日 第 5 个"
    assert made.calendar_version == calendar.version


def test_a_reminder_that_would_come_before_the_day_after_the_start_is_left_out(calendar: WorkingCalendar) -> None:
    made = plan(calendar, working_days=5, reminders="-7 -5 -4 0")

    assert [each.working_days for each in made.reminders] == [-4, 0]


def test_a_fixed_date_counts_from_the_fiscal_year(calendar: WorkingCalendar) -> None:
    made = plan(calendar, month_day="03-31", year_offset="1", consequence="escalate")

    assert made.due_on == date(2023, 3, 31)
    assert made.remark == "规定日期 3月31日"
    assert made.notes[0].text == "工作日"


@pytest.mark.parametrize(
    ("rule", "due", "remark"),
    [
        ("", 16, "规定日期 10月16日，当天周末，规定没有写顺延，日期不变"),
        ("stays", 16, "规定日期 10月16日，当天周末，规定没有写顺延，日期不变"),
        ("next", 17, "规定日期 10月16日，当天周末，顺延到其后第一个工作日"),
        ("previous", 14, "规定日期 10月16日，当天周末，提前到其前第一个工作日"),
    ],
)
def test_a_fixed_date_on_a_day_off_stays_unless_the_policy_moves_it(
    calendar: WorkingCalendar, rule: str, due: int, remark: str
) -> None:
    made = plan(calendar, month_day="10-16", on_day_off=rule)

    assert (made.due_on.day, made.remark) == (due, remark)


def test_a_day_counted_back_from_the_end_of_the_policy_is_calendar_days_before_it(calendar: WorkingCalendar) -> None:
    outputs = {"days_before_end": 30, "month_day": "10-31", "reminders": "-3"}

    made = plan_before_end(START, outputs, 2022, calendar, {"policy_ends_on": "2022-12-31"})

    assert made.due_on == date(2022, 12, 1)
    assert made.remark == "政策于2022-12-31到期，提前30天"
    assert [each.on for each in made.reminders] == [date(2022, 11, 28)]


@pytest.mark.parametrize("facts", [{}, {"policy_ends_on": None}])
def test_where_the_policy_has_no_known_end_the_row_is_read_as_any_other(
    calendar: WorkingCalendar, facts: dict[str, Any]
) -> None:
    outputs = {"days_before_end": 30, "month_day": "10-31"}

    assert plan_before_end(START, outputs, 2022, calendar, facts).due_on == date(2022, 10, 31)


def test_an_extended_deadline_keeps_its_reminders_and_consequence(calendar: WorkingCalendar) -> None:
    outputs = {"working_days": 5, "reminders": "-1", "consequence": "close"}

    made = replanned(START, date(2022, 10, 21), outputs, calendar, remark="财政绩效股同意延期")

    assert (made.due_on.day, made.reminders[0].on.day, made.consequence) == (21, 20, Consequence.CLOSE)


def test_a_plan_says_why_it_is_that_day(calendar: WorkingCalendar) -> None:
    made = plan(calendar, working_days=1, reminders="+1")

    assert made.due_on == date(2022, 10, 8)
    assert (made.notes[-1].on, made.notes[-1].number, made.notes[-1].text) == (made.due_on, 1, "调休上班 第 1 个")


@pytest.mark.parametrize(
    ("outputs", "sentence"),
    [
        ({}, "必须且只能写一项"),
        ({"working_days": 5, "month_day": "10-31"}, "必须且只能写一项"),
        ({"working_days": "五"}, "working_days 要写整数"),
        ({"working_days": Decimal("2.5")}, "working_days 要写整数"),
        ({"month_day": "02-30"}, "“02-30”在 2022 年不存在"),
        ({"month_day": "10月31日"}, "应写成“10-31”"),
        ({"working_days": 5, "reminders": "-3,x"}, "reminders 要写整数"),
        ({"working_days": 5, "consequence": "fine"}, "“fine”不认识，只能是 remind、mark_overdue"),
        ({"month_day": "10-16", "on_day_off": "skip"}, "“skip”不认识"),
    ],
)
def test_outputs_from_which_no_plan_follows_are_refused(
    calendar: WorkingCalendar, outputs: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(UnsoundPlan, match=sentence):
        plan_deadline(START, outputs, 2022, calendar)


DECEMBER = date(2026, 12, 10)


def test_working_days_that_reach_into_an_unconfirmed_year_give_no_day_and_say_what_they_wait_for(
    calendar: WorkingCalendar,
) -> None:
    made = plan(calendar, DECEMBER, working_days=20, reminders="-3 -1", consequence="mark_overdue")

    assert (made.due_on, made.working_days, made.awaits_year, made.reminders) == (None, 20, 2027, ())
    assert made.consequence is Consequence.MARK_OVERDUE


def test_a_day_that_can_be_counted_is_given_though_a_reminder_after_it_cannot(calendar: WorkingCalendar) -> None:
    made = plan(calendar, DECEMBER, working_days=15, reminders="-1 +1")

    assert (made.due_on, made.awaits_year) == (date(2026, 12, 31), 2027)
    assert [each.working_days for each in made.reminders] == [-1]


def test_a_fixed_date_that_stays_whatever_day_it_is_needs_no_calendar(calendar: WorkingCalendar) -> None:
    made = plan_deadline(DECEMBER, {"month_day": "12-15", "reminders": "-7"}, 2027, calendar)

    assert (made.due_on, made.notes, made.awaits_year) == (date(2027, 12, 15), (), 2027)
    assert made.remark == "规定日期 12月15日，规定没有写顺延，日期不变"


@pytest.mark.parametrize("rule", ["next", "previous"])
def test_a_fixed_date_that_gives_way_to_a_day_off_waits_for_its_year(calendar: WorkingCalendar, rule: str) -> None:
    made = plan_deadline(DECEMBER, {"month_day": "12-15", "on_day_off": rule}, 2027, calendar)

    assert (made.due_on, made.wanted, made.awaits_year) == (None, date(2027, 12, 15), 2027)


def test_days_before_the_end_of_a_policy_are_calendar_days_however_far_off(calendar: WorkingCalendar) -> None:
    outputs = {"days_before_end": 90, "month_day": "10-02", "reminders": "-7"}

    made = plan_before_end(DECEMBER, outputs, 2026, calendar, {"policy_ends_on": "2030-05-01"})

    assert (made.due_on, made.reminders, made.awaits_year) == (date(2030, 1, 31), (), 2030)


def test_a_star_behind_a_reminder_means_every_working_day_from_then(calendar: WorkingCalendar) -> None:
    made = plan(calendar, working_days=5, reminders="-1 +1*")

    assert ([each.working_days for each in made.reminders], made.daily) == ([-1, 1], True)
    assert not plan(calendar, working_days=5, reminders="-1 +1").daily
