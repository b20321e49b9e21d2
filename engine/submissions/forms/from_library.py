"""Rows of a target that are taken over: from the indicator library, or from the same object's target of last year."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from engine.submissions.forms.indicators import TABLE

TAKEN = ("level1", "level2", "name", "direction", "unit", "calculation")
"""The cells a row takes from an entry; together they are the 口径 that a later edit departs from."""
PROMISED_AGAIN = (
    *TAKEN, "target_value", "target_text", "lower", "upper", "weight", "data_source", "evidence_required", "cumulative",
    "survey_method", "survey_population", "library_code",
)  # fmt: skip
"""What is promised again; days, and what was said about that year, are not."""


class Described(Protocol):
    """An entry of the library, as far as a row takes it over."""

    @property
    def code(self) -> str: ...
    @property
    def level1(self) -> str: ...
    @property
    def level2(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def direction(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def calculation(self) -> str: ...


def row_from(entry: Described) -> dict[str, Any]:
    """A row as the entry has it, without id; what the entry leaves open is left out."""
    cells = {name: getattr(entry, name) for name in TAKEN}
    return {name: value for name, value in cells.items() if value} | {"library_code": entry.code}


def departures(row: Mapping[str, Any], entry: Described) -> list[str]:
    """The cells in which a row says something else than the entry it was taken from, in order."""
    return [name for name in TAKEN if str(row.get(name) or "").strip() != getattr(entry, name)]


def restored(row: Mapping[str, Any], entry: Described) -> dict[str, Any]:
    """The row with the entry's words again; everything else of it stays."""
    kept = {name: value for name, value in row.items() if name not in TAKEN}
    return kept | row_from(entry)


def rows_again(last_year: Mapping[str, Any], done: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of last year's target as they may be promised again, without ids.

    `done` is the stored self-evaluation of that year: what was reached stands as 上年实际值.
    """
    reached = {row.get("id"): row.get("actual_value") for row in _rows(done)}
    again = []
    for row in _rows(last_year):
        kept = {name: row[name] for name in PROMISED_AGAIN if row.get(name) not in (None, "", [])}
        actual = reached.get(row.get("id"))
        again.append(kept | ({"last_year_value": actual} if actual not in (None, "") else {}))
    return again


def not_there_yet(rows: Iterable[Mapping[str, Any]], table: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Those of the rows whose indicator the table does not have."""
    there = {_which(row) for row in table}
    return [dict(row) for row in rows if _which(row) not in there]


def _which(row: Mapping[str, Any]) -> tuple[str, str]:
    return str(row.get("level2") or "").strip(), str(row.get("name") or "").strip()


def _rows(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = content.get(TABLE)
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []
