"""What a browser sends back, read into a content: names are paths, values stay what was typed.

A form may be sent whole or in part. What was not in the page is taken from the stored draft; so is every cell the
person may not change. Names that are not of the form are nobody's and left aside. Buttons without scripts are
`add=indicators`, `remove=indicators[y3]`, `up=…`, `down=…`, `back=…`: they change the content and the page comes back.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from engine.submissions.forms import Form, FormTooLarge
from engine.submissions.forms.carried import Carried, brought_over
from engine.submissions.forms.cells import Explanations
from engine.submissions.forms.layout import Cell, Group, is_left_to_others, layout
from engine.submissions.forms.paths import look_up
from engine.submissions.forms.shape import LARGEST_TEXT, MOST_CELLS, must_be_bounded
from engine.words import UnitKind
from web.forms import rows
from web.forms.deleted import BACK, DELETED, WITHIN, DeletedRow, deleted_row, marked
from web.forms.shown import typed, typed_items

BUTTONS = ("add", "remove", "up", "down", BACK)
EXPLANATIONS = "explanations"
LONGEST_NAME = 260
DEEPEST_NAME = 6
_STEP = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?:\[([A-Za-z0-9_-]{1,40})\])?")
_EXPLAINED = re.compile(r"explanations\[(.*)\]", re.DOTALL)


class Sent(Protocol):
    """The fields of a posted form, in the order of the page; werkzeug's MultiDict is one."""

    def lists(self) -> Iterable[tuple[str, list[str]]]:
        """Every name with all its values."""
        ...


@dataclass(frozen=True, slots=True)
class Posted:
    """The content as it now is; `button` is the one pressed, `focus` the path to go on at, `notice` why not.

    `deleted` are the rows that can be brought back, after a row was deleted or brought back.
    """

    content: dict[str, Any]
    button: str | None = None
    focus: str | None = None
    notice: str | None = None
    deleted: tuple[DeletedRow, ...] = ()


@dataclass(slots=True)
class _Heard:
    """What was sent for one place: values of a cell, or the cells of a block, or the rows of a table by id."""

    values: list[str]
    inside: dict[str, "_Heard"]


def read_post(
    form: Form,
    sent: Sent,
    stored: Mapping[str, Any],
    *,
    carried: Carried | None = None,
    filler: UnitKind | None = None,
    earlier: Iterable[Mapping[str, Any]] = (),
) -> Posted:
    """The content of the form after this post. `stored` is the draft the page was made from.

    `carried` cells and those that are not the `filler`'s stay as stored, whatever was sent. `earlier` are the contents
    of former versions: none of their row ids is given to a new row. Refuses (FormTooLarge) more than any form holds;
    everything else is taken as typed, for the checks to judge.
    """
    pairs = [(name, [value for value in values if isinstance(value, str)]) for name, values in sent.lists()]
    _must_be_of_a_size(pairs)
    group = layout(form.schema)
    before = rows.with_ids(group, brought_over(stored, carried))
    heard, explained, pressed = _sorted(group, pairs)
    content = _Merge(carried, filler).group(group, heard, before)
    explanations = _explanations(before.get(EXPLANATIONS), explained)
    content = {EXPLANATIONS: explanations, **content} if explanations else content
    known = [before, content, *earlier]
    others = _Others(filler, known)
    deleted = _deleted(group, pairs, others) if pressed and pressed[0] in ("remove", BACK) else ()
    posted = _press(group, content, pressed, _Around(carried, known, deleted)) if pressed else Posted(content)
    must_be_bounded(posted.content)
    return posted


def _must_be_of_a_size(pairs: list[tuple[str, list[str]]]) -> None:
    count = sum(len(values) for _, values in pairs)
    if count > MOST_CELLS or sum(len(value) for _, values in pairs for value in values) > LARGEST_TEXT:
        raise FormTooLarge("内容超出了一张表的容量，没有保存。请分表填报，或把长篇材料作为附件上传。")


def _sorted(
    group: Group, pairs: list[tuple[str, list[str]]]
) -> tuple[dict[str, _Heard], dict[str, str], tuple[str, str] | None]:
    """The cells by place, the explanations by path, the button pressed; other names are left aside."""
    heard: dict[str, _Heard] = {}
    explained: dict[str, str] = {}
    pressed = None
    for name, values in pairs:
        found = _EXPLAINED.fullmatch(name) if name.startswith(EXPLANATIONS) and len(name) <= LONGEST_NAME else None
        if found and values and group.has(found[1]):
            explained[found[1]] = typed(values[-1])
        elif name in BUTTONS and values and len(values[-1]) <= LONGEST_NAME:
            pressed = (name, values[-1])
        elif values:
            _hear(group, heard, name, values)
    return heard, explained, pressed


