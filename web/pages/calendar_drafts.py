"""按通知录入: the days of a year, pasted as the notice has them or one a row, kept as a draft for somebody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from flask import Blueprint, redirect, render_template, request

from engine.commands.draft_calendar import MOST_DAYS, draft_calendar
from engine.deadlines import Day
from engine.deadlines.notices import days_of_notice
from engine.errors import EngineError, InvalidInput
from engine.moves.calendars import EditionMeanwhile
from engine.queries.calendar_years import CalendarRead, calendar_year
from engine.words import DayKind
from web.pages.calendars import must_be_a_year
from web.pages.posted import must_fit, number_of, one_line_of, text_of
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("calendar_drafts", __name__)
KINDS = {DayKind.HOLIDAY.value: "放假", DayKind.MAKE_UP.value: "调休上班"}
SPARE_ROWS = 6
LONGEST_NOTICE = 4000


class RowUnreadable(InvalidInput):
    """A row without a day that can be read."""

    code = "calendar.row_unreadable"


@dataclass(frozen=True, slots=True)
class TypedDay:
    """One row as it was typed."""

    on: str
    kind: str
    holiday: str


@page.get("/calendars/<int:year>/draft")
@requires("draft_calendar")
def write(visit: Visit, year: int) -> Any:
    """What was drafted, or what is in force, to be changed; an empty list for a year nobody recorded."""
    must_be_a_year(year)
    read = calendar_year(visit.session, visit.actor, year)
    days: Sequence[Day] = read.draft.days if read.draft is not None else _in_force(read)
    notice = read.draft.notice if read.draft is not None else read.notice
    return _page(visit, read, "、".join(notice.source) if notice else "", [_typed(day) for day in days])


@page.post("/calendars/<int:year>/draft")
@requires("draft_calendar")
def keep(visit: Visit, year: int) -> Any:
    """存草稿: the pasted notice, where something was pasted, else the rows; what was typed stays when it is refused."""
    must_be_a_year(year)
    source, notice = one_line_of("source"), text_of("notice").replace("\x00", "")
    rows = _rows()
    try:
        must_fit(notice, "粘贴的通知", LONGEST_NOTICE)
        with visit.session.begin_nested():
            days = days_of_notice(notice, year) if notice.strip() else _days(rows)
            draft_calendar(
                visit.session, year, source, days, by=visit.actor, at=visit.at, key=text_of("key", 64) or None,
                expected=number_of("expected"),
            )  # fmt: skip
    except EngineError as refusal:
        read = calendar_year(visit.session, visit.actor, year)
        return _page(visit, read, source, rows, notice, refusal), status_of(refusal)
    return redirect(f"/calendars/{year}?said=drafted", 303)


def _in_force(read: CalendarRead) -> Sequence[Day]:
    if read.notice is None:
        return ()
    return sorted((day for holiday in read.notice.holidays for day in holiday.days()), key=lambda day: day.on)


def _typed(day: Day) -> TypedDay:
    return TypedDay(day.on.isoformat(), day.kind.value, day.holiday or "")


def _rows() -> list[TypedDay]:
    """The rows of the form in which a day was written."""
    told = zip(*(request.form.getlist(name) for name in ("on", "kind", "holiday")), strict=False)
    rows = [TypedDay(_seen(on), kind, _seen(holiday)) for on, kind, holiday in told]
    return [row for row in rows if row.on][: MOST_DAYS + SPARE_ROWS]


def _seen(told: str) -> str:
    """What was typed without what nobody can see."""
    return "".join(each for each in told.strip()[:100] if each.isprintable())


def _days(rows: Sequence[TypedDay]) -> list[Day]:
    return [Day(_day_in(row, number), _kind_in(row), row.holiday) for number, row in enumerate(rows, 1)]


def _day_in(row: TypedDay, number: int) -> date:
    try:
        return date.fromisoformat(row.on)
    except ValueError:
        raise RowUnreadable(
            f"第 {number} 行“{row.on}”读不出日期，没有保存。请写成 2027-01-01；不要的行清空日期。", row=number
        ) from None


def _kind_in(row: TypedDay) -> DayKind:
    return DayKind.MAKE_UP if row.kind == DayKind.MAKE_UP else DayKind.HOLIDAY


def _page(
    visit: Visit,
    read: CalendarRead,
    source: str,
    rows: Sequence[TypedDay],
    notice: str = "",
    refusal: EngineError | None = None,
) -> str:
    looked_at = refusal is None or isinstance(refusal, EditionMeanwhile)
    empty = [TypedDay("", DayKind.HOLIDAY.value, "")] * SPARE_ROWS
    return render_template(
        "calendar_draft.html", visit=visit, read=read, year=read.year, source=source, rows=[*rows, *empty],
        notice=notice, refusal=refusal, kinds=KINDS, key=uuid4().hex,
        expected=read.latest if looked_at else number_of("expected"),
    )  # fmt: skip
