"""A deadline's plan: the due date a policy gives, who is reminded when, what follows, and why it is that day."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from engine.deadlines.calendar import UnconfirmedYear, WorkingCalendar
from engine.deadlines.rules import DayNote, due_on, explain, note_of, shifted
from engine.errors import DefinitionError
from engine.words import Consequence, OnDayOff, Worded

W = TypeVar("W", bound=Worded)
EVERY_DAY = "*"
"""Behind a reminder: from then on every working day."""


class UnsoundPlan(DefinitionError):
    """A policy's row for a deadline says nothing from which a date follows."""

    code = "deadlines.unsound_plan"


@dataclass(frozen=True, slots=True)
class Reminder:
    """A nudge `working_days` after the due date; before it, if negative."""

    working_days: int
    on: date


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything about one deadline that can be known when it opens. `notes` answers 为什么是这一天.

    `working_days` is the length of one that is counted, `wanted` the date laid down of one that is fixed; without
    `consequence` the diagram decides what follows. Where the days of `awaits_year` would have to be known and nobody
    confirmed them, what hangs on them is left open: some reminders, or the day itself (`due_on` None). `daily` says
    that after the last reminder every working day reminds.
    """

    started_on: date
    due_on: date | None
    reminders: tuple[Reminder, ...]
    consequence: Consequence | None
    notes: tuple[DayNote, ...]
    remark: str
    calendar_version: str
    working_days: int | None = None
    wanted: date | None = None
    awaits_year: int | None = None
    daily: bool = False


def plan_deadline(start: date, outputs: Mapping[str, Any], fiscal_year: int, calendar: WorkingCalendar) -> Plan:
    """The plan for a deadline that opens on `start`, from the outputs of the `deadline` decision.

    `outputs`: either `working_days`, or `month_day` ("10-31") with `year_offset` counted from the fiscal year and
    `on_day_off` (stays, next, previous); `reminders` ("-7 -3 -1 +1*" working days, the star for every day from then);
    `consequence`. Refuses outputs without a date (UnsoundPlan).
    """
    working_days, month_day = outputs.get("working_days"), outputs.get("month_day")
    if (working_days is None) == (month_day is None):
        raise UnsoundPlan("期限表这一行要么写工作日数，要么写固定日期，必须且只能写一项。", outputs=dict(outputs))
    if working_days is not None:
        return plan_counted(start, _whole("working_days", working_days), outputs, calendar)
    wanted = _fixed_date(str(month_day), fiscal_year + _whole("year_offset", outputs.get("year_offset") or 0))
    return plan_fixed(start, wanted, outputs, calendar)


def plan_counted(start: date, working_days: int, outputs: Mapping[str, Any], calendar: WorkingCalendar) -> Plan:
    """The plan for the last of so many working days after `start`; without a day, where they cannot be counted."""
    try:
        due, notes = due_on(start, working_days, calendar), explain(start, working_days, calendar)
    except UnconfirmedYear as unknown:
        plan = _waiting(start, outputs, calendar, unknown.year)
    else:
        plan = replanned(start, due, outputs, calendar, notes=notes, remark="")
    return replace(plan, working_days=working_days)


def plan_fixed(start: date, wanted: date, outputs: Mapping[str, Any], calendar: WorkingCalendar) -> Plan:
    """The plan for a date laid down, by the row's rule for days off; without a day, where it is not known for one."""
    rule = _word(OnDayOff, outputs.get("on_day_off") or OnDayOff.STAYS)
    try:
        due, notes, remark = _settle(wanted, rule, calendar)
    except UnconfirmedYear as unknown:
        plan = _waiting(start, outputs, calendar, unknown.year)
    else:
        plan = replanned(start, due, outputs, calendar, notes=notes, remark=remark)
    return replace(plan, wanted=wanted)


def plan_before_end(
    start: date, outputs: Mapping[str, Any], fiscal_year: int, calendar: WorkingCalendar, facts: Mapping[str, Any]
) -> Plan:
    """`plan_deadline`, counted back from the end of the policy where the row says so and `facts` know that day.

    `facts` may hold `policy_ends_on` (ISO date); the row's `days_before_end` are calendar days (F15).
    """
    before_end, ends_on = outputs.get("days_before_end"), facts.get("policy_ends_on")
    if before_end is None or ends_on is None:
        return plan_deadline(start, outputs, fiscal_year, calendar)
    due = date.fromisoformat(ends_on) - timedelta(days=_whole("days_before_end", before_end))
    return replanned(start, due, outputs, calendar, remark=f"政策于{ends_on}到期，提前{before_end}天")


