"""工作日历: what is drafted, and what confirming it would do to the days that run."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.digests import digest_of
from engine.cases import Case
from engine.clock import SHANGHAI
from engine.deadlines import CalendarYear, UnsoundCalendar, WorkingCalendar
from engine.deadlines.editions import year_of
from engine.deadlines.model import CalendarEdition, Deadline
from engine.directory import Person
from engine.errors import InvalidInput, NotFound, WrongState
from engine.moves.dating import plan_again, waiting_in
from engine.moves.due import calendar_of, day_cells, laid_down
from engine.stages import library_of
from engine.store.base import table_of
from engine.words import DeadlineState, EditionState

CALENDAR_YEARS = range(2015, 2101)
"""Years a calendar can be written for."""
_deadlines, _cases = table_of(Deadline).c, table_of(Case).c


class CalendarRefused(InvalidInput):
    """A year's days that contradict themselves, or name no notice."""

    code = "calendar.refused"


class NothingDrafted(NotFound):
    """Nobody wrote a draft of that year."""

    code = "calendar.nothing_drafted"


class EditionMeanwhile(WrongState):
    """Somebody else wrote or confirmed the year after one had looked."""

    code = "calendar.edition_meanwhile"


@dataclass(frozen=True, slots=True)
class Redating:
    """One deadline that would fall on another day: `cells` is what its row would hold, `case` its code and name."""

    deadline_id: UUID
    case_id: int
    case: tuple[str, str]
    task_id: UUID | None
    name: str
    before: date
    after: date
    cells: Mapping[str, Any]


@dataclass(frozen=True)
class Effects:
    """What a year would do to the deadlines that run.

    `given` of them would fall on another day too, but a person gave theirs, so it stays; of `undated` the day cannot be
    counted, because it falls into a year nobody confirmed; `dated` have no day yet and get theirs at once.
    """

    redatings: tuple[Redating, ...]
    given: int
    undated: int
    dated: int = 0

    @property
    def earlier(self) -> int:
        """How many would come sooner."""
        return sum(each.after < each.before for each in self.redatings)

    @property
    def later(self) -> int:
        """How many would come later."""
        return len(self.redatings) - self.earlier

    @cached_property
    def fingerprint(self) -> str:
        """What tells this list from any other."""
        return digest_of([[str(each.deadline_id), str(each.before), str(each.after)] for each in self.redatings])


def draft_of(session: Session, jurisdiction: str, year: int) -> CalendarEdition:
    """The draft of a year; refuses when there is none."""
    found = session.scalar(
        select(CalendarEdition).where(
            CalendarEdition.jurisdiction == jurisdiction,
            CalendarEdition.year == year,
            CalendarEdition.state == EditionState.DRAFT,
        )
    )
    if found is None:
        raise NothingDrafted(f"{year} 年没有待确认的放假安排草稿，没有办理。请刷新工作日历查看。", year=year)
    return found


def must_be_the_latest(session: Session, jurisdiction: str, year: int, seen: int) -> None:
    """Refuse when the year's latest writing is another than the one that was seen (0: none), and say whose it is."""
    latest = session.scalar(
        select(CalendarEdition)
        .where(
            CalendarEdition.jurisdiction == jurisdiction,
            CalendarEdition.year == year,
            CalendarEdition.state != EditionState.REPLACED,
        )
        .order_by(CalendarEdition.id.desc())
        .limit(1)
    )
    if latest is not None and latest.id != seen:
        raise EditionMeanwhile(
            f"{year} 年放假安排刚由{_who_and_when(session, latest)}，您的内容没有保存，还在页面上。"
            "请另开工作日历看过那一份，仍要代替它的再存一次。", year=year,
        )  # fmt: skip


def must_not_be_confirmed(session: Session, edition_id: int) -> None:
    """Refuse to confirm what somebody confirmed already, and say who did."""
    edition = session.get(CalendarEdition, edition_id, populate_existing=True)
    if edition is not None and edition.state is EditionState.CONFIRMED:
        raise EditionMeanwhile(
            f"{edition.year} 年放假安排已由{_who_and_when(session, edition)}，不必再办。请刷新工作日历查看。",
            year=edition.year,
        )