def _hear(group: Group, heard: dict[str, _Heard], name: str, values: list[str]) -> None:
    """Put the values where the path leads, if it leads to a cell or a table of the form."""
    steps = _steps(name)
    if steps is None or _cell_at(group, steps) is None:
        return
    places, place = heard, _Heard([], {})
    for step, row_id in steps:
        place = places.setdefault(step, _Heard([], {}))
        if row_id:
            place = place.inside.setdefault(row_id, _Heard([], {}))
        places = place.inside
    place.values += values


def _steps(name: str) -> list[tuple[str, str]] | None:
    if len(name) > LONGEST_NAME or name.count(".") > DEEPEST_NAME:
        return None
    found = [_STEP.fullmatch(step) for step in name.split(".")]
    return [(step[1], step[2] or "") for step in found if step] if all(found) else None


def _cell_at(group: Group, steps: list[tuple[str, str]]) -> Cell | None:
    """The cell or the whole table the steps lead to; None where a step does not fit the layout."""
    cell: Cell | None = None
    for at, (name, row_id) in enumerate(steps):
        cell = group.by_name.get(name)
        last = at == len(steps) - 1
        if cell is None or bool(row_id) != (cell.sort == "table" and not last) or (cell.inside is None and not last):
            return None
        group = cell.inside or group
    return None if cell is None or cell.sort == "block" or isinstance(cell.field, Explanations) else cell


