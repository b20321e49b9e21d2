"""The places of a paper, one by one: where a remark can be tied to, and what is written there."""

from collections.abc import Iterable, Iterator

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
