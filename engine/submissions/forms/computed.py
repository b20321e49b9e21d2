"""Computed cells: the engine fills them in; a figure typed by hand must agree with it."""

import copy
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from marshmallow import Schema, ValidationError, fields

from engine.findings import FormFinding
from engine.scoring.numbers import MONEY_PLACES, PERCENT_PLACES, SCORE_PLACES, rounded, shown
from engine.submissions.forms import paths
from engine.submissions.forms.findings import wrong
from engine.submissions.forms.shape import Data, inner_schema

_PLACES = {"money": MONEY_PLACES, "percent": PERCENT_PLACES, "score": SCORE_PLACES}


def contradicted(schema: Schema, data: Data, figures: Mapping[str, Any]) -> Iterator[FormFinding]:
    """Every computed cell whose typed figure is not what the form's own numbers give."""
    for path, expected in figures.items():
        given = paths.look_up(data, path)
        if given is None or expected is None:
            continue
        field = field_at(schema, path)
        kind = field.metadata["kind"]
        if not _agree(given, expected, kind):
            label, unit = field.metadata["label"], field.metadata["unit"]
            text = f"“{label}”填的是 {_said(given)}，按本表应为 {_said(expected)}{unit}。请核对，或清空由系统计算。"
            yield wrong(path, text)


def with_figures(schema: Schema, data: Data, figures: Mapping[str, Any]) -> Data:
    """The same values with every empty computed cell filled in, where the figure is one the cell can hold."""
    settled = copy.deepcopy(data)
    for path, figure in figures.items():
        if figure is not None and paths.look_up(settled, path) is None and _fits(field_at(schema, path), figure):
            paths.put(settled, path, figure)
    return settled


def field_at(schema: Schema, path: str) -> fields.Field[Any]:
    """The field a path leads to."""
    inside: Schema | None = schema
    field: fields.Field[Any] | None = None
    for name in paths.names(path):
        if inside is None:
            raise KeyError(path)
        field = inside.fields[name]
        inside = inner_schema(field)
    if field is None:
        raise KeyError(path)
    return field


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
