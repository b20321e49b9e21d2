"""A schema laid out for reading: the cells in the order of the form, and inside blocks and tables theirs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from marshmallow import Schema, fields, missing

from engine.submissions.forms.cells import Rows, Several
from engine.submissions.forms.paths import names
from engine.words import UnitKind

Sort = Literal["value", "list", "table", "block"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One field. `read` turns what was typed into a value (of one item, in a list), `write` a value into stored text.

    `said` is the label in quotation marks; `required` says why it must be filled, or ""; `limit` is the most items.
    """

    name: str
    said: str
    sort: Sort
    field: fields.Field[Any]
    required: str
    own_words: bool
    read: Callable[[Any, str | None, Any], Any]
    write: Callable[[Any], Any] | None
    inside: "Group | None"
    limit: int = 0


def is_left_to_others(office: UnitKind | None, filler: UnitKind | None) -> bool:
    """Whether a cell of that office is not for the `filler` of the form to fill in; None: whoever it is."""
    return filler is not None and office not in (None, filler)


@dataclass(frozen=True, slots=True)
class Group:
    """The cells of a form, of a block, or of a row of a table; `numbered` stands before the number of a new row."""

    cells: tuple[Cell, ...]
    by_name: Mapping[str, Cell]
    numbered: str = ""

    def cell_at(self, path: str) -> Cell | None:
        """The cell, table or block a path leads to or into a row of; which rows there are does not matter."""
        inside: Group | None = self
        cell: Cell | None = None
        for name in names(path):
            cell = inside.by_name.get(name) if inside is not None else None
            if cell is None:
                return None
            inside = cell.inside
        return cell

    def has(self, path: str) -> bool:
        """Whether a path leads to something in it."""
        return not names(path) or self.cell_at(path) is not None

    def said(self, path: str) -> str:
        """What a cell is called, with the blocks and tables around it."""
        inside: Group | None = self
        said = ""
        for name in names(path):
            cell = inside.by_name.get(name) if inside is not None else None
            if cell is None:
                return said
            said, inside = said + cell.said, cell.inside
        return said


@cache
def layout(schema: Schema) -> Group:
    """The layout of a form's schema; made once. Refuses a field that asks marshmallow for what the reading skips."""
    return _group(schema)


def _group(schema: Schema) -> Group:
    cells = tuple(_cell(name, field) for name, field in schema.fields.items())
    return Group(cells, {cell.name: cell for cell in cells}, getattr(schema, "numbered", ""))


def _cell(name: str, field: fields.Field[Any]) -> Cell:
    if field.validators or field.load_default is not missing or field.data_key is not None:
        raise TypeError(f"the reading knows no validators, defaults or data keys: {name}")
    item: fields.Field[Any] = field.inner if isinstance(field, Several) else field
    inside = _group(item.schema) if isinstance(item, fields.Nested) else None
    return Cell(
        name=name,
        said=f"“{field.metadata['label']}”",
        sort=_sort(field),
        field=field,
        required=field.metadata["required"],
        own_words=field.metadata["own_words"],
        read=item._deserialize,
        write=_writer(item),
        inside=inside,
        limit=field.limit if isinstance(field, Several) else 0,
    )


def _sort(field: fields.Field[Any]) -> Sort:
    if isinstance(field, fields.Nested):
        return "block"
    if isinstance(field, Rows):
        return "table"
    return "list" if isinstance(field, Several) else "value"


def _writer(field: fields.Field[Any]) -> Callable[[Any], Any] | None:
    """How a value becomes stored text; None where it is stored as it is."""
    if type(field)._serialize is fields.Field._serialize or isinstance(field, fields.Nested):
        return None
    return lambda value: field._serialize(value, None, None)
