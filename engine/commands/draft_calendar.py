"""起草放假安排: somebody writes down the days of a year after its notice; nothing is counted with it yet."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.accounts.limits import one_at_a_time
from engine.audit.digests import digest_of
from engine.audit.events.calendars import CalendarDrafted
from engine.deadlines import Day
from engine.deadlines.editions import content_of
from engine.deadlines.model import CalendarEdition
from engine.deadlines.notices import holidays_of
from engine.directory import Actor
from engine.moves.calendars import CALENDAR_YEARS, CalendarRefused, must_be_the_latest, sound
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.moves.writing import record_outside_cases
from engine.texts import is_blank
from engine.words import EditionState

LONGEST_NAME, LONGEST_SOURCE = 20, 200
MOST_DAYS = 120


def draft_calendar(
    session: Session,
    year: int,
    source: str,
    days: Sequence[Day],
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Write a year's days that differ from plain weeks, all of them; it takes the place of the draft there was.

    `source` names the notices, several with 、 between them. Refuses a year without a notice, without days, with a day
    said twice, outside the year, without a name, or a make-up day that is no weekend or has no holiday of its name; and
    another latest edition of the year than the `expected` (0: none), where one is.
    `gave` says the edition.
    """
    told = [[day.on.isoformat(), day.kind.value, day.holiday] for day in days]
    asked = Asked("draft_calendar", by, at, key, expected, content={"year": year, "source": source, "days": told})
    return once(session, asked, lambda: {"edition": _draft(session, year, source, days, asked)})


def _draft(session: Session, year: int, source: str, days: Sequence[Day], asked: Asked) -> int:
    by, at = asked.by, asked.at
    notices = tuple(name for part in source.split("、") if not is_blank(name := part.strip()))
    _must_be_writable(year, source, notices, days)
    content = content_of(year, notices, holidays_of(days))
    sound(content, year, confirmed=False)
    one_at_a_time(session, "calendar", f"{by.jurisdiction} {year}")
    if asked.expected is not None:
        must_be_the_latest(session, by.jurisdiction, year, asked.expected)
    session.execute(
        update(CalendarEdition)
        .where(
            CalendarEdition.jurisdiction == by.jurisdiction,
            CalendarEdition.year == year,
            CalendarEdition.state == EditionState.DRAFT,
        )
        .values(state=EditionState.REPLACED)
    )
    edition = CalendarEdition(
        jurisdiction=by.jurisdiction, year=year, content=content, drafted_by=by.person_id, drafted_at=at
    )
    session.add(edition)
    session.flush()
    told = CalendarDrafted(year=year, edition=edition.id, source=notices, days=len(days), digest=digest_of(content))
    record_outside_cases(session, by.jurisdiction, [told], by=by, at=at)
    return edition.id


def _must_be_writable(year: int, source: str, notices: tuple[str, ...], days: Sequence[Day]) -> None:
    if year not in CALENDAR_YEARS:
        raise CalendarRefused(
            f"没有 {CALENDAR_YEARS[0]} 年以前、{CALENDAR_YEARS[-1]} 年以后的工作日历，没有保存。请从年份中选择。",
            year=year,
        )
    if not notices:
        raise CalendarRefused(f"没有写 {year} 年放假安排依据的文号，没有保存。请填写通知的文号。", field="source")
    if len(source) > LONGEST_SOURCE:
        raise CalendarRefused(f"文号最多 {LONGEST_SOURCE} 字，没有保存。请精简。", field="source")
    if not 0 < len(days) <= MOST_DAYS:
        raise CalendarRefused(f"一年的放假和调休要写 1 至 {MOST_DAYS} 天，现在是 {len(days)} 天，没有保存。请核对。")
    for day in days:
        if is_blank(day.holiday) or len(day.holiday or "") > LONGEST_NAME:
            raise CalendarRefused(f"{day.on} 没有写节日名称，或多于 {LONGEST_NAME} 字，没有保存。请补上或精简。")
