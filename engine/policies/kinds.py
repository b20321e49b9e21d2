"""The kinds of values a decision table takes and gives, and how each is read from what a caller hands in."""

import re
from decimal import Decimal
from enum import Enum
from typing import Any

_NUMERAL = re.compile(r"-?\d{1,30}(?:\.\d{1,30})?", re.ASCII)


class Kind(Enum):
    """A kind of value: its DMN type, its Chinese name, and what a cell of such an input may look like."""

    NUMBER = ("number", "数值", "200　>= 200　[80..90)　< time_progress　-")
    WORD = ("string", "词", '"new"　"new","continuing"　not("new")　-')
    BOOLEAN = ("boolean", "是否", "true　false　-")
    WORDS = ("string", "清单", '"成本"（清单里有）　not("成本")（清单里没有）　-')
    TEXT = ("string", "文字", '"文字"')

    def __init__(self, type_ref: str, label: str, examples: str) -> None:
        self.type_ref = type_ref
        self.label = label
        self.examples = examples


class NotOfKind(ValueError):
    """A value that is not of the kind wanted; says in Chinese what is."""


def read_number(value: Any) -> Decimal:
    """A number from Decimal, int or plain decimal text such as "9298.22276"; a float has lost digits and is refused."""
    if isinstance(value, Decimal) and value.is_finite():
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and _NUMERAL.fullmatch(value):
        return Decimal(value)
    raise NotOfKind('应为数值，如200或"999.99"（不带千分位、单位和全角字符）')
