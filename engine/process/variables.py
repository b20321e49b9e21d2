"""What a process may carry: routing outcomes, small and plain. Forms, scores and opinions live in our tables."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.process.model import VariablesRefused

MAX_DEPTH = 4
MAX_TEXT = 2000
MAX_ITEMS = 2000
MAX_INTEGER = 2**63 - 1


def checked_variables(variables: Mapping[str, Any]) -> dict[str, Any]:
    """The variables as plain copies; VariablesRefused names the first one a process cannot carry."""
    for name in variables:
        if not isinstance(name, str) or not name.isidentifier() or name.startswith("_"):
            raise VariablesRefused(f"变量名“{name}”不合规范，须为不以下划线开头的标识符。", variable=str(name))
    return {name: checked_value(value, name) for name, value in variables.items()}


def checked_value(value: Any, name: str, depth: int = 0) -> Any:
    """One value as a plain copy: text, truth, integer, Decimal, None, and lists and dicts of these."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str) and len(value) <= MAX_TEXT:
        return value
    if isinstance(value, int) and abs(value) <= MAX_INTEGER:
        return value
    if isinstance(value, Decimal) and value.is_finite():
        return value
    if isinstance(value, float):
        raise VariablesRefused(
            f"变量“{name}”是按浮点数传来的，可能已经丢失尾数；金额和得分请按文字或十进制小数传送。", variable=name
        )
    if depth < MAX_DEPTH and isinstance(value, list | tuple | Mapping) and len(value) <= MAX_ITEMS:
        if isinstance(value, Mapping):
            return {_key(key, name): checked_value(inner, name, depth + 1) for key, inner in value.items()}
        return [checked_value(inner, name, depth + 1) for inner in value]
    raise VariablesRefused(
        f"变量“{name}”的值不能存入流程，只接受短文字、真假、整数、小数，以及由它们组成的清单和对照表。",
        variable=name,
    )


def _key(key: Any, name: str) -> str:
    if not isinstance(key, str):
        raise VariablesRefused(f"变量“{name}”中的键“{key}”不是文字。", variable=name)
    return key
