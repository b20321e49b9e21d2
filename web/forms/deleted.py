"""A row somebody deletes stays on the page that says so, with all that stood in it, and can be brought back from there.

The page carries it in hidden fields: `deleted=indicators[y3]@2` says which row and where it stood, `deleted.<path>`
what stood at each place of it. They are read like the form itself, and only when a row is deleted or brought back.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.submissions.forms.layout import Cell, Group
from web.forms.rows import name_of
from web.forms.shown import typed, typed_items

DELETED, BACK = "deleted", "back"
WITHIN = f"{DELETED}."
_MARK = re.compile(r"(.+\])@([0-9]{1,5})")


@dataclass(frozen=True, slots=True)
class DeletedRow:
    """One row that was deleted: its path, its place among the rows, what stood in it and what was explained about it.

    `fields` are the names and values that carry it on the page.
    """

    path: str
    at: int
    row: Mapping[str, Any]
    said: Mapping[str, str]
    fields: tuple[tuple[str, str], ...]

    @property
    def mark(self) -> str:
        """What names it on the page."""
        return f"{self.path}@{self.at}"

    @property
    def label(self) -> str:
        """The row as a person knows it: `第 3 行 按期拨付率`."""
        return f"第 {self.at + 1} 行 {name_of(self.row)}".strip()

    @property
    def table(self) -> str:
        """The path of the table it stood in."""
        return self.path.rpartition("[")[0]


def deleted_row(group: Group, path: str, at: int, row: Mapping[str, Any], said: Mapping[str, str]) -> DeletedRow:
    """The row with the fields that carry it; `group` are the cells of its table."""
    cells = [(f"{WITHIN}{name}", value) for name, value in _fields(group, row, f"{path}.")]
    explained = [(f"{WITHIN}explanations[{place}]", sentence) for place, sentence in said.items()]
    return DeletedRow(path, at, row, said, (*cells, *explained))


def marked(mark: str) -> tuple[str, int] | None:
    """The path and the place in a mark.

    >>> marked("items[q1].evidence[f2]@0")
    ('items[q1].evidence[f2]', 0)
    """
    found = _MARK.fullmatch(mark)
    return (found[1], int(found[2])) if found else None


def _fields(group: Group, cells: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    for cell in group.cells:
        value = cells.get(cell.name)
        if cell.name != "id" and value is not None and not cell.field.metadata["computed"]:
            yield from _field(cell, value, f"{path}{cell.name}")


def _field(cell: Cell, value: Any, path: str) -> Iterator[tuple[str, str]]:
    if cell.inside is not None and cell.sort == "block":
        yield from _fields(cell.inside, value, f"{path}.")
    elif cell.inside is not None:
        for row in value:
            yield f"{path}[{row['id']}].id", row["id"]
            yield from _fields(cell.inside, row, f"{path}[{row['id']}].")
    elif cell.sort == "value":
        yield path, typed(value)
    elif cell.field.metadata["options"] or cell.field.metadata["refers_to"]:
        yield from ((path, item) for item in typed_items(value))
    else:
        yield path, "\n".join(typed_items(value))
