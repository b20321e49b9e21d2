"""Which cells that must be filled are not, and why they must be."""

from collections.abc import Iterator
from typing import Any

from marshmallow import Schema, fields

from engine.findings import FormFinding
from engine.submissions.forms.cells import Rows
from engine.submissions.forms.findings import filled, missing
from engine.submissions.forms.shape import Data


def unfilled(schema: Schema, data: Data, path: str = "", where: str = "") -> Iterator[FormFinding]:
    """A finding for every required cell left empty, in blocks and rows too; a table needs at least one row."""
    for name, field in schema.fields.items():
        place, value = f"{path}{name}", data.get(name)
        label = f"{where}“{field.metadata['label']}”"
        if isinstance(field, fields.Nested):
            yield from unfilled(field.schema, value or {}, f"{place}.", label)
        elif field.required and not filled(value):
            yield missing(place, f"{label}未填。{field.metadata['required']}，请补填。")
        elif isinstance(field, Rows):
            yield from _unfilled_rows(field, value or [], place, label)


def _unfilled_rows(table: Rows, rows: list[dict[str, Any]], place: str, label: str) -> Iterator[FormFinding]:
    for number, row in enumerate(rows, start=1):
        yield from unfilled(table.row_schema, row, f"{place}[{row['id']}].", f"{label}第 {number} 行")
