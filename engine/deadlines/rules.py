"""Counting working days: due dates, days before and after them, and why it is that day. Pure: no clock, no database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from engine.deadlines.calendar import Day, WorkingCalendar
from engine.errors import InvalidInput
from engine.words import DayKind

MOST_WORKING_DAYS = 1000


class NotADuration(InvalidInput):
    """A number of working days nobody can mean."""

    code = "deadlines.not_a_duration"


@dataclass(frozen=True, slots=True)
class DayNote:
    """One day of the answer to 为什么是这一天; `number` counts the working days and is None for a day not counted."""

    on: date
    kind: DayKind
    holiday: str | None
    number: int | None
    text: str


def due_on(start: date, working_days: int, calendar: WorkingCalendar) -> date:
    """The last day still on time; `start` itself is not counted. Takes 1 to 1000 days; refuses an unconfirmed year.

    >>> from pathlib import Path
    >>> calendar = WorkingCalendar.load(Path("bpmn/calendars"))
    >>> due_on(date(2022, 9, 30), 5, calendar)    # 1-7 October are holidays, 8 and 9 are worked
    datetime.date(2022, 10, 12)
    """
    _check_duration(working_days)
    return next(islice(_working_days_after(start, calendar), working_days - 1, None))


def before(due: date, working_days: int, calendar: WorkingCalendar) -> date:
    """The day from which `working_days` working days are left until `due`, `due` being the last of them."""
    _check_duration(working_days)
    earlier = (due - timedelta(days=n) for n in range(1, _span(working_days)))
    return next(islice(filter(calendar.is_working_day, earlier), working_days - 1, None))


def shifted(due: date, working_days: int, calendar: WorkingCalendar) -> date:
    """`due` moved by working days: back for a negative number, on for a positive one, `due` itself for 0."""
    if working_days < 0:
        return before(due, -working_days, calendar)
    return due_on(due, working_days, calendar) if working_days else due


def working_days_between(after: date, until: date, calendar: WorkingCalendar) -> int:
    """How many working days follow `after` up to and including `until`; 0 if `until` is not later."""
    return calendar.worked_after(after, until)


def explain(start: date, working_days: int, calendar: WorkingCalendar) -> tuple[DayNote, ...]:
    """Every day from `start` to the due date, each with why it counts or does not.

    The texts: 当日不计, 周末, 法定节假日（国庆节）, 调休上班 第 1 个, 工作日 第 2 个.
    """
    return _told(start, due_on(start, working_days, calendar), calendar)


def explain_until(start: date, last: date, calendar: WorkingCalendar) -> tuple[DayNote, ...]:
    """The same up to `last`, which need not be a day that counts; nothing where it is not later than `start`."""
    return _told(start, last, calendar) if last > start else ()


def _told(start: date, last: date, calendar: WorkingCalendar) -> tuple[DayNote, ...]:
    opening = calendar.day(start)
    notes = [DayNote(start, opening.kind, opening.holiday, None, "当日不计")]
    number = 0
    for n in range(1, (last - start).days + 1):
        day = calendar.day(start + timedelta(days=n))
        number += day.is_working
        notes.append(note_of(day, number if day.is_working else None))
    return tuple(notes)


def note_of(day: Day, number: int | None = None) -> DayNote:
    """What is to be said of one day; a counted one is told its `number`."""
    text = f"{day.kind.label}（{day.holiday}）" if day.kind is DayKind.HOLIDAY else day.kind.label
    return DayNote(day.on, day.kind, day.holiday, number, f"{text} 第 {number} 个" if number else text)


def _working_days_after(start: date, calendar: WorkingCalendar) -> Iterator[date]:
    later = (start + timedelta(days=n) for n in range(1, _span(MOST_WORKING_DAYS)))
    return filter(calendar.is_working_day, later)


def _span(working_days: int) -> int:
    """More days than `working_days` working days can ever stretch over: of any 14 days at least 4 are worked."""
    return working_days * 4 + 30


def _check_duration(working_days: int) -> None:
    if not 1 <= working_days <= MOST_WORKING_DAYS:
        raise NotADuration(
            f"期限要在 1 到 {MOST_WORKING_DAYS} 个工作日之间，不能是 {working_days}。", working_days=working_days
        )
