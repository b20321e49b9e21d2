"""Which days are worked: weekends, public holidays and the weekends worked in exchange, year by year as announced.

A year is what the State Council's notice for it says (bpmn/calendars/<year>.toml, or the same as a stored row). A year
that nobody has confirmed gives no answer: a guessed holiday would be a wrong deadline.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

from engine.errors import DefinitionError, WrongState
from engine.findings import place_in_toml
from engine.words import DayKind

SATURDAY = 5


class UnconfirmedYear(WrongState):
    """A date was asked for in a year whose holidays are not confirmed."""

    code = "deadlines.year_unconfirmed"

    def __init__(self, year: int) -> None:
        super().__init__(f"{year} 年放假安排还没有确认，系统不推算截止日。请联系系统管理员维护工作日历。", year=year)
        self.year = year


class UnsoundCalendar(DefinitionError):
    """A year's calendar contradicts itself or cannot be read."""

    code = "deadlines.unsound_calendar"


@dataclass(frozen=True, slots=True)
class Day:
    """One day: its kind, and the holiday it belongs to or is worked for."""

    on: date
    kind: DayKind
    holiday: str | None = None

    @property
    def is_working(self) -> bool:
        return self.kind in (DayKind.WORKING, DayKind.MAKE_UP)


@dataclass(frozen=True, slots=True)
class Holiday:
    """One paragraph of the notice: free from `first` to `last`, both included; `make_up` days are worked for it."""

    name: str
    first: date
    last: date
    make_up: tuple[date, ...]

    def days(self) -> Iterator[Day]:
        """The days this holiday changes."""
        for n in range((self.last - self.first).days + 1):
            yield Day(self.first + timedelta(days=n), DayKind.HOLIDAY, self.name)
        for on in self.make_up:
            yield Day(on, DayKind.MAKE_UP, self.name)


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """What is announced for one year, by which notices, and whether the office has confirmed it."""

    year: int
    confirmed: bool
    source: tuple[str, ...]
    holidays: tuple[Holiday, ...]

    @classmethod
    def parse(cls, plain: Mapping[str, Any], where: str) -> "CalendarYear":
        """The year in a parsed TOML file or a stored row (dates as dates or as ISO text); `where` names it in refusals.

        Refuses a missing or misspelt entry, days out of order, a day said twice, and a make-up day that is no weekend.
        """
        try:
            year = cls(
                year=int(plain["year"]),
                confirmed=plain["confirmed"] is True,
                source=tuple(plain["source"]),
                holidays=tuple(_holiday(entry) for entry in plain.get("holidays", ())),
            )
        except (KeyError, TypeError, ValueError) as reason:
            ours = str(reason) if not str(reason).isascii() else "有一项的写法不对"
            what = f"缺少“{reason.args[0]}”" if isinstance(reason, KeyError) else ours
            raise UnsoundCalendar(f"{where}：读不出放假安排（{what}）。请对照其他年份的文件改正。") from reason
        year._check(where)
        return year

    def _check(self, where: str) -> None:
        if not self.source:
            raise UnsoundCalendar(f"{where}：没有写依据的文号。", year=self.year)
        seen: set[date] = set()
        for holiday in self.holidays:
            if not holiday.first <= holiday.last < holiday.first + timedelta(days=31):
                raise UnsoundCalendar(f"{where}：{holiday.name}的起止日期不对。", year=self.year)
            for day in holiday.days():
                self._check_day(day, where)
                if day.on in seen:
                    raise UnsoundCalendar(f"{where}：{day.on} 写了两次（{holiday.name}）。", year=self.year)
                seen.add(day.on)

    def _check_day(self, day: Day, where: str) -> None:
        if day.kind is DayKind.MAKE_UP and day.on.weekday() < SATURDAY:
            raise UnsoundCalendar(f"{where}：{day.on} 不是周末，不能写成调休上班。", year=self.year)
        last_days_of_the_year_before = day.on >= date(self.year - 1, 12, 25)
        if day.on.year != self.year and not (day.on.year == self.year - 1 and last_days_of_the_year_before):
            raise UnsoundCalendar(f"{where}：{day.on} 不在 {self.year} 年。", year=self.year)


class WorkingCalendar:
    """The years known; immutable. `version` changes whenever any day in it does."""

    def __init__(self, years: Iterable[CalendarYear]) -> None:
        known = sorted(years, key=lambda year: year.year)
        self.years = tuple(known)
        self._confirmed = frozenset(year.year for year in known if year.confirmed)
        self._special = {
            day.on: day for year in known if year.confirmed for holiday in year.holidays for day in holiday.days()
        }
        self._worked: dict[int, list[int]] = {}
        self.version = hashlib.sha256(repr((sorted(self._confirmed), known)).encode()).hexdigest()[:12]

    @classmethod
    def load(cls, folder: Path) -> "WorkingCalendar":
        """The calendar in the `<year>.toml` files of `folder`. Refuses with the file's name."""
        years = []
        for file in sorted(folder.glob("*.toml")):
            try:
                plain = tomllib.loads(file.read_text(encoding="utf-8"))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as reason:
                raise UnsoundCalendar(
                    f"{file.name}：不是有效的 TOML 文件（{place_in_toml(reason)}）。", file=file.name
                ) from reason
            years.append(CalendarYear.parse(plain, file.name))
            if file.stem != str(years[-1].year):
                raise UnsoundCalendar(f"{file.name}：文件名与其中的年份 {years[-1].year} 不一致。", file=file.name)
        return cls(years)

    def with_years(self, years: Iterable[CalendarYear]) -> "WorkingCalendar":
        """The same with these years in place of those it had; itself when there are none."""
        others = {year.year: year for year in years}
        return WorkingCalendar(({year.year: year for year in self.years} | others).values()) if others else self

    def day(self, on: date) -> Day:
        """What kind of day it is. Refuses with UnconfirmedYear."""
        if on.year not in self._confirmed:
            raise UnconfirmedYear(on.year)
        found = self._special.get(on)
        if found is not None:
            return found
        return Day(on, DayKind.WEEKEND if on.weekday() >= SATURDAY else DayKind.WORKING)

    def is_working_day(self, on: date) -> bool:
        """Whether offices work that day. Refuses with UnconfirmedYear."""
        return self.day(on).is_working

    def worked_after(self, after: date, until: date) -> int:
        """How many working days follow `after` up to and including `until`; 0 if `until` is not later.

        Costs the same for a day and for years. Refuses with UnconfirmedYear if it would have to count in one.
        """
        if until <= after:
            return 0
        first, total = after + timedelta(days=1), 0
        for year in range(first.year, until.year + 1):
            worked = self._worked_by(year)
            begins = first.timetuple().tm_yday - 1 if year == first.year else 0
            total += worked[until.timetuple().tm_yday if year == until.year else -1] - worked[begins]
        return total

    def _worked_by(self, year: int) -> list[int]:
        """How many days of a year are worked by the end of its nth day, from none; counted once."""
        if year not in self._worked:
            new_year = date(year, 1, 1)
            days = (new_year + timedelta(days=n) for n in range((date(year, 12, 31) - new_year).days + 1))
            self._worked[year] = [0, *accumulate(map(self.is_working_day, days))]
        return self._worked[year]


def _holiday(entry: Mapping[str, Any]) -> Holiday:
    unknown = set(entry) - {"name", "from", "to", "working", "note"}
    if unknown:
        raise ValueError(f"不认识的项目 {', '.join(sorted(unknown))}")
    make_up = tuple(_date(on) for on in entry.get("working", ()))
    return Holiday(str(entry["name"]), _date(entry["from"]), _date(entry["to"]), make_up)


def _date(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
