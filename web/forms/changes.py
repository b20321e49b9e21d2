"""What changed since another version, for people: one line each, and a page with nothing but the changes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.submissions.forms import FieldChange, Form
from engine.submissions.forms.cells import Explanations
from engine.submissions.forms.layout import Cell, Group, layout
from engine.submissions.forms.paths import names
from web.forms import shown
from web.forms.plan import BlockPlan, Column, MatrixPlan, PartPlan, TablePlan, column_of, plan_of
from web.forms.tree import Block, Field, Matrix, Part, Row, Tree

ABSENT = "（无）"


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One cell or row that differs: where, and how it reads before and after; （无） where there was nothing."""

    path: str
    kind: str
    label: str
    before: str
    after: str


def lines_of(form: Form, changes: Iterable[FieldChange]) -> list[ChangeLine]:
    """The changes of a form as people read them, in the order they come."""
    return [_line(form, change) for change in changes]


def removed_by_table(changes: Sequence[FieldChange]) -> Mapping[str, list[FieldChange]]:
    """The rows that are gone, by the path of their table."""
    removed: dict[str, list[FieldChange]] = {}
    for change in changes:
        if change.is_of_a_row_gone:
            removed.setdefault(change.field.rpartition("[")[0], []).append(change)
    return removed


def row_words(plans: Iterable[PartPlan], row: Any) -> str:
    """A whole row in words: `三级指标：新建服务站点；指标性质：=；…`; cells nobody filled are left out."""
    return "；".join(_words(plans, row)) if isinstance(row, Mapping) else ABSENT


def only_changes(tree: Tree) -> Tree:
    """The page with nothing but what changed: fields that differ, rows that have one, rows added and removed."""
    sections = []
    for section in tree.sections:
        parts = _changed_parts(section.parts)
        if parts:
            sections.append(replace(section, parts=parts))
    return replace(tree, sections=tuple(sections), only_changes=True)


def _line(form: Form, change: FieldChange) -> ChangeLine:
    cell = _cell_at(layout(form.schema), change.field)
    before, after = (ABSENT if value is None else _said(form, cell, value) for value in (change.before, change.after))
    return ChangeLine(change.field, change.kind, change.label, before, after)


def _said(form: Form, cell: Cell | None, value: Any) -> str:
    if cell is None or isinstance(cell.field, Explanations):
        return shown.typed(value)
    if cell.sort == "table":
        table = next(_tables(plan_of(form.schema), cell.name))
        return row_words(table.cells, value)
    return shown.read_aloud(column_of(cell), value, in_table=True)


def _tables(sections: Iterable[Any], name: str) -> Iterator[TablePlan]:
    for part in sections:
        if isinstance(part, TablePlan) and part.column.name == name:
            yield part
        inner = part.cells if isinstance(part, TablePlan) else getattr(part, "parts", ())
        yield from _tables(inner, name)


def _cell_at(group: Group, path: str) -> Cell | None:
    cell: Cell | None = None
    for name in names(path.partition("[")[0] if path.startswith("explanations") else path):
        cell = group.by_name.get(name)
        if cell is None:
            return None
        group = cell.inside or group
    return cell


def _words(plans: Iterable[PartPlan], row: Mapping[str, Any]) -> Iterator[str]:
    for plan in plans:
        if isinstance(plan, Column):
            value = row.get(plan.name)
            if value is not None and value != "" and value != []:
                yield f"{plan.label}：{shown.read_aloud(plan, value, in_table=True)}"
        elif isinstance(plan, TablePlan):
            rows = row.get(plan.column.name) or []
            if rows:
                yield f"{plan.column.label}：{'、'.join(row_words(plan.cells, each) for each in rows)}"
        elif isinstance(plan, BlockPlan):
            yield from _words(plan.parts, row.get(plan.column.name) or {})
        elif isinstance(plan, MatrixPlan):
            yield from _words(plan.rows, row)


def _changed_parts(parts: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(changed for changed in map(_changed, parts) if changed is not None)


def _changed(part: Part) -> Part | None:
    if isinstance(part, Field):
        return part if part.says.before is not None else None
    if isinstance(part, Matrix):
        lines = tuple(line for line in part.lines if any(each.says.before is not None for each in line.fields))
        return replace(part, lines=lines) if lines else None
    if isinstance(part, Block):
        inner = _changed_parts(part.parts)
        return replace(part, parts=inner) if inner else None
    rows = tuple(row for row in map(_changed_row, part.rows) if row is not None)
    return replace(part, rows=rows) if rows or part.removed else None


def _changed_row(row: Row) -> Row | None:
    """A row with a change, all of its columns and of the rest only what changed; an added one whole."""
    rest = _changed_parts(row.rest)
    in_row = any(each.says.before is not None for cell in row.cells for each in cell)
    if row.added:
        return row
    return replace(row, rest=rest, opened=True) if rest or in_row else None
