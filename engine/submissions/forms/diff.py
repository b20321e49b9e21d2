"""What changed between two versions of a form, cell by cell, for the reviewer's 对照.

Rows are matched by their id, so moving a row is no change. 100 and 100.00 are the same figure.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.submissions.forms.cells import Explanations, is_blank
from engine.submissions.forms.computed import without_figures
from engine.submissions.forms.form import Form
from engine.submissions.forms.layout import Cell, Group, layout
from engine.submissions.forms.reading import stored, stored_value
from engine.submissions.forms.shape import Data, MalformedForm

Stored = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One cell, or one whole row, that differs; `before` and `after` are as stored, None where there was nothing."""

    kind: Literal["changed", "added", "removed"]
    field: str
    label: str
    before: Any
    after: Any

    @property
    def is_of_a_row_gone(self) -> bool:
        """Whether a whole row was there and is not any more."""
        return self.kind == "removed" and self.field.endswith("]") and not self.field.startswith("explanations[")


def diff(form: Form, old: Any, new: Any) -> list[FieldChange]:
    """All changes from `old` to `new`, in the order of the form; refuses what cannot be read as this form."""
    before, after = form.load(old), form.load(new)
    return list(_changes(layout(form.schema), before, after, "", "", _READ))


def diff_of_drafts(form: Form, old: Stored, new: Stored) -> list[FieldChange]:
    """The same of two contents somebody is still at work on: what the engine computes is no difference.

    Where one of the two cannot be read yet, cell by cell as it was typed; what stands where the form has nothing is
    left out.
    """
    group = layout(form.schema)
    before, after = without_figures(group, old), without_figures(group, new)
    try:
        return diff(form, before, after)
    except MalformedForm:
        return list(_changes(group, before, after, "", "", _TYPED))


@dataclass(frozen=True, slots=True)
class _Way:
    """How a value of a cell and a whole row are told."""

    value: Callable[[Cell, Any], Any]
    row: Callable[[Group, Any], Any]


_READ = _Way(stored_value, stored)
_TYPED = _Way(lambda cell, value: value, lambda group, row: row)


def _changes(group: Group, before: Any, after: Any, path: str, where: str, way: _Way) -> Iterator[FieldChange]:
    for cell in group.cells:
        place, label = f"{path}{cell.name}", f"{where}{cell.field.metadata['label']}"
        old, new = (None if is_blank(one.get(cell.name)) else one[cell.name] for one in (before, after))
        if cell.sort == "block" and cell.inside is not None:
            yield from _changes(cell.inside, _mapping(old), _mapping(new), f"{place}.", f"{label}·", way)
        elif cell.inside is not None:
            yield from _row_changes(cell.inside, _rows(old), _rows(new), place, label, way)
        elif isinstance(cell.field, Explanations):
            yield from _explanation_changes(_mapping(old), _mapping(new), place, label)
        elif old != new:
            before_and_after = (None if value is None else way.value(cell, value) for value in (old, new))
            yield FieldChange(_kind(old, new), place, label, *before_and_after)


def _mapping(there: Any) -> Mapping[str, Any]:
    return there if isinstance(there, Mapping) else {}


def _rows(there: Any) -> Mapping[str, Data]:
    """The rows of a table by their id; one without is none anybody could choose."""
    rows = there if isinstance(there, list) else []
    return {row["id"]: row for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str)}


def _row_changes(
    group: Group, old_rows: Mapping[str, Data], new_rows: Mapping[str, Data], path: str, where: str, way: _Way
) -> Iterator[FieldChange]:
    for row_id, row in new_rows.items():
        place, label = f"{path}[{row_id}]", f"{where}{_name_of(row)}"
        if row_id in old_rows:
            yield from _changes(group, old_rows[row_id], row, f"{place}.", f"{label}·", way)
        else:
            yield FieldChange("added", place, label, None, way.row(group, row))
    for row_id, row in old_rows.items():
        if row_id not in new_rows:
            yield FieldChange("removed", f"{path}[{row_id}]", f"{where}{_name_of(row)}", way.row(group, row), None)


def _explanation_changes(
    before: Mapping[str, str], after: Mapping[str, str], path: str, label: str
) -> Iterator[FieldChange]:
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key), after.get(key)
        if old != new:
            yield FieldChange(_kind(old, new), f"{path}[{key}]", f"{label}（{key}）", old, new)


def _kind(old: Any, new: Any) -> Literal["changed", "added", "removed"]:
    if old is None:
        return "added"
    return "removed" if new is None else "changed"


def _name_of(row: Data) -> str:
    """The row as a person knows it: “公办园在园幼儿数”, else its id."""
    named = next((row[key] for key in ("name", "item", "text", "problem", "fact") if isinstance(row.get(key), str)), "")
    return f"“{named[:30]}”" if named else f"“{row['id']}”"
