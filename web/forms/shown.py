"""How one cell of a form is written: as it was typed, for a control, and as people read it, for a paper (ux 3.6).

Reading it, amounts have thousands commas and are rounded only where the engine computed them; a cell that must be
filled and is not reads 未填, one that may stay empty reads —, and a zero is a zero.
"""

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

from engine.scoring.numbers import SCORE_PLACES, as_decimal, rounded
from engine.texts import is_blank
from web.forms.plan import Column

MISSING = "未填"
NOTHING = "—"
MINUS = "−"
_TWO_PLACES = frozenset({"score", "percent"})


def typed(value: Any) -> str:
    """The value as it goes into a control and comes back: what was typed, character by character.

    A line break is one \\n, as every browser sees it; 是 and 否 are words; half a character becomes a mark.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        text = value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value
        return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value) if isinstance(value, int) else typed(json.dumps(value, ensure_ascii=False, default=str))


def typed_items(value: Any) -> tuple[str, ...]:
    """The items of a list, each as `typed`; what is no list is one item."""
    items = value if isinstance(value, list) else [] if value is None else [value]
    return tuple(map(typed, items))


def read_aloud(column: Column, value: Any, *, in_table: bool = False) -> str:
    """The cell as a person reads it: `1,033.496`, `87.50 %`, `2022年10月12日`, the label of a choice, 未填 or —.

    Days keep their ISO form inside tables, where they are sorted. What cannot be read stays as it was typed.
    """
    if isinstance(value, list):
        read = [_one(column, item, in_table) for item in value if not is_blank(typed(item))]
        return ("、" if column.options else "\n").join(read) or empty(column)
    text = typed(value)
    return empty(column) if is_blank(text) else _one(column, value, in_table)


def exactly(column: Column, value: Any) -> str:
    """All the digits of a figure that `read_aloud` rounds; "" where it rounds nothing away."""
    number = _figure(column, value)
    if number is None or not _is_rounded(column) or rounded(number, SCORE_PLACES) == number:
        return ""
    return _digits(number)


def empty(column: Column) -> str:
    """未填 where something must stand, — where nothing need stand."""
    return MISSING if column.required and not column.computed else NOTHING


def _one(column: Column, value: Any, in_table: bool) -> str:
    number = _figure(column, value)
    if number is not None:
        return _number(column, number)
    text = typed(value)
    if column.options:
        return column.labels.get(text.strip(), text)
    return _day_in_words(text) if column.kind == "date" and not in_table else text


def _day_in_words(text: str) -> str:
    """A day as letters have it; what is no day stays as it is."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return text
    return f"{day.year}年{day.month}月{day.day}日"


def _figure(column: Column, value: Any) -> Decimal | None:
    if not column.is_number or column.kind == "year" or isinstance(value, bool):
        return None
    text = typed(value).strip()
    plain = text.replace(",", "") if re.fullmatch(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?", text) else text
    return as_decimal(plain) if re.fullmatch(r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?", plain) else None


def _number(column: Column, number: Decimal) -> str:
    digits = _digits(rounded(number, SCORE_PLACES) if _is_rounded(column) else number)
    if column.kind == "percent":
        return f"{digits} 点" if column.unit == "百分点" else f"{digits} %"
    return digits


def _is_rounded(column: Column) -> bool:
    return column.kind in _TWO_PLACES or (column.kind == "money" and column.computed)


def _digits(number: Decimal) -> str:
    return f"{number:,f}".replace("-", MINUS)
