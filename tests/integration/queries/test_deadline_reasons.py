"""为什么是这一天: every date answers for itself."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from engine.clock import shanghai
from engine.commands.extend_deadline import extend_deadline
from engine.commands.open_rectification import open_rectification
from engine.deadlines import CalendarYear, WorkingCalendar
from engine.deadlines.calendar import Holiday
from engine.deadlines.editions import keep_version, kept_version
from engine.deadlines.model import Deadline
from engine.moves.due import calendar_of
from engine.moves.rectifying import Found
from engine.queries.deadline_reasons import DeadlineUnknown, reason_of
from engine.words import CaseKind
from tests.factories import case_of

FILING = shanghai(2021, 9, 27)


@pytest.fixture
def deadline(session, bureau) -> Deadline:
    """A whole department begins to file its target on 27 September 2021, before the National Day holiday."""
    case = case_of(session, bureau, at=FILING, object_kind=CaseKind.WHOLE_DEPARTMENT)
    return session.scalars(
        select(Deadline).where(Deadline.case_id == case.id, Deadline.name == "target_filing.fill")
    ).one()


def test_a_deadline_tells_its_row_its_status_and_every_day_counted(session, bureau, deadline):
    reason = reason_of(session, bureau.office, deadline.id)

    assert (
        reason.due_on == deadline.due_on == date(2021, 10, 29)
    )  # 20 working days: 3 before the holiday, 2 after it with the Saturday, then 15
    assert reason.status == "default"
    assert "国庆节放假，不计" in reason.words
    assert "10月9日（周六）调休上班" in reason.words
    assert not reason.moved


def test_an_extended_deadline_still_tells_what_the_table_gives(session, bureau, deadline):
    extend_deadline(session, deadline.id, date(2021, 11, 5), reason="示例：系统维护", by=bureau.office, at=FILING)

    reason = reason_of(session, bureau.office, deadline.id)

    assert reason.moved
    assert (reason.due_on, reason.laid_down_on) == (date(2021, 11, 5), date(2021, 10, 29))


def test_a_day_is_told_with_the_calendar_it_was_counted_with_whatever_is_confirmed_later(session, bureau, deadline):
    told = reason_of(session, bureau.office, deadline.id)
    now = calendar_of(session)
    session.info["calendar"] = now.with_years([_with_two_days_more(now, 2021)])

    later = reason_of(session, bureau.office, deadline.id)

    assert calendar_of(session).version != now.version
    assert later == told
    assert (deadline.row_id, deadline.calendar, deadline.laid_down_on) == ("national", now.version, date(2021, 10, 29))


def test_a_day_of_an_earlier_release_is_recounted_with_the_calendar_of_today(session, bureau, deadline):
    deadline.row_id = deadline.calendar = deadline.laid_down_on = None
    now = calendar_of(session)
    session.info["calendar"] = now.with_years([_with_two_days_more(now, 2021)])
    session.flush()

    reason = reason_of(session, bureau.office, deadline.id)

    assert reason.recounted
    assert (reason.due_on, reason.laid_down_on, reason.moved) == (date(2021, 10, 29), date(2021, 11, 2), True)


def test_a_day_that_no_table_gives_any_more_keeps_its_day_and_shows_no_count(session, bureau, deadline):
    deadline.laid_down_on = date(2021, 10, 28)
    session.flush()

    reason = reason_of(session, bureau.office, deadline.id)

    assert (reason.laid_down_on, reason.notes) == (date(2021, 10, 28), ())
    assert "换过版本" in reason.words


def test_every_calendar_in_force_is_kept_and_read_back_as_it_was(session, bureau):
    now = calendar_of(session)
    other = now.with_years([_with_two_days_more(now, 2021)])
    for _ in range(2):
        keep_version(session, "huaxi", other)

    kept = [kept_version(session, "huaxi", calendar.version) for calendar in (now, other)]

    assert [each.version for each in kept if each] == [now.version, other.version]
    assert kept_version(session, "huaxi", "没有") is None


def _with_two_days_more(calendar: WorkingCalendar, year: int) -> CalendarYear:
    """A year as it is, with two working days of October free."""
    (known,) = [each for each in calendar.years if each.year == year]
    more = Holiday("示例节", date(year, 10, 12), date(year, 10, 13), ())
    return replace(known, holidays=(*known.holidays, more))


def test_a_deadline_nobody_has_is_refused(session, bureau):
    with pytest.raises(DeadlineUnknown):
        reason_of(session, bureau.office, uuid4())


def test_a_day_no_rule_lays_down_says_that_a_person_gave_it(session, bureau, deadline):
    deadline.name = "target_filing.nobody_laid_down"
    session.flush()

    reason = reason_of(session, bureau.office, deadline.id)

    assert (reason.due_on, reason.row, reason.notes) == (deadline.due_on, None, ())
    assert "本区未规定" in reason.words


def test_the_day_of_a_problem_outside_letters_is_told_to_be_that_of_the_ledger(session, bureau):
    case = case_of(session, bureau, at=FILING)
    found = Found("audit", "rules", "示例：未建台账", "示例：建立台账", date(2021, 12, 31))
    open_rectification(session, case.id, found, by=bureau.office, at=FILING)
    day = session.scalars(select(Deadline).where(Deadline.rectification_id.is_not(None))).one()

    reason = reason_of(session, bureau.office, day.id)

    assert (reason.due_on, reason.laid_down_on, reason.rule) == (date(2021, 12, 31), date(2021, 12, 31), "整改台账")
    assert reason.words.startswith("整改事项另立-1：立项时写定的期限。")
