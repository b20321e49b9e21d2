"""Where in a form something stands: `funds.annual.total_wan`, `indicators[y3].weight`.

A row is named by its id, so that a remark or an explanation stays with the row when rows are moved.
"""

import re
from collections.abc import Mapping
from typing import Any

_STEP = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)|\[([^\[\]]{1,40})\]")


def cell(table: str, row_id: str, key: str) -> str:
    """The path of one cell of one row.

    >>> cell("indicators", "y3", "weight")
    'indicators[y3].weight'
    """
    return f"{table}[{row_id}].{key}"


def names(path: str) -> tuple[str, ...]:
    """The field names on the way, without the rows.

    >>> names("indicators[y3].weight")
    ('indicators', 'weight')
    """
    return tuple(name for name, _ in _STEP.findall(path) if name)


def look_up(content: Mapping[str, Any], path: str) -> Any:
    """What stands at the path; None if nothing does."""
    place: Any = content
    for name, row_id in _STEP.findall(path):
        place = _named(place, name) if name else _row(place, row_id)
    return place


def put(content: dict[str, Any], path: str, value: Any) -> None:
    """Write at the path, making groups on the way; a row that is not there is an error of the caller."""
    steps = _STEP.findall(path)
    place: Any = content
    for name, row_id in steps[:-1]:
        place = place.setdefault(name, {}) if name else _row(place, row_id)
        if place is None:
            raise KeyError(path)
    place[steps[-1][0]] = value


def _named(block: Any, name: str) -> Any:
    return block.get(name) if isinstance(block, Mapping) else None


def _row(rows: Any, row_id: str) -> Any:
    if not isinstance(rows, list):
        return None
    return next((row for row in rows if isinstance(row, Mapping) and row.get("id") == row_id), None)
