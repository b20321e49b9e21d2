"""One walk over a content and the layout of its form: what it says, what cannot be read, what is missing.

Everything later steps ask of the cells is noted on the way, so that nobody walks again: the cells that must be filled
and are not, the texts that should be the filler's own words, and where the blocks and rows stand.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema, ValidationError

from engine.findings import FormFinding
from engine.submissions.forms.cells import REFUSALS, glimpse, is_blank
from engine.submissions.forms.findings import missing
from engine.submissions.forms.layout import Cell, Group, layout
from engine.submissions.forms.shape import Data, MalformedForm, malformed, must_be_bounded

OwnText = tuple[str, str, str]
"""Path, label and words of a text nobody should copy."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A content as it was read. `blocks` has every block and row by its path, "" for the whole form."""

    data: Data
    unfilled: list[FormFinding]
    own_texts: list[OwnText]
    blocks: dict[str, tuple[Group, Data]]

    def at(self, path: str) -> tuple[Cell, Data] | None:
        """The cell a path leads to and the block or row it is in; None where that is not there."""
        block, _, name = path.rpartition(".")
        if block not in self.blocks:
            return None
        group, data = self.blocks[block]
        return group.by_name[name], data


def read(schema: Schema, content: Any) -> Reading:
    """The typed values of a form: decimals, days, rows with ids. Empty cells are dropped: not filled is not there.

    Refuses what cannot be read as this form (MalformedForm) or is larger than any (FormTooLarge).
    """
    if not isinstance(content, Mapping):
        raise MalformedForm(f"表单内容应是一组字段，收到的是{glimpse(content)}。请按表格格式报送。", fields={})
    must_be_bounded(content)
    walk = _Walk()
    data = walk.group(layout(schema), content, _Place("", "", ""))
    if walk.complaints:
        raise malformed(walk.complaints)
    return Reading(data, walk.unfilled, walk.own_texts, walk.blocks)


def stored(group: Group, data: Data) -> Data:
    """The typed values as plain JSON: decimals as text, days as ISO dates."""
    return {name: stored_value(group.by_name[name], value) for name, value in data.items()}


