"""Typing a whole form: rows added until there are enough, every cell into its control, an explanation where asked."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.pages.typist import Typist, tables_in

EXPLANATION = "示例：情况属实，佐证材料见附件"
MOST_ROUNDS = 4


def fill_in(hands: Typist, content: Mapping[str, Any]) -> None:
    """Type a content into the form on the page and ask to hand it in, with a sentence wherever the checks want one."""
    type_in(hands, content)
    hands.press(name="check", value="1")
    for _ in range(MOST_ROUNDS):
        asked = [name for name in hands.names() if name.startswith("explanations[") and hands.value(name) == [""]]
        if not asked:
            return
        for name in asked:
            hands.type(name, EXPLANATION)
        hands.press(name="check", value="1")


def type_in(hands: Typist, content: Mapping[str, Any]) -> None:
    """Type a content into the form on the page, adding the rows it needs."""
    ids = _have_rows(hands, content, "")
    here = {own: there for (_, own), there in ids.items()}
    for name, value in _cells(content, ids):
        if hands.has(name):
            hands.type(name, _words(value, hands.offers(name), here))


def _have_rows(hands: Typist, content: Mapping[str, Any], path: str) -> dict[tuple[str, str], str]:
    """As many rows in every table as the content has; gives its row ids at their tables → those on the page."""
    ids: dict[tuple[str, str], str] = {}
    for table, rows in tables_in(content, path):
        while len(_rows_of(hands, table)) > len(rows) and _can_remove(hands, table):
            hands.press(name="remove", value=_last(hands, table))
        while len(_rows_of(hands, table)) < len(rows):
            hands.press(name="add", value=table)
        for row, here in zip(rows, _placed(rows, _rows_of(hands, table)), strict=True):
            ids[table, row["id"]] = here
            ids |= _have_rows(hands, row, f"{table}[{here}].")
    return ids


def _rows_of(hands: Typist, table: str) -> list[str]:
    """The ids of a table's rows on the page."""
    start = f"{table}["
    named = [name for name in hands.names() if name.startswith(start) and name.endswith("].id")]
    return [name[len(start) : -len("].id")] for name in named if "[" not in name[len(start) :]]


def _can_remove(hands: Typist, table: str) -> bool:
    return hands.button(name="remove", value=_last(hands, table)) is not None


def _last(hands: Typist, table: str) -> str:
    return f"{table}[{_rows_of(hands, table)[-1]}]"


def _placed(rows: list[Mapping[str, Any]], here: list[str]) -> list[str]:
    """Which row of the page each row goes to: its namesake where all have one, else the one at its place."""
    own = [row["id"] for row in rows]
    return own if set(own) <= set(here) else here


def _cells(content: Mapping[str, Any], ids: Mapping[tuple[str, str], str], path: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in content.items():
        if name in ("id", "explanations"):
            continue
        if isinstance(value, Mapping):
            yield from _cells(value, ids, f"{path}{name}.")
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            for row in value:
                yield from _cells(row, ids, f"{path}{name}[{ids[f'{path}{name}', row['id']]}].")
        else:
            yield f"{path}{name}", value


def _words(value: Any, offered: set[str], ids: Mapping[str, str]) -> str | list[str]:
    """The value as it is typed or chosen, nothing for an empty cell; a row meant by its id is the one on the page."""
    if value is None:
        return "" if not offered or "" in offered else []
    if isinstance(value, list):
        return [str(_words(each, offered, ids)) for each in value]
    if isinstance(value, bool):
        return "是" if value else "否"
    return ids.get(value, value) if value not in offered and isinstance(value, str) else str(value)