@dataclass(frozen=True, slots=True)
class _Merge:
    """Laying what was sent over what is stored, in the order of the form."""

    carried: Carried | None
    filler: UnitKind | None

    def group(
        self,
        group: Group,
        heard: Mapping[str, _Heard],
        before: Mapping[str, Any],
        laid_down: frozenset[str] = frozenset(),
    ) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for cell in group.cells:
            old, place = before.get(cell.name), heard.get(cell.name)
            about = cell.field.metadata
            others = about["computed"] or is_left_to_others(about["office"], self.filler)
            if cell.name in ("id", EXPLANATIONS):
                continue
            keeps = place is None or others or cell.name in laid_down
            value = old if place is None or keeps else self.cell(cell, place, old)
            if value is not None and value != "" and value != [] and value != {}:
                merged[cell.name] = value
        return merged

    def cell(self, cell: Cell, place: _Heard, old: Any) -> Any:
        """One cell as it now is; an empty one is None or empty."""
        if cell.inside is not None and cell.sort == "block":
            return self.group(cell.inside, place.inside, old or {})
        if cell.inside is not None:
            return self.rows(cell, cell.inside, place, old or [])
        if cell.sort == "value":
            return typed(place.values[-1])
        if cell.field.metadata["options"] or cell.field.metadata["refers_to"]:
            return _in_former_order([typed(value) for value in place.values if value != ""], old)
        text = typed(place.values[-1])
        return text.split("\n") if text else []

    def rows(self, cell: Cell, group: Group, place: _Heard, old: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The rows in the order of the page; where rows are laid down, or only some were sent, those stored stay."""
        stored = {row["id"]: row for row in old}
        carried = self.carried if self.carried is not None and self.carried.table == cell.name else None
        order = list(place.inside) if place.values and carried is None else list(stored)
        if carried is None:
            order = list(dict.fromkeys([*order, *place.inside]))
        merged = []
        for row_id in order:
            sent, row = place.inside.get(row_id), stored.get(row_id, {})
            fixed = frozenset(name for name in group.by_name if carried is not None and carried.holds(row_id, name))
            merged.append({"id": row_id, **(self.group(group, sent.inside if sent else {}, row, fixed))})
        return merged


def _in_former_order(chosen: list[str], old: Any) -> list[str]:
    """The chosen items, those of before in their order: ticking boxes says nothing about an order."""
    before = typed_items(old)
    return [*(item for item in before if item in chosen), *(item for item in chosen if item not in before)]


def _explanations(before: Any, explained: Mapping[str, str]) -> dict[str, Any]:
    kept = dict(before) if isinstance(before, Mapping) else {}
    return {path: said for path, said in {**kept, **explained}.items() if said != ""}


@dataclass(frozen=True, slots=True)
class _Others:
    """What other offices than the filler said in a row: taken from the contents that are known, not from the page."""

    filler: UnitKind | None
    known: list[Any]

    def within(self, group: Group, path: str) -> dict[str, Any]:
        """Their cells of the row at this path."""
        row = next(filter(None, (look_up(content, path) for content in self.known)), {})
        left = (cell.name for cell in group.cells if is_left_to_others(cell.field.metadata["office"], self.filler))
        return {name: row[name] for name in left if name in row}


def _deleted(group: Group, pairs: list[tuple[str, list[str]]], others: _Others) -> tuple[DeletedRow, ...]:
    """The rows deleted before, as the page carries them; what names no table of the form is left aside."""
    carried = [(name[len(WITHIN) :], values) for name, values in pairs if name.startswith(WITHIN)]
    heard, said, _ = _sorted(group, carried)
    content = {EXPLANATIONS: said, **_Merge(None, others.filler).group(group, heard, {})}
    found = []
    for path, at in filter(None, (marked(mark) for name, marks in pairs if name == DELETED for mark in marks)):
        table, row_id = rows.split_row(path) or ("", "")
        steps = _steps(table)
        cell = None if steps is None else _cell_at(group, steps)
        if cell is not None and cell.inside is not None:
            row = (look_up(content, path) or {"id": row_id}) | others.within(cell.inside, path)
            found.append(deleted_row(cell.inside, path, at, row, rows.explained_within(content, path)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Around:
    """What a button has to know besides the content: the rows laid down, all known contents, the rows deleted."""

    carried: Carried | None
    known: list[Any]
    deleted: tuple[DeletedRow, ...]


def _press(group: Group, content: dict[str, Any], pressed: tuple[str, str], around: _Around) -> Posted:
    """The content after the button; one that names nothing here changes nothing."""
    button, target = pressed
    place = target.partition("@")[0] if button == BACK else target
    table, row_id = (place, "") if button == "add" else rows.split_row(place) or ("", "")
    steps = _steps(table)
    cell = None if steps is None else _cell_at(group, steps)
    nothing = Posted(content, button, place)
    if cell is None or cell.inside is None:
        return Posted(content, button)
    carried = around.carried if around.carried is not None and around.carried.table == table else None
    if button == "add":
        return nothing if carried is not None else _add(group, cell, content, table, around.known)
    if carried is not None and (button != "remove" or row_id in carried.rows):
        return nothing
    if button == "remove":
        return _remove(cell.inside, content, table, row_id, () if carried is not None else around.deleted)
    if button == BACK:
        return _bring_back(cell, content, target, around.deleted)
    rows.move_row(content, table, row_id, -1 if button == "up" else 1)
    return nothing


def _remove(group: Group, content: dict[str, Any], table: str, row_id: str, deleted: tuple[DeletedRow, ...]) -> Posted:
    path = f"{table}[{row_id}]"
    row, said = look_up(content, path), rows.explained_within(content, path)
    at = rows.remove_row(content, table, row_id)
    left = rows.rows_at(content, table)
    focus = table if at is None or not left else f"{table}[{left[min(at, len(left) - 1)]['id']}]"
    gone = () if at is None else (deleted_row(group, path, at, row, said),)
    return Posted(content, "remove", focus, deleted=(*deleted, *gone))


def _bring_back(cell: Cell, content: dict[str, Any], mark: str, deleted: tuple[DeletedRow, ...]) -> Posted:
    """The deleted row where it stood; it stays deleted while its table is full or the row around it is not there."""
    row = next((row for row in deleted if row.mark == mark), None)
    if row is None or look_up(content, row.path) is not None:
        return Posted(content, BACK, mark.partition("@")[0], deleted=tuple(one for one in deleted if one is not row))
    if len(rows.rows_at(content, row.table)) >= cell.limit or not rows.put_row(content, row.table, row.at, row.row):
        return Posted(content, BACK, row.table, deleted=deleted)
    if row.said:
        content[EXPLANATIONS] = {**content.get(EXPLANATIONS, {}), **row.said}
    return Posted(content, BACK, row.path, deleted=tuple(one for one in deleted if one is not row))


def _add(group: Group, cell: Cell, content: dict[str, Any], table: str, known: list[Any]) -> Posted:
    if len(rows.rows_at(content, table)) >= cell.limit:
        said = f"{cell.said}最多 {cell.limit} 行，没有再添加。请合并或删减后再添加。"
        return Posted(content, "add", table, said)
    used = {row_id for one in known for row_id in rows.ids_in(group, one)}
    row_id = rows.fresh_id(used, cell.inside.numbered if cell.inside is not None else "")
    added = rows.add_row(content, table, row_id)
    return Posted(content, "add", f"{table}[{row_id}]" if added else table)
