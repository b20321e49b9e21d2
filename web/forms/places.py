"""The places of a paper, one by one: where a remark can be tied to, what is written there, and where a page has it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from web.forms.tree import Block, Field, Matrix, Part, Table, Tree


def places_in(tree: Tree) -> Iterator[tuple[str, str]]:
    """Path and name of every field, table and row of a paper, in the order of the page."""
    for section in tree.sections:
        yield from _places(section.parts)


def _places(parts: Iterable[Part]) -> Iterator[tuple[str, str]]:
    for part in parts:
        match part:
            case Field():
                yield part.path, part.label
            case Block():
                yield from _places(part.parts)
            case Matrix():
                for line in part.lines:
                    yield from _places(line.fields)
            case Table():
                yield from _of_table(part)


def _of_table(table: Table) -> Iterator[tuple[str, str]]:
    yield table.path, table.column.label
    for row in table.rows:
        yield row.path, f"{table.column.label}第 {row.number} 行 {row.name}".strip()
        for fields in row.cells:
            yield from _places(fields)
        yield from _places(row.rest)


def written_in(tree: Tree) -> Iterator[tuple[str, str, str]]:
    """Section, name and content of every field that holds something, in the order of the page."""
    for section in tree.sections:
        for field in _fields(section.parts):
            words = field.shown or "、".join(field.values) or field.value
            if words:
                yield section.title, field.label, words


def _fields(parts: Iterable[Part]) -> Iterator[Field]:
    for part in parts:
        match part:
            case Field():
                yield part
            case Block():
                yield from _fields(part.parts)
            case Matrix():
                for line in part.lines:
                    yield from line.fields
            case Table():
                for row in part.rows:
                    yield from (field for fields in row.cells for field in fields)
                    yield from _fields(row.rest)


@dataclass(frozen=True, slots=True)
class Signpost:
    """Where one page has the places of a paper: path → id of the element, rows that are gone among them."""

    ids: Mapping[str, str]
    gone: Mapping[str, str]

    def to(self, path: str) -> str | None:
        """The id of the place itself, else of the row that stood there and is said to be gone; None for neither."""
        row = next((row for row in self.gone if path == row or path.startswith(f"{row}.")), None)
        return self.ids.get(path) or (self.gone[row] if row is not None else None)


def signpost(tree: Tree | None) -> Signpost:
    """The places of a page that shows this paper, to fill in or to read; None has none."""
    ids, gone = dict[str, str](), dict[str, str]()
    if tree is None:
        return Signpost(ids, gone)
    if not tree.only_changes:
        ids |= {place.path: place.id for place in tree.elsewhere}
    for section in tree.sections:
        for part in _each(section.parts):
            if isinstance(part, Table):
                ids |= {part.path: part.id} | {row.path: row.id for row in part.rows}
                gone |= {row.path: row.id for row in part.removed}
            elif not isinstance(part, Matrix):
                ids[part.path] = part.id
    return Signpost(ids, gone)


def row_of(path: str) -> str:
    """The row of the outermost table a path leads into; the path itself outside of any.

    >>> row_of("indicators[y3].weight"), row_of("annual_goal")
    ('indicators[y3]', 'annual_goal')
    """
    row, bracket, _ = path.partition("]")
    return row + bracket


def _each(parts: Iterable[Part]) -> Iterator[Part]:
    """Every part, and those inside of it."""
    for part in parts:
        yield part
        match part:
            case Block():
                yield from _each(part.parts)
            case Matrix():
                for line in part.lines:
                    yield from line.fields
            case Table():
                for row in part.rows:
                    for fields in row.cells:
                        yield from fields
                    yield from _each(row.rest)
