import doctest
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.deadlines import (
    UnconfirmedYear,
    WorkingCalendar,
    before,
    due_on,
    explain,
    rules,
    shifted,
    why_that_day,
    working_days_between,
)
from engine.deadlines.rules import NotADuration

PROJECT = Path(__file__).resolve().parents[3]
CALENDAR = WorkingCalendar.load(PROJECT / "bpmn" / "calendars")
days = st.dates(date(2017, 1, 1), date(2025, 12, 31))
durations = st.integers(1, 60)


@pytest.mark.parametrize(
    ("start", "working_days", "due"),
    [
        (date(2026, 9, 29), 3, date(2026, 10, 9)),  # 1-7 October are holidays
        (date(2022, 9, 30), 5, date(2022, 10, 12)),  # 8 and 9 October are worked, a Saturday and a Sunday
        (date(2022, 10, 12), 5, date(2022, 10, 19)),
        (date(2022, 10, 14), 1, date(2022, 10, 17)),  # over a weekend
        (date(2022, 10, 15), 1, date(2022, 10, 17)),  # from a Saturday
        (date(2020, 1, 23), 1, date(2020, 2, 3)),  # the long holiday of 2020
        (date(2021, 12, 31), 1, date(2022, 1, 4)),  # into the next year
    ],
)
def test_the_due_date_counts_working_days_and_not_the_first_day(start: date, working_days: int, due: date) -> None:
    assert due_on(start, working_days, CALENDAR) == due


@given(start=days, working_days=durations)
def test_exactly_the_given_number_of_working_days_lies_after_the_start(start: date, working_days: int) -> None:
    due = due_on(start, working_days, CALENDAR)

    assert CALENDAR.is_working_day(due)
    assert working_days_between(start, due, CALENDAR) == working_days


@given(one=days, other=days)
def test_between_two_days_lie_as_many_working_days_as_one_finds_looking_at_each(one: date, other: date) -> None:
    looked_at = [one + timedelta(days=n) for n in range(1, (other - one).days + 1)]

    assert working_days_between(one, other, CALENDAR) == len([*filter(CALENDAR.is_working_day, looked_at)])


@pytest.mark.parametrize(
    ("after", "until", "year"),
    [
        (date(2016, 12, 30), date(2016, 12, 31), 2016),
        (date(2016, 1, 1), date(2018, 1, 1), 2016),
        (date(2026, 12, 31), date(2027, 1, 1), 2027),
        (date(2025, 6, 1), date(9999, 12, 31), 2027),
    ],
)
def test_days_of_a_year_nobody_confirmed_are_not_counted_between_others(after: date, until: date, year: int) -> None:
    with pytest.raises(UnconfirmedYear, match=str(year)):
        working_days_between(after, until, CALENDAR)


def test_between_a_day_and_an_earlier_one_nothing_has_to_be_confirmed() -> None:
    assert working_days_between(date.max, date.min, CALENDAR) == 0
    assert working_days_between(date(2030, 1, 1), date(2030, 1, 1), CALENDAR) == 0
    assert working_days_between(date(2016, 12, 31), date(2017, 1, 1), CALENDAR) == 0


@given(start=days.filter(CALENDAR.is_working_day), working_days=durations)
def test_going_back_as_many_working_days_leads_to_the_start_again(start: date, working_days: int) -> None:
    assert before(due_on(start, working_days, CALENDAR), working_days, CALENDAR) == start


@given(start=days, shorter=durations, longer=durations)
def test_more_working_days_never_end_earlier(start: date, shorter: int, longer: int) -> None:
    shorter, longer = sorted((shorter, longer))

    assert due_on(start, shorter, CALENDAR) <= due_on(start, longer, CALENDAR)


@given(start=days, working_days=durations)
def test_the_explanation_tells_every_day_from_the_start_to_the_due_date(start: date, working_days: int) -> None:
    notes = explain(start, working_days, CALENDAR)

    assert [note.on for note in notes] == [start + timedelta(days=n) for n in range(len(notes))]
    assert notes[-1].on == due_on(start, working_days, CALENDAR)
    assert [note.number for note in notes if note.number] == list(range(1, working_days + 1))


def test_the_explanation_names_weekends_holidays_and_days_worked_in_exchange() -> None:
    texts = {note.on.day: note.text for note in explain(date(2022, 9, 30), 5, CALENDAR)}

    assert texts[30] == "当日不计"
    assert texts[1] == texts[7] == "法定节假日（国庆节）"
    assert texts[8] == "调休上班 第 1 个"
    assert texts[12] == "工作日 第 5 个"
    assert explain(date(2022, 10, 14), 1, CALENDAR)[1].text == "周末"


def test_why_that_day_is_told_in_one_line() -> None:
    assert why_that_day(explain(date(2022, 9, 30), 5, CALENDAR)) == (
        "9月30日（周五）起算，当日不计 → 10月1–7日 国庆节放假，不计 → 10月8日（周六）调休上班，第 1 日"
        " → 10月9日（周日）调休上班，第 2 日 → 10月10日（周一）第 3 日 → 10月11日（周二）第 4 日"
        " → 10月12日（周三）第 5 日，截止"
    )
    assert "10月29–30日 周末，不计" in why_that_day(explain(date(2022, 10, 28), 1, CALENDAR))
    assert "9月30日–10月1日" not in why_that_day(explain(date(2023, 9, 28), 1, CALENDAR))
    assert "9月29日–10月6日 中秋节、国庆节放假" in why_that_day(explain(date(2023, 9, 28), 1, CALENDAR))


def test_a_day_is_shifted_back_on_or_not_at_all() -> None:
    due = date(2022, 10, 12)

    assert [shifted(due, n, CALENDAR) for n in (-3, 0, 1)] == [date(2022, 10, 9), due, date(2022, 10, 13)]


def test_a_date_in_an_unconfirmed_year_is_refused_and_not_guessed() -> None:
    with pytest.raises(UnconfirmedYear, match="2027 年放假安排还没有确认"):
        due_on(date(2026, 12, 28), 5, CALENDAR)
    with pytest.raises(UnconfirmedYear, match="2016 年"):
        before(date(2017, 1, 3), 3, CALENDAR)
    with pytest.raises(UnconfirmedYear, match="2027 年"):
        explain(date(2027, 3, 1), 1, CALENDAR)


@pytest.mark.parametrize("working_days", [-1, 0, 1001])
def test_a_duration_nobody_can_mean_is_refused(working_days: int) -> None:
    with pytest.raises(NotADuration, match="期限要在 1 到 1000 个工作日之间"):
        due_on(date(2022, 1, 1), working_days, CALENDAR)


def test_the_example_in_the_rule_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)

    assert doctest.testmod(rules) == doctest.TestResults(failed=0, attempted=3)