def stored_value(cell: Cell, value: Any) -> Any:
    """What stands in one cell, as plain JSON."""
    if cell.inside is not None:
        return [stored(cell.inside, row) for row in value] if cell.sort == "table" else stored(cell.inside, value)
    if cell.write is None:
        return value
    return [cell.write(item) for item in value] if cell.sort == "list" else cell.write(value)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the walk stands: path by row ids (`items[q1].`), by row numbers (`items[0].`), and in words."""

    path: str
    numbered: str
    said: str

    def inside(self, cell: Cell) -> "_Place":
        """In a block."""
        return _Place(f"{self.path}{cell.name}.", f"{self.numbered}{cell.name}.", f"{self.said}{cell.said}")

    def row(self, cell: Cell, at: int, row_id: str) -> "_Place":
        """In a row of a table."""
        return _Place(
            f"{self.path}{cell.name}[{row_id}].",
            f"{self.numbered}{cell.name}[{at}].",
            f"{self.said}{cell.said}第 {at + 1} 行",
        )


@dataclass(slots=True)
class _Walk:
    """What is noted on the way; complaints are (path by row numbers, sentence)."""

    unfilled: list[FormFinding] = field(default_factory=list)
    own_texts: list[OwnText] = field(default_factory=list)
    blocks: dict[str, tuple[Group, Data]] = field(default_factory=dict)
    complaints: list[tuple[str, str]] = field(default_factory=list)

    def group(self, group: Group, raw: Mapping[str, Any], place: _Place, row_id: str | None = None) -> Data:
        """The cells of a form, a block or a row, in the order of the form; then what does not belong there."""
        data: Data = {} if row_id is None else {"id": row_id}
        self.blocks[place.path[:-1]] = group, data
        for cell in group.cells:
            value = raw.get(cell.name)
            if value is None or is_blank(value):
                if cell.required or cell.sort == "block":
                    self._nothing(cell, place)
            elif cell.sort == "value":
                self._value(cell, value, place, data)
            elif cell.sort == "block":
                self._block(cell, value, place, data)
            else:
                self._several(cell, value, place, data)
        for name, value in raw.items():
            if name not in group.by_name and not is_blank(value):
                said = f"{place.said}“{name[:40]}”{REFUSALS['unknown']}"
                self.complaints.append((f"{place.numbered}{name[:40]}", said))
        return data

    def _nothing(self, cell: Cell, place: _Place) -> None:
        """A cell without anything in it; in a block that is not there every required cell is missing."""
        if cell.sort == "block" and cell.inside is not None:
            for inner in cell.inside.cells:
                self._nothing(inner, place.inside(cell))
        elif cell.required:
            text = f"{place.said}{cell.said}未填。{cell.required}，请补填。"
            self.unfilled.append(missing(f"{place.path}{cell.name}", text))

    def _value(self, cell: Cell, value: Any, place: _Place, data: Data) -> None:
        try:
            data[cell.name] = cell.read(value, None, None)
        except ValidationError as error:
            self._complain(f"{place.numbered}{cell.name}", f"{place.said}{cell.said}", error)
        else:
            if cell.own_words:
                self.own_texts.append((f"{place.path}{cell.name}", f"{place.said}{cell.said}", data[cell.name]))

    def _block(self, cell: Cell, value: Any, place: _Place, data: Data) -> None:
        if isinstance(value, Mapping) and cell.inside is not None:
            data[cell.name] = self.group(cell.inside, value, place.inside(cell))
        else:
            self.complaints.append((f"{place.numbered}{cell.name}", f"{place.said}{cell.said}{REFUSALS['type']}"))

    def _several(self, cell: Cell, value: Any, place: _Place, data: Data) -> None:
        """A list or a table: bounded, blank items dropped; a required one has at least one item."""
        where, said = f"{place.numbered}{cell.name}", f"{place.said}{cell.said}"
        if not isinstance(value, list):
            self._complain(where, said, cell.field.make_error("invalid", got=glimpse(value)))
            return
        items = [item for item in value if not is_blank(item)]
        if len(items) > cell.limit:
            self._complain(where, said, cell.field.make_error("too_many", length=len(items), limit=cell.limit))
        elif not items:
            data[cell.name] = []
            self._nothing(cell, place)
        elif cell.inside is None:
            data[cell.name] = list(self._items(cell, items, where, said))
        else:
            data[cell.name] = self._rows(cell, cell.inside, items, place)

    def _items(self, cell: Cell, items: list[Any], where: str, said: str) -> Iterable[Any]:
        for at, item in enumerate(items):
            try:
                yield cell.read(item, None, None)
            except ValidationError as error:
                self._complain(f"{where}[{at}]", f"{said}第 {at + 1} 行", error)

    def _rows(self, cell: Cell, group: Group, items: list[Any], place: _Place) -> list[Data]:
        """Rows under their ids; one without gets the next free number of its table, and no two may have the same."""
        before, rows = len(self.complaints), []
        given = [_id_of(item) for item in items]
        taken = set(given)
        numbered = (f"{group.numbered}{number}" for number in range(1, 2 * len(items) + 1))
        free = (name for name in numbered if name not in taken)
        for at, (item, row_id) in enumerate(zip(items, given, strict=True)):
            row_id = row_id or next(free)
            there = place.row(cell, at, row_id)
            if isinstance(item, Mapping):
                rows.append(self.group(group, item, there, row_id))
            else:
                self.complaints.append((there.numbered[:-1], f"{there.said}{REFUSALS['type']}"))
        if len(self.complaints) == before:
            self._refuse_same_ids(cell, group, rows, place)
        return rows

    def _refuse_same_ids(self, cell: Cell, group: Group, rows: list[Data], place: _Place) -> None:
        first_seen: dict[str, int] = {}
        for at, row in enumerate(rows):
            first = first_seen.setdefault(row["id"], at)
            if first != at:
                there = place.row(cell, at, row["id"])
                said = f"{there.said}{group.by_name['id'].said}"
                self._complain(
                    f"{there.numbered}id", said, cell.field.make_error("same_id", first=first + 1, id=row["id"])
                )
                return

    def _complain(self, where: str, said: str, error: ValidationError) -> None:
        self.complaints += [(where, f"{said}{message}") for message in error.messages]


def _id_of(item: Any) -> str | None:
    """The id a row brings along, as it will be read; whether it is a sound one is for its cell to say."""
    row_id = item.get("id") if isinstance(item, Mapping) else None
    return row_id.strip() if isinstance(row_id, str) and row_id.strip() else None
