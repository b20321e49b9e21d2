"""Looks for an input that some rows match and others do not: the one question behind overlaps, gaps and dead rows.

A table's answer changes only at the borders its cells name. So it is enough to try each border, a few points between
neighbouring borders (as many as there are inputs compared with one another), every word, and a word nobody names.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain, combinations
from typing import Any

from engine.policies.kinds import Kind
from engine.policies.sfeel import Cell
from engine.policies.signatures import Column
from engine.policies.table import Row, Table

MAX_STEPS = 50_000
MAX_LISTED_WORDS = 10


class TooWide(Exception):
    """The search was given up: the rows name too many borders or words at once."""


def witness(table: Table, inside: Sequence[Row], outside: Sequence[Row]) -> dict[str, Any] | None:
    """An input that every row of `inside` matches and no row of `outside`, and the day as "on"; None: there is none."""
    days = _days([*inside, *outside])
    for day in days:
        must = [row for row in inside if row.in_force_from <= day <= row.in_force_until]
        others = [row for row in outside if row.in_force_from <= day <= row.in_force_until]
        if len(must) == len(inside):
            found = _Search(table, _samples(table, [*inside, *outside])).find({}, must, others)
            if found is not None:
                return found | ({"on": day} if len(days) > 1 else {})
    return None


@dataclass(slots=True)
class _Search:
    """Tries the samples column by column and forgets rows as soon as they cannot match any more."""

    table: Table
    samples: Sequence[tuple[str, Sequence[Any]]]
    steps: int = field(default=0)

    def find(self, point: Mapping[str, Any], inside: Sequence[Row], outside: Sequence[Row]) -> dict[str, Any] | None:
        if any(self._matches_whatever_follows(row, point) for row in outside):
            return None
        if len(point) == len(self.samples):
            return dict(point)
        name, values = self.samples[len(point)]
        for value in values:
            self.steps += 1
            if self.steps > MAX_STEPS:
                raise TooWide
            longer = {**point, name: value}
            if all(self._may_match(row, longer) for row in inside):
                found = self.find(longer, inside, [row for row in outside if self._may_match(row, longer)])
                if found is not None:
                    return found
        return None

    def _may_match(self, row: Row, point: Mapping[str, Any]) -> bool:
        """False as soon as a cell whose inputs are all chosen does not match."""
        return all(
            cell.matches(point[name], point)
            for name, cell in self._asking(row)
            if cell.matches and name in point and cell.names <= point.keys()
        )

    def _matches_whatever_follows(self, row: Row, point: Mapping[str, Any]) -> bool:
        """True once every input a row (that may still match) asks for is chosen."""
        return all(name in point and cell.names <= point.keys() for name, cell in self._asking(row))

    def _asking(self, row: Row) -> Iterable[tuple[str, Cell]]:
        return ((name, cell) for name, cell in zip(self.table.signature.inputs, row.cells, strict=True) if cell.matches)


def _samples(table: Table, rows: Sequence[Row]) -> list[tuple[str, Sequence[Any]]]:
    columns = table.signature.inputs
    compared = _compared(columns, rows)
    shared = frozenset(chain.from_iterable(_numbers(columns, rows, name) for name in compared))
    samples: list[tuple[str, Sequence[Any]]] = []
    for at, (name, column) in enumerate(columns.items()):
        cells = [row.cells[at] for row in rows]
        values: list[Any]
        if column.kind is Kind.NUMBER:
            borders = shared if name in compared else _numbers(columns, rows, name)
            values = _points(column, borders, len(compared) if name in compared else 1)
        elif column.kind is Kind.BOOLEAN:
            values = [True, False]
        else:
            words = frozenset(chain.from_iterable(cell.words for cell in cells))
            values = _lists(words) if column.kind is Kind.WORDS else _words(column, words)
        if any(cell.asks_for_null for cell in cells):
            values = [*values, None]
        asked = name in compared or any(cell.matches for cell in cells)
        samples.append((name, values if asked else values[:1]))
    return samples


def _compared(columns: Mapping[str, Column], rows: Iterable[Row]) -> frozenset[str]:
    """The number inputs that some row compares with one another."""
    names: set[str] = set()
    for row in rows:
        for name, cell in zip(columns, row.cells, strict=True):
            if cell.names:
                names |= {name, *cell.names}
    return frozenset(names)


def _numbers(columns: Mapping[str, Column], rows: Iterable[Row], name: str) -> frozenset[Decimal]:
    at = list(columns).index(name)
    limits = {limit for limit in (columns[name].low, columns[name].high) if limit is not None}
    return frozenset(chain(limits, *(row.cells[at].numbers for row in rows)))


def _points(column: Column, borders: Iterable[Decimal], between: int) -> list[Any]:
    """The borders, `between` points in each gap and beyond each end, as far as the column's range goes."""
    ordered = sorted(borders) or [Decimal(0)]
    points = [ordered[0] - step for step in range(between, 0, -1)]
    for low, high in zip(ordered, [*ordered[1:], None], strict=True):
        points.append(low)
        width = Decimal(between + 1) if high is None else high - low
        points += [low + width * step / (between + 1) for step in range(1, between + 1)]
    return [
        point
        for point in points
        if (column.low is None or point >= column.low) and (column.high is None or point <= column.high)
    ]


def _words(column: Column, named: frozenset[str]) -> list[Any]:
    return list(column.words) if column.words else [*sorted(named), "".join(sorted(named)) + "×"]


def _lists(words: frozenset[str]) -> list[Any]:
    if len(words) > MAX_LISTED_WORDS:
        raise TooWide
    return [tuple(chosen) for size in range(len(words) + 1) for chosen in combinations(sorted(words), size)]


def _days(rows: Iterable[Row]) -> list[date]:
    """The days on which some row starts or stops being in force; the last day of all days first."""
    starts = {row.in_force_from for row in rows}
    stops = {row.in_force_until + timedelta(days=1) for row in rows if row.in_force_until < date.max}
    return sorted({date.max, date.min, *starts, *stops}, reverse=True) if (starts | stops) - {date.min} else [date.max]
