from datetime import date

import pytest

from engine.deadlines import WorkingCalendar, closing_words, countdown, day_words
from engine.deadlines.plan import plan_deadline
from engine.deadlines.wording import why_that_day

TODAY = date(2022, 10, 12)


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (date(2022, 10, 24), "○ 剩 8 个工作日"),
        (date(2022, 10, 20), "○ 剩 6 个工作日"),
        (date(2022, 10, 19), "◔ 剩 5 个工作日"),
        (date(2022, 10, 17), "◔ 剩 3 个工作日"),
        (date(2022, 10, 14), "◕ 剩 2 个工作日"),
        (date(2022, 10, 13), "◕ 剩 1 个工作日"),
        (date(2022, 10, 12), "⚑ 今日截止"),
        (date(2022, 10, 11), "! 逾期 1 个工作日"),
        (date(2022, 9, 30), "! 逾期 5 个工作日"),
    ],
)
def test_a_deadline_is_told_in_five_steps_of_working_days(calendar: WorkingCalendar, due: date, words: str) -> None:
    assert countdown(TODAY, due, calendar).words == words


def test_on_the_due_day_no_working_day_is_left(calendar: WorkingCalendar) -> None:
    assert countdown(TODAY, TODAY, calendar).working_days == 0


def test_on_the_weekend_after_the_due_date_no_working_day_has_gone_by_yet(calendar: WorkingCalendar) -> None:
    assert countdown(date(2022, 10, 15), date(2022, 10, 14), calendar).words == "! 已过截止日"


def test_a_closed_deadline_tells_how_it_was_kept(calendar: WorkingCalendar) -> None:
    due = date(2022, 10, 14)

    assert closing_words(due, due, calendar) == "✓ 按期办结"
    assert closing_words(due, date(2022, 10, 18), calendar) == "✓ 逾期 2 日办结"
    assert closing_words(due, date(2022, 10, 15), calendar) == "✓ 逾期办结"


def test_the_year_is_told_only_where_it_is_another_one() -> None:
    assert day_words(TODAY) == "10月12日（周三）"
    assert day_words(TODAY, shown_in=2022) == "10月12日（周三）"
    assert day_words(TODAY, shown_in=2023) == "2022年10月12日（周三）"


def test_a_fixed_date_is_explained_by_the_days_it_went_through(calendar: WorkingCalendar) -> None:
    moved = plan_deadline(TODAY, {"month_day": "10-16", "on_day_off": "next"}, 2022, calendar)

    assert why_that_day(moved.notes) == "10月16日（周日）周末 → 10月17日（周一）工作日"
