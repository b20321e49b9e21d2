"""Rows of tables: ids that are sound and never used twice, rows added, removed, moved."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.submissions.forms.layout import Group
from engine.submissions.forms.paths import look_up, put
from engine.texts import is_blank

_NAMING = ("name", "item", "text", "problem", "fact")
_SOUND = re.compile(r"[A-Za-z0-9_-]{1,40}")
_NUMBER = re.compile(r"[0-9]{1,9}")
_ROW = re.compile(r"(.+)\[([A-Za-z0-9_-]{1,40})\]")


def is_sound(row_id: object) -> bool:
    """Whether an id can be the name of a row."""
    return isinstance(row_id, str) and _SOUND.fullmatch(row_id) is not None


def with_ids(group: Group, content: Mapping[str, Any]) -> dict[str, Any]:
    """The content with a sound id on every row that had none, or that of another row; always the same ones.

    What is no block and no table where one should be is left out: no page can show it.
    """
    sound: dict[str, Any] = {}
    for name, value in content.items():
        cell = group.by_name.get(name)
        if cell is None or cell.inside is None:
            sound[name] = value
        elif cell.sort == "block" and isinstance(value, Mapping):
            sound[name] = with_ids(cell.inside, value)
        elif cell.sort == "table" and isinstance(value, list):
            sound[name] = list(_rows_with_ids(cell.inside, value))
    return sound


def _rows_with_ids(group: Group, given: list[Any]) -> Iterator[dict[str, Any]]:
    rows = [row for row in given if isinstance(row, Mapping)]
    used = {row["id"] for row in rows if is_sound(row.get("id"))}
    seen: set[str] = set()
    for row in rows:
        row_id = row.get("id")
        if not isinstance(row_id, str) or not is_sound(row_id) or row_id in seen:
            row_id = fresh_id(used, group.numbered)
            used.add(row_id)
        seen.add(row_id)
        yield {**with_ids(group, row), "id": row_id}


def ids_in(group: Group, content: Any) -> Iterator[str]:
    """The ids of all rows in a content, in whichever table."""
    for name, value in content.items() if isinstance(content, Mapping) else ():
        cell = group.by_name.get(name)
        if cell is None or cell.inside is None:
            continue
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, Mapping):
                if is_sound(inner.get("id")):
                    yield inner["id"]
                yield from ids_in(cell.inside, inner)


def fresh_id(used: Iterable[str], numbered: str) -> str:
    """The next number after every one used so far, with what stands before the numbers of its table.

    >>> fresh_id({"y1", "r2", "r7"}, "r")
    'r8'
    """
    numbers = (row_id.removeprefix(numbered) for row_id in used if row_id.startswith(numbered))
    return f"{numbered}{max((int(number) for number in numbers if _NUMBER.fullmatch(number)), default=0) + 1}"


def add_row(content: dict[str, Any], path: str, row_id: str) -> bool:
    """Put an empty row at the end of a table; says whether it could: a table inside a row needs that row."""
    above = [path[: found.end()] for found in re.finditer(r"\]", path)]
    if any(look_up(content, row) is None for row in above):
        return False
    if look_up(content, path) is None:
        put(content, path, [])
    look_up(content, path).append({"id": row_id})
    return True


def split_row(path: str) -> tuple[str, str] | None:
    """The table and the id of a row's path.

    >>> split_row("items[q1].evidence[r2]")
    ('items[q1].evidence', 'r2')
    """
    found = _ROW.fullmatch(path)
    return (found[1], found[2]) if found else None


def remove_row(content: dict[str, Any], table: str, row_id: str) -> int | None:
    """Take a row out, with what was explained about it; gives where it stood, None where there is no such row."""
    rows, at = _standing(content, table, row_id)
    if at is None:
        return None
    del rows[at]
    about = explained_within(content, f"{table}[{row_id}]")
    if about:
        content["explanations"] = {key: said for key, said in content["explanations"].items() if key not in about}
    return at


def put_row(content: dict[str, Any], table: str, at: int, row: Mapping[str, Any]) -> bool:
    """Put a row where it stood, as far as there are rows; says whether there is a table for it."""
    if not add_row(content, table, row["id"]):
        return False
    there = look_up(content, table)
    there.pop()
    there.insert(at, dict(row))
    return True


def explained_within(content: Mapping[str, Any], row: str) -> dict[str, str]:
    """What was explained about a row and the places in it, by path."""
    explanations = content.get("explanations")
    if not isinstance(explanations, Mapping):
        return {}
    return {key: said for key, said in explanations.items() if _is_within(key, row)}


def move_row(content: dict[str, Any], table: str, row_id: str, by: int) -> bool:
    """Move a row up (-1) or down (1); says whether it moved."""
    rows, at = _standing(content, table, row_id)
    if at is None or not 0 <= at + by < len(rows):
        return False
    rows[at], rows[at + by] = rows[at + by], rows[at]
    return True


def name_of(row: Mapping[str, Any]) -> str:
    """The row as a person knows it, "" where it has no name yet."""
    named = (row.get(key) for key in _NAMING)
    return next((name[:30] for name in named if isinstance(name, str) and not is_blank(name)), "")


def rows_at(content: Mapping[str, Any], table: str) -> list[Any]:
    """The rows of a table; none where there is none."""
    found = look_up(content, table)
    return found if isinstance(found, list) else []


def _standing(content: Mapping[str, Any], table: str, row_id: str) -> tuple[list[Any], int | None]:
    rows = rows_at(content, table)
    return rows, next((at for at, row in enumerate(rows) if row.get("id") == row_id), None)


def _is_within(path: str, row: str) -> bool:
    return path == row or path.startswith((f"{row}.", f"{row}["))
