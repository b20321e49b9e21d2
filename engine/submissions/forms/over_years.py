"""What changed from last year's paper to this year's: two papers of the same form whose rows share no ids.

Rows are matched by their names, those without a name by their place; a cell that names rows of another table follows.
Explanations answer the checks of their own year and are left out.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from engine.submissions.forms.diff import FieldChange, diff
from engine.submissions.forms.form import Form
from engine.submissions.forms.layout import Group, layout

_NAMING = ("name", "item", "text", "problem", "fact")
_NOT_COMPARED = "explanations"
Stored = Mapping[str, Any]
_Ids = Mapping[str, Mapping[str, str]]
"""Table → the id of a row last year → the id of the same row now."""


def diff_over_years(form: Form, former: Stored, now: Stored) -> list[FieldChange]:
    """All changes from last year's content to this year's; refuses what cannot be read as this form."""
    group, (before, after) = layout(form.schema), (_compared(content) for content in (former, now))
    ids = {
        cell.name: _same_rows(_rows(before, cell.name), _rows(after, cell.name))
        for cell in group.cells
        if cell.sort == "table"
    }
    return diff(form, _renamed(group, before, after, ids), after)


def _compared(content: Stored) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name != _NOT_COMPARED}


def _rows(content: Stored, table: str) -> list[Stored]:
    found = content.get(table)
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []


def _same_rows(before: Sequence[Stored], after: Sequence[Stored]) -> dict[str, str]:
    """The id each row of last year has now; one that is gone gets one nobody has."""
    waiting: dict[str, list[str]] = defaultdict(list)
    for row in after:
        waiting[_name_of(row)].append(str(row.get("id")))
    taken = {str(row.get("id")) for row in after}
    ids: dict[str, str] = {}
    for number, row in enumerate(before, start=1):
        same = waiting[_name_of(row)]
        ids[str(row.get("id"))] = same.pop(0) if same else _free(f"gone{number}", taken)
    return ids


def _free(wanted: str, taken: set[str]) -> str:
    while wanted in taken:
        wanted += "x"
    return wanted


def _name_of(row: Stored) -> str:
    return next((row[key].strip() for key in _NAMING if isinstance(row.get(key), str)), "")


def _renamed(group: Group, before: Stored, after: Stored, ids: _Ids) -> dict[str, Any]:
    """Last year's cells, its rows under the ids of this year's."""
    renamed = dict(before)
    for cell in group.cells:
        value = before.get(cell.name)
        refers_to = str(cell.field.metadata.get("refers_to") or "")
        if cell.inside is not None and cell.sort == "block" and isinstance(value, Mapping):
            renamed[cell.name] = _renamed(cell.inside, value, after.get(cell.name) or {}, ids)
        elif cell.inside is not None and cell.sort == "table":
            renamed[cell.name] = _renamed_rows(cell.inside, _rows(before, cell.name), _rows(after, cell.name), ids)
        elif refers_to in ids and value is not None:
            same = ids[refers_to]
            renamed[cell.name] = (
                [same.get(each, each) for each in value] if isinstance(value, list) else same.get(value, value)
            )
    return renamed


def _renamed_rows(group: Group, before: Sequence[Stored], after: Sequence[Stored], ids: _Ids) -> list[dict[str, Any]]:
    now, same = {str(row.get("id")): row for row in after}, _same_rows(before, after)
    renamed = []
    for row in before:
        row_id = same[str(row.get("id"))]
        renamed.append(_renamed(group, row, now.get(row_id, {}), ids) | {"id": row_id})
    return renamed