def replanned(
    start: date,
    due: date,
    outputs: Mapping[str, Any],
    calendar: WorkingCalendar,
    *,
    notes: tuple[DayNote, ...] = (),
    remark: str,
) -> Plan:
    """The plan for a due date that is settled, as after an extension: reminders and consequence as in `outputs`.

    Reminders that would come before the day after `start` are left out: there was nothing to remind of yet.
    """
    reminders, awaits_year = _reminders(due, outputs, calendar)
    return Plan(
        started_on=start,
        due_on=due,
        reminders=tuple(each for each in reminders if each.on > start),
        awaits_year=awaits_year,
        daily=any(word.endswith(EVERY_DAY) for word in _words(outputs)),
        consequence=_word(Consequence, outputs["consequence"]) if outputs.get("consequence") else None,
        notes=notes or _noted(due, calendar),
        remark=remark,
        calendar_version=calendar.version,
    )


def _waiting(start: date, outputs: Mapping[str, Any], calendar: WorkingCalendar, year: int) -> Plan:
    """The plan for a day that cannot be known before a year is confirmed."""
    return replace(
        replanned(start, start, {"consequence": outputs.get("consequence")}, calendar, remark=""),
        due_on=None, notes=(), awaits_year=year,
    )  # fmt: skip


def _reminders(
    due: date, outputs: Mapping[str, Any], calendar: WorkingCalendar
) -> tuple[list[Reminder], int | None]:  # fmt: skip
    """The reminders that can be counted, and the first year the others wait for."""
    offsets = sorted({_whole("reminders", word.removesuffix(EVERY_DAY)) for word in _words(outputs)})
    reminders, awaits_year = [], None
    for offset in offsets:
        try:
            reminders.append(Reminder(offset, shifted(due, offset, calendar)))
        except UnconfirmedYear as unknown:
            awaits_year = awaits_year or unknown.year
    return reminders, awaits_year


def _settle(wanted: date, rule: OnDayOff, calendar: WorkingCalendar) -> tuple[date, tuple[DayNote, ...], str]:
    """The due date for a date laid down, the notes from one to the other, and what to say of it."""
    laid_down = f"规定日期 {wanted.month}月{wanted.day}日"
    if rule is OnDayOff.STAYS and not _noted(wanted, calendar):
        return wanted, (), f"{laid_down}，规定没有写顺延，日期不变"
    day = calendar.day(wanted)
    if day.is_working:
        return wanted, (note_of(day),), laid_down
    what = note_of(day)
    if rule is OnDayOff.STAYS:
        return wanted, (what,), f"{laid_down}，当天{what.text}，规定没有写顺延，日期不变"
    due = shifted(wanted, 1 if rule is OnDayOff.NEXT else -1, calendar)
    moved = "顺延到其后" if rule is OnDayOff.NEXT else "提前到其前"
    return due, (what, note_of(calendar.day(due))), f"{laid_down}，当天{what.text}，{moved}第一个工作日"


def _noted(on: date, calendar: WorkingCalendar) -> tuple[DayNote, ...]:
    """What is to be said of a day; nothing where its year is not confirmed."""
    try:
        return (note_of(calendar.day(on)),)
    except UnconfirmedYear:
        return ()


def _fixed_date(month_day: str, year: int) -> date:
    found = re.fullmatch(r"(\d{1,2})-(\d{1,2})", month_day)
    try:
        if found is None:
            raise ValueError(month_day)
        return date(year, int(found[1]), int(found[2]))
    except ValueError as reason:
        raise UnsoundPlan(
            f"期限表里的日期“{month_day}”在 {year} 年不存在，应写成“10-31”这样的月-日。", month_day=month_day, year=year
        ) from reason


def _whole(name: str, value: Any) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError) as reason:
        raise UnsoundPlan(f"期限表的 {name} 要写整数，不能是“{value}”。", **{name: value}) from reason
    if isinstance(value, bool) or number != (int(value) if isinstance(value, str) else value):
        raise UnsoundPlan(f"期限表的 {name} 要写整数，不能是“{value}”。", **{name: value})
    return number


def _words(outputs: Mapping[str, Any]) -> list[str]:
    """The reminders of a row, as they are written."""
    return str(outputs.get("reminders") or "").split()


def _word(words: type[W], value: Any) -> W:
    try:
        return words(str(value))
    except ValueError as reason:
        known = "、".join(words)
        raise UnsoundPlan(f"期限表里的“{value}”不认识，只能是 {known}。", value=str(value)) from reason