def _who_and_when(session: Session, edition: CalendarEdition) -> str:
    person, at, did = edition.drafted_by, edition.drafted_at, "起草"
    if edition.confirmed_by is not None and edition.confirmed_at is not None:
        person, at, did = edition.confirmed_by, edition.confirmed_at, "确认"
    return f"{session.get_one(Person, person).name}于 {at.astimezone(SHANGHAI):%Y-%m-%d %H:%M} {did}"


def sound(content: Mapping[str, Any], year: int, *, confirmed: bool) -> CalendarYear:
    """The year that was written; what contradicts itself is refused in words."""
    try:
        return year_of(content, year, confirmed=confirmed)
    except UnsoundCalendar as reason:
        raise CalendarRefused(f"{reason.message.rstrip('。')}，没有保存。请对照通知核对。", year=year) from reason


def effects_of(session: Session, jurisdiction: str, year: CalendarYear, today: date) -> Effects:
    """What confirming `year` would do: deadlines that rest on the table alone fall on the day counted anew.

    None comes to lie before `today`. Days somebody gave or moved by hand stay.
    """
    old = calendar_of(session)
    new = old.with_years([year])
    redatings: list[Redating] = []
    given = undated = 0
    for row in session.execute(_running(jurisdiction, year.year, today)):
        was, cells = _counted(session, row, old), _counted(session, row, new)
        if cells is None:
            undated += was is not None and was["due_on"] == row.due_on
        elif was is None or was["due_on"] != row.due_on:
            given += was is None or was["due_on"] != cells["due_on"]
        elif (after := max(cells["due_on"], today)) != row.due_on and cells["due_on"] != row.due_on:
            redatings.append(_redating(row, after, cells, today))
    return Effects(tuple(redatings), given, undated, _dated(session, jurisdiction, new))


def _dated(session: Session, jurisdiction: str, calendar: WorkingCalendar) -> int:
    """How many of those that wait for a year would have their day by this calendar."""
    waiting = session.execute(
        waiting_in(jurisdiction)
        .with_only_columns(Deadline, Case.policy_id)
        .join(Case, Case.id == Deadline.case_id)
        .where(Deadline.due_on.is_(None))
    )
    policy_of = library_of(session).policy_version
    plans = (plan_again(policy_of(session, policy_id), deadline, calendar) for deadline, policy_id in waiting)
    return sum(plan.due_on is not None for plan in plans)


def calendar_with(session: Session, year: CalendarYear) -> WorkingCalendar:
    """The working calendar as it will be with this year."""
    return calendar_of(session).with_years([year])


def _running(jurisdiction: str, year: int, today: date) -> Any:
    """The deadlines whose days may lie in a year, the last week of the year before included.

    A day that has passed stays what it was, swept or not.
    """
    return (
        select(
            _deadlines.id, _deadlines.case_id, _deadlines.task_id, _deadlines.name, _deadlines.started_on,
            _deadlines.due_on, _cases.policy_id, _cases.fiscal_year, _cases.code, _cases.name.label("case_name"),
            _cases.facts["policy_ends_on"].astext.label("policy_ends_on"),
        )
        .join(Case, _cases.id == _deadlines.case_id)
        .where(
            _deadlines.jurisdiction == jurisdiction,
            _deadlines.state == DeadlineState.PENDING,
            _deadlines.due_on >= max(today, date(year - 1, 12, 25)),
            _deadlines.started_on <= date(year, 12, 31),
        )
        .order_by(_deadlines.case_id, _deadlines.due_on, _deadlines.id)
    )  # fmt: skip


def _counted(session: Session, row: Any, calendar: WorkingCalendar) -> dict[str, Any] | None:
    """The cells the table gives a deadline by this calendar; None where none can be counted."""
    policy = library_of(session).policy_version(session, row.policy_id)
    cells = laid_down(policy, row.name, row.started_on, row.fiscal_year, calendar, row.policy_ends_on)
    return None if cells is None or cells["due_on"] is None else cells


def _redating(row: Any, after: date, cells: Mapping[str, Any], today: date) -> Redating:
    moved = {**day_cells(cells["plan"], after, today), "awaits_year": cells["awaits_year"]}
    return Redating(row.id, row.case_id, (row.code, row.case_name), row.task_id, row.name, row.due_on, after, moved)
