"""Computed cells: the engine fills them in; a figure typed by hand must agree with it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

from engine.findings import FormFinding
from engine.scoring.numbers import MONEY_PLACES, PERCENT_PLACES, SCORE_PLACES, decimals_of, rounded, shown
from engine.submissions.forms.findings import wrong
from engine.submissions.forms.layout import Cell, Group
from engine.submissions.forms.reading import Reading
from engine.submissions.forms.shape import Data

_PLACES = {"money": MONEY_PLACES, "percent": PERCENT_PLACES, "score": SCORE_PLACES}


def contradicted(reading: Reading, figures: Mapping[str, Any]) -> Iterator[FormFinding]:
    """Every computed cell whose typed figure is not what the form's own numbers give."""
    for path, cell, data, expected in _computed(reading, figures):
        given = data.get(cell.name)
        if given is not None and not _agree(given, expected, cell.field.metadata["kind"]):
            right = f"{_said(expected)}{cell.field.metadata['unit']}"
            text = f"{cell.said}填的是 {_said(given)}，按本表应为 {right}。请核对，或清空由系统计算。"
            yield wrong(path, text)


def fill_in(reading: Reading, figures: Mapping[str, Any]) -> None:
    """Write every figure into its cell that is still empty, where it is one the cell can hold."""
    for _, cell, data, figure in _computed(reading, figures):
        if data.get(cell.name) is None and _fits(cell.field, figure):
            data[cell.name] = figure


def without_figures(group: Group, content: Mapping[str, Any]) -> Data:
    """The content, read or not, with every computed cell empty."""
    return {name: _inside(group.by_name.get(name), value) for name, value in content.items() if not _is(group, name)}


def with_figures(group: Group, content: Mapping[str, Any], settled: Mapping[str, Any]) -> Data:
    """The content as it was typed, with the computed cells of `settled`, which is the same read and filled in."""
    told = {cell.name: settled[cell.name] for cell in group.cells if _is(group, cell.name) and cell.name in settled}
    filled = dict(content)
    for cell in group.cells:
        there, figures = content.get(cell.name), settled.get(cell.name)
        if cell.inside is not None and isinstance(there, Mapping) and isinstance(figures, Mapping):
            filled[cell.name] = with_figures(cell.inside, there, figures)
        elif cell.inside is not None and isinstance(there, list) and isinstance(figures, list):
            by_id = {row["id"]: row for row in figures}
            filled[cell.name] = [with_figures(cell.inside, row, by_id.get(row.get("id"), {})) for row in there]
    return filled | told


def _is(group: Group, name: str) -> bool:
    cell = group.by_name.get(name)
    return cell is not None and bool(cell.field.metadata["computed"])


def _inside(cell: Cell | None, value: Any) -> Any:
    if cell is None or cell.inside is None:
        return value
    if isinstance(value, Mapping):
        return without_figures(cell.inside, value)
    if isinstance(value, list):
        return [without_figures(cell.inside, row) if isinstance(row, Mapping) else row for row in value]
    return value


def _computed(reading: Reading, figures: Mapping[str, Any]) -> Iterator[tuple[str, Cell, Data, Any]]:
    """The figures that have a meaning here, each with its cell and the block or row that is there to hold it."""
    for path, figure in figures.items():
        found = None if figure is None else reading.at(path)
        if found is not None:
            yield path, *found, figure


def _fits(field: fields.Field[Any], figure: Any) -> bool:
    try:
        field.deserialize(field._serialize(figure, None, None))
    except ValidationError:
        return False
    return True


def _agree(given: Any, expected: Any, kind: str) -> bool:
    """Whether they are one figure to the places of its kind; a rate may be typed with fewer (86 for 86.20)."""
    if isinstance(given, Decimal) and isinstance(expected, Decimal) and kind in _PLACES:
        places = _PLACES[kind] if kind != "percent" else min(_PLACES[kind], decimals_of(given))
        return rounded(given, places) == rounded(expected, places)
    return bool(given == expected)


def _said(value: Any) -> str:
    return shown(value) if isinstance(value, Decimal) else str(value)
