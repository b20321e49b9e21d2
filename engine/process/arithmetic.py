"""Calculating in expressions: Decimal and integers only, everything bounded, so no condition can eat time or memory."""

import ast
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from engine.process.model import ExpressionFailed

MAX_NUMBER = 10**15
MAX_TEXT = 10_000


def _number(value: Any) -> int | Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ExpressionFailed(f"“{value}”不是数字，不能参加计算。")
    if not is_bounded(value):
        raise ExpressionFailed("数字过大，不能参加计算。")
    return value


def is_bounded(number: int | Decimal) -> bool:
    """Whether a number is small enough to calculate with."""
    return Decimal(number).is_finite() and -MAX_NUMBER <= number <= MAX_NUMBER


def _add(left: Any, right: Any) -> Any:
    if isinstance(left, str) and isinstance(right, str):
        if len(left) + len(right) > MAX_TEXT:
            raise ExpressionFailed("拼接后的文字过长。")
        return left + right
    return _number(left) + _number(right)


def _divide(left: Any, right: Any) -> Decimal:
    if _number(right) == 0:
        raise ExpressionFailed("除数为零。")
    return Decimal(_number(left)) / Decimal(_number(right))


def _remainder(left: Any, right: Any) -> int | Decimal:
    if _number(right) == 0:
        raise ExpressionFailed("除数为零。")
    rest: int | Decimal = _number(left) % _number(right)
    return rest


def _length(value: Any) -> int:
    if not isinstance(value, str | list | tuple | Mapping):
        raise ExpressionFailed("只有文字、列表和字典才有长度。")
    return len(value)


def _numbers(values: tuple[Any, ...]) -> list[int | Decimal]:
    given = values[0] if len(values) == 1 and isinstance(values[0], list | tuple) else values
    return [_number(value) for value in given]


def _round(value: Any, digits: Any = 0) -> Decimal:
    if isinstance(digits, bool) or not isinstance(digits, int) or not 0 <= digits <= 10:
        raise ExpressionFailed("保留的小数位数须为0至10。")
    return Decimal(_number(value)).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def _as_number(value: Any) -> int | Decimal:
    if isinstance(value, str):
        if len(value) > 40:
            raise ExpressionFailed("文字过长，不是数字。")
        return _number(Decimal(value))
    return _number(value)


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "abs": lambda value: abs(_number(value)),
    "len": _length,
    "max": lambda *values: max(_numbers(values)),
    "min": lambda *values: min(_numbers(values)),
    "number": _as_number,
    "round": _round,
}
"""Functions an expression may call; besides them `defined('name')` says whether a variable has been set."""

ARITHMETIC: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: _add,
    ast.Sub: lambda left, right: _number(left) - _number(right),
    ast.Mult: lambda left, right: _number(left) * _number(right),
    ast.Div: _divide,
    ast.Mod: _remainder,
}
"""What an operator does; texts can be added, everything else takes numbers."""
