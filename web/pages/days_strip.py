"""代理日历: the coming weeks as a strip, a substitution a bar; where two of the same people overlap is marked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.queries.directory import SubstitutionLine
from engine.queries.substitutions import Overlap

WEEKS = 6


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of days of the strip, counted from its first day."""

    at: int
    many: int


@dataclass(frozen=True, slots=True)
class Strip:
    """Six weeks from the Monday of this one: the bar of each running substitution, and its days of overlap."""

    first: date
    last: date
    today: int
    bars: dict[int, Bar]
    clashes: dict[int, tuple[Bar, ...]]

    @property
    def days(self) -> int:
        """How long it is."""
        return (self.last - self.first).days + 1


def strip_of(lines: Iterable[SubstitutionLine], overlaps: Sequence[Overlap], today: date) -> Strip:
    """The strip for these lines; what lies outside of it is cut off, what is over has no bar."""
    first = today - timedelta(days=today.weekday())
    last = first + timedelta(days=7 * WEEKS - 1)
    running = [line for line in lines if not line.is_over(today)]
    found = {line.id: _bar(line.from_on, line.until_on, first, last) for line in running}
    clashes = {
        line.id: tuple(
            bar
            for each in overlaps
            if line.id in each.lines and (bar := _bar(each.first, each.last, first, last)) is not None
        )
        for line in running
    }
    bars = {number: bar for number, bar in found.items() if bar is not None}
    return Strip(first, last, (today - first).days, bars, clashes)


def _bar(from_on: date, until_on: date, first: date, last: date) -> Bar | None:
    begins, ends = max(from_on, first), min(until_on, last)
    return Bar((begins - first).days, (ends - begins).days + 1) if begins <= ends else None
