"""How a deadline is told to people: time left in working days, how it ended, and why it is that day.

Every page, letter and notice takes its words from here. Source: ux.md 3.6.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Any

from engine.deadlines.calendar import WorkingCalendar
from engine.deadlines.rules import DayNote, working_days_between
from engine.words import DayKind, waits_words

WEEKDAYS = "一二三四五六日"


class Urgency(StrEnum):
    """Five steps, from plenty of time to late."""

    AMPLE = "ample"
    NEAR = "near"
    PRESSING = "pressing"
    TODAY = "today"
    OVERDUE = "overdue"


SIGNS = {
    Urgency.AMPLE: "○",
    Urgency.NEAR: "◔",
    Urgency.PRESSING: "◕",
    Urgency.TODAY: "⚑",
    Urgency.OVERDUE: "!",
}
PAUSED = "Ⅱ 计时暂停"


@dataclass(frozen=True, slots=True)
class Countdown:
    """How a deadline stands on a day; `working_days` are left, or, when overdue, gone by."""

    urgency: Urgency
    working_days: int

    @property
    def words(self) -> str:
        """`○ 剩 8 个工作日`, `⚑ 今日截止`, `! 逾期 3 个工作日`."""
        if self.urgency is Urgency.TODAY:
            said = "今日截止"
        elif self.urgency is Urgency.OVERDUE:
            said = f"逾期 {self.working_days} 个工作日" if self.working_days else "已过截止日"
        else:
            said = f"剩 {self.working_days} 个工作日"
        return f"{SIGNS[self.urgency]} {said}"


def countdown(today: date, due: date, calendar: WorkingCalendar) -> Countdown:
    """How a deadline due on `due` stands today: more than 5 working days left, 3-5, fewer, none, or past it."""
    if today > due:
        return Countdown(Urgency.OVERDUE, working_days_between(due, today, calendar))
    if today == due:
        return Countdown(Urgency.TODAY, 0)
    left = working_days_between(today, due, calendar)
    urgency = Urgency.AMPLE if left > 5 else Urgency.NEAR if left >= 3 else Urgency.PRESSING
    return Countdown(urgency, left)


def closing_words(due: date, closed_on: date, calendar: WorkingCalendar) -> str:
    """How a deadline was kept: `✓ 按期办结`, `✓ 逾期 2 日办结` (working days)."""
    late = working_days_between(due, closed_on, calendar)
    if closed_on <= due:
        return "✓ 按期办结"
    return f"✓ 逾期 {late} 日办结" if late else "✓ 逾期办结"


def limit_words(outputs: Mapping[str, Any]) -> str:
    """How long a row of the deadline table gives, in few words: `5 个工作日`, `次年 3 月 15 日`, `到期前 60 天`.

    >>> limit_words({"working_days": 5}), limit_words({"month_day": "03-15", "year_offset": 1})
    ('5 个工作日', '次年 3 月 15 日')
    """
    if (days := outputs.get("days_before_end")) is not None:
        return f"到期前 {days} 天"
    if (days := outputs.get("working_days")) is not None:
        return f"{days} 个工作日"
    month, _, day = str(outputs.get("month_day")).partition("-")
    offset = int(outputs.get("year_offset") or 0)
    year = {0: "", 1: "次年 ", -1: "上年 "}.get(offset, f"{offset:+} 年 ")
    return f"{year}{int(month)} 月 {int(day)} 日"


def day_words(on: date, *, shown_in: int | None = None) -> str:
    """`10月12日（周三）`; with the year in front if it is not the year `shown_in`."""
    year = "" if shown_in in (None, on.year) else f"{on.year}年"
    return f"{year}{on.month}月{on.day}日（周{WEEKDAYS[on.weekday()]}）"


def why_that_day(notes: Sequence[DayNote]) -> str:
    """The day count in one line, runs of days that do not count folded.

    `9月30日（周五）起算，当日不计 → 10月1–7日 国庆节放假，不计 → 10月8日（周六）调休上班，第 1 日 → …`
    """
    counted = [note for note in notes[1:] if note.number is not None]
    if not counted:
        return " → ".join(f"{day_words(note.on)}{note.text}" for note in notes)
    told = [f"{day_words(notes[0].on)}起算，当日不计"]
    for (kind, holiday), run in groupby(notes[1:], key=lambda note: (note.kind, note.holiday)):
        days = list(run)
        if kind is DayKind.HOLIDAY:
            told.append(f"{_span_words(days)} {holiday}放假，不计")
        elif kind is DayKind.WEEKEND:
            told.append(f"{_span_words(days)} 周末，不计")
        else:
            told.extend(_counted_words(note) for note in days)
    told[-1] += "，截止"
    return " → ".join(told)


def waiting_words(notes: Sequence[DayNote], working_days: int, year: int) -> str:
    """How far a day that waits for the holidays of `year` is counted: `notes` are the days before that year.

    `12月10日（周四）起算，当日不计，到12月31日（周四）是第 15 日；一共 20 个工作日，其余 5 日待…确认后确定`
    """
    counted = max((note.number for note in notes if note.number is not None), default=0)
    return (
        f"{day_words(notes[0].on)}起算，当日不计，到{day_words(notes[-1].on)}是第 {counted} 日；"
        f"一共 {working_days} 个工作日，其余 {working_days - counted} 日待 {year} 年放假安排确认后确定"
    )


def _counted_words(note: DayNote) -> str:
    made_up = "调休上班，" if note.kind is DayKind.MAKE_UP else ""
    return f"{day_words(note.on)}{made_up}第 {note.number} 日"


def _span_words(days: Sequence[DayNote]) -> str:
    first, last = days[0].on, days[-1].on
    if first == last:
        return day_words(first)
    until = f"{last.day}日" if first.month == last.month else f"{last.month}月{last.day}日"
    return f"{first.month}月{first.day}{'' if first.month == last.month else '日'}–{until}"


def awaited(day: Any) -> str | None:
    """What a deadline, or a row with its columns, waits for while it has no day, in words; None where it has one."""
    if day.due_on is not None or day.awaits_year is None:
        return None
    return waits_words(day.working_days, day.laid_down_on, day.awaits_year)
