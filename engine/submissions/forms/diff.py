"""What changed between two versions of a form, cell by cell, for the reviewer's 对照.

Rows are matched by their id, so moving a row is no change. 100 and 100.00 are the same figure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.submissions.forms.cells import Explanations
from engine.submissions.forms.form import Form
from engine.submissions.forms.layout import Group, layout
from engine.submissions.forms.reading import stored, stored_value
from engine.submissions.forms.shape import Data

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
    return list(_changes(layout(form.schema), before, after, "", ""))


def _changes(group: Group, before: Data, after: Data, path: str, where: str) -> Iterator[FieldChange]:
    for cell in group.cells:
        place, label = f"{path}{cell.name}", f"{where}{cell.field.metadata['label']}"
        old, new = before.get(cell.name), after.get(cell.name)
        if cell.sort == "block" and cell.inside is not None:
            yield from _changes(cell.inside, old or {}, new or {}, f"{place}.", f"{label}·")
        elif cell.inside is not None:
            yield from _row_changes(cell.inside, old or [], new or [], place, label)
        elif isinstance(cell.field, Explanations):
            yield from _explanation_changes(old or {}, new or {}, place, label)
        elif old != new:
            before_and_after = (None if value is None else stored_value(cell, value) for value in (old, new))
            yield FieldChange(_kind(old, new), place, label, *before_and_after)


def _row_changes(group: Group, before: list[Data], after: list[Data], path: str, where: str) -> Iterator[FieldChange]:
    old_rows = {row["id"]: row for row in before}
    new_rows = {row["id"]: row for row in after}
    for row_id, row in new_rows.items():
        place, label = f"{path}[{row_id}]", f"{where}{_name_of(row)}"
        if row_id in old_rows:
            yield from _changes(group, old_rows[row_id], row, f"{place}.", f"{label}·")
        else:
            yield FieldChange("added", place, label, None, stored(group, row))
    for row_id, row in old_rows.items():
        if row_id not in new_rows:
            yield FieldChange("removed", f"{path}[{row_id}]", f"{where}{_name_of(row)}", stored(group, row), None)


def _explanation_changes(before: dict[str, str], after: dict[str, str], path: str, label: str) -> Iterator[FieldChange]:
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
