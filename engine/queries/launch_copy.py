"""从上年复制: a launch of an earlier year as it would be made for another: the same objects, the day moved."""

from calendar import isleap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select, true
from sqlalchemy.orm import Session, aliased

from engine.cases import Case
from engine.directory import Actor, Unit
from engine.queries.launch_work import MOST_MEANT
from engine.queries.launches import LaunchLine, launch_line, meant_by
from engine.store.base import table_of

_cases = table_of(Case).c


@dataclass(frozen=True, slots=True)
class FormerCase:
    """One case the earlier launch was for; `case_id` and `code` are those of the same object now, None without one."""

    former_code: str
    name: str
    unit: str
    object_kind: str
    case_id: int | None
    code: str | None


@dataclass(frozen=True, slots=True)
class LaunchCopy:
    """The earlier launch, its cases, and the day it gave moved to the other year (None: it gave none)."""

    line: LaunchLine
    fiscal_year: int
    cases: tuple[FormerCase, ...]
    due_on: date | None

    @property
    def found(self) -> Sequence[FormerCase]:
        """Those whose object is there again."""
        return [case for case in self.cases if case.case_id is not None]

    @property
    def gone(self) -> Sequence[FormerCase]:
        """Those whose object is not there any more."""
        return [case for case in self.cases if case.case_id is None]


def launch_copy(session: Session, actor: Actor, launch_id: int, fiscal_year: int) -> LaunchCopy:
    """A launch as it would be made for another fiscal year; cases without a result are left out.

    The same object is one of the same unit and kind with the same code, else with the same name. Refuses a launch that
    is not there for the actor.
    """
    line = launch_line(session, actor, launch_id)
    now = aliased(Case)
    again = (
        select(now.id, now.code)
        .where(
            now.jurisdiction == actor.jurisdiction, now.fiscal_year == fiscal_year, now.unit_id == _cases.unit_id,
            now.object_kind == _cases.object_kind, ~now.without_result,
            or_(now.code == _cases.code, now.name == _cases.name),
        )
        .order_by((now.code == _cases.code).desc(), now.id.desc())
        .limit(1)
        .lateral("again")
    )  # fmt: skip
    rows = session.execute(
        select(_cases.code, _cases.name, Unit.name, _cases.object_kind, again.c.id, again.c.code)
        .select_from(Case)
        .join(Unit, Unit.id == _cases.unit_id)
        .outerjoin(again, true())
        .where(_cases.jurisdiction == actor.jurisdiction, ~_cases.without_result, *meant_by(line))
        .order_by(Unit.name, _cases.code)
        .limit(MOST_MEANT)
    )
    cases = tuple(FormerCase(*row) for row in rows)
    return LaunchCopy(line, fiscal_year, cases, moved(line.due_on, fiscal_year - line.fiscal_year))


def moved(day: date | None, years: int) -> date | None:
    """The same day so many years later; the last of February stays the last of February, where there is such a year.

    >>> moved(date(2020, 2, 29), 1), moved(date(2021, 10, 12), 1)
    (datetime.date(2021, 2, 28), datetime.date(2022, 10, 12))
    """
    year = day.year + years if day else 0
    if day is None or not date.min.year <= year <= date.max.year:
        return None
    leap_day = (day.month, day.day) == (2, 29) and not isleap(year)
    return day.replace(year=year, day=28) if leap_day else day.replace(year=year)
