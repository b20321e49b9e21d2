"""Computed cells: the engine fills them in; a figure typed by hand must agree with it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

from engine.findings import FormFinding
from engine.scoring.numbers import MONEY_PLACES, PERCENT_PLACES, SCORE_PLACES, rounded, shown
from engine.submissions.forms.findings import wrong
from engine.submissions.forms.layout import Cell
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
    if isinstance(given, Decimal) and isinstance(expected, Decimal) and kind in _PLACES:
        return rounded(given, _PLACES[kind]) == rounded(expected, _PLACES[kind])
    return bool(given == expected)


def _said(value: Any) -> str:
    return shown(value) if isinstance(value, Decimal) else str(value)
