"""The two tiers of a row: what stands in it at once, and what opens under it; never by a list made for one form."""

from collections.abc import Iterator
from dataclasses import replace

from engine.submissions.forms.carried import Carried
from web.forms.plan import Column
from web.forms.tree import SILENCE, Block, Field, Part, Row, Table


def in_place(fields: list[Field]) -> list[Field]:
    """Of a column's cell and those that may answer instead of it: what there is to see; the column's own if nothing."""
    seen = [each for each in fields if each.value or each.says is not SILENCE]
    return seen or fields[:1]


def wants_a_look(part: Part) -> bool:
    """Whether something in this part has to be read: a problem that is not only a hint, or a remark."""
    if isinstance(part, Field):
        return part.says is not SILENCE and part.says.wants_a_look
    if isinstance(part, Table):
        return part.says.wants_a_look or any(
            row.says.wants_a_look or any(map(wants_a_look, _all_of(row))) for row in part.rows
        )
    if isinstance(part, Block):
        return part.says.wants_a_look or any(map(wants_a_look, part.parts))
    return any(each.says.wants_a_look for line in part.lines for each in line.fields)


def heading_of(column: Column, carried: Carried | None) -> Column:
    """A column as it stands over its cells: where all of them are laid down there is nothing to fill in or to know."""
    if carried is None or not all(carried.holds(row_id, column.name) for row_id in carried.rows):
        return column
    return replace(column, required="", hint="")


def is_worth_reading(part: Part) -> bool:
    """Whether a reader misses something without it: on paper what stayed empty under a row is left out."""
    if isinstance(part, Field):
        return bool(part.value) or part.is_spoken_of or bool(part.column.required)
    return not isinstance(part, Table) or bool(part.rows or part.removed) or part.says is not SILENCE


def is_filled(part: Part) -> bool:
    """Whether somebody wrote something there."""
    return bool(part.value) if isinstance(part, Field) else bool(part.rows) if isinstance(part, Table) else True


def _all_of(row: Row) -> Iterator[Part]:
    for cell in row.cells:
        yield from cell
    yield from row.rest
