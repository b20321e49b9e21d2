"""What may stand in the place of a node: the small mistakes a person makes, each with its name."""

import ast
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

COLUMNS = {"mapped_column", "ForeignKey", "Index", "UniqueConstraint", "CheckConstraint", "Numeric", "TypeVar", "cast"}
"""Calls that lay down tables or types."""
CRITERIA = {"where", "or_", "and_", "filter", "order_by", "with_for_update"}
"""Calls each of whose arguments narrows what is found."""

NEIGHBOURS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
OPPOSITES: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
}  # fmt: skip
JOINS = (ast.BitOr, ast.BitAnd)


@dataclass(frozen=True, slots=True)
class Alternative:
    """Code for the place of `node`, or of the node that was asked about."""

    kind: str
    text: str
    node: Any = None


def alternatives(node: ast.AST, parents: Sequence[ast.AST]) -> Iterator[Alternative]:
    """Everything that may stand there instead; `parents` are the nodes around it, the nearest last."""
    find = FINDERS.get(type(node))
    if find is not None:
        yield from find(node, parents)


def _comparison(node: ast.Compare, parents: Sequence[ast.AST]) -> Iterator[Alternative]:
    for index, operator in enumerate(node.ops):
        other = copy(node)
        other.ops = [*node.ops[:index], NEIGHBOURS[type(operator)](), *node.ops[index + 1 :]]
        yield _put("comparison", other)


def _logic(node: ast.BoolOp, parents: Sequence[ast.AST]) -> Iterator[Alternative]:
    other = copy(node)
    other.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield _put("and/or", other)
    for index in range(len(node.values)):
        fewer = copy(node)
        fewer.values = [*node.values[:index], *node.values[index + 1 :]]
        yield _put("condition dropped", fewer if len(fewer.values) > 1 else fewer.values[0])


def _sign(node: ast.UnaryOp, parents: Sequence[ast.AST]) -> Iterator[Alternative]:
    if isinstance(node.op, ast.Not):
        yield _put("not dropped", node.operand)
    elif isinstance(node.op, ast.USub):
        yield _put("sign dropped", node.operand)


def _constant(node: ast.Constant, parents: Sequence[ast.AST]) -> Iterator[Alternative]:
    around = parents[-1] if parents else None
    if isinstance(node.value, bool):
        yield Alternative("constant", str(not node.value))
    elif isinstance(node.value, int):
        yield Alternative("constant", f"({node.value + 1})")
        yield Alternative("constant", f"({node.value - 1})")
    elif isinstance(node.value, str) and isinstance(around, ast.Call) and ast.unparse(around.func) == "Decimal":
        for step in (1, -1):
            moved = _moved(node.value, step)
            if moved is not None:
                yield Alternative("constant", repr(moved))


def _moved(number: str, step: int) -> str | None:
    """The decimal number with its last digit one higher or lower."""
    try:
        value = Decimal(number)
    except InvalidOperation:
        return None
    if not value.is_finite():
        return None
    exponent = value.as_tuple().exponent
    return str(value + step * Decimal(1).scaleb(int(exponent)))


def _arithmetic(node: ast.BinOp, parents: Sequence[ast.AST]) -> Iterator[Alternative]:
    sides = (node.left, node.right)
    if isinstance(node.op, JOINS) or any(isinstance(side, ast.List | ast.Tuple | ast.ListComp) for side in sides):
        yield _put("part dropped", node.left)
        yield _put("part dropped", node.right)
    elif type(node.op) in OPPOSITES and not any(map(_is_text, sides)):
        other = copy(node)
        other.op = OPPOSITES[type(node.op)]()
        yield _put("arithmetic", other)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _condition(node: ast.If | ast.While, parents: Sequence[ast.AST]) -> Iterator[Alternative]:
    if not isinstance(node.test, ast.Constant):
        yield Alternative("condition", "False", node.test)
        if isinstance(node, ast.If):
            yield Alternative("condition", "True", node.test)


def _choice(node: ast.IfExp, parents: Sequence[ast.AST]) -> Iterator[Alternative]:
    yield _put("condition", node.body)
    yield _put("condition", node.orelse)


def _filter(node: ast.comprehension, parents: Sequence[ast.AST]) -> Iterator[Alternative]:
    for test in node.ifs:
        yield Alternative("filter dropped", "True", test)


def _result(node: ast.Return, parents: Sequence[ast.AST]) -> Iterator[Alternative]:
    if node.value is None:
        return
    function = next(each for each in reversed(parents) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))
    yes_or_no = function.returns is not None and ast.unparse(function.returns) == "bool"
    if isinstance(node.value, ast.Constant):
        return  # None already, or changed as a constant
    for word in ("True", "False") if yes_or_no else ("None",):
        yield Alternative("result", word, node.value)


def _statement(node: ast.stmt, parents: Sequence[ast.AST]) -> Iterator[Alternative]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Yield | ast.YieldFrom):
        yield Alternative("statement dropped", "yield from ()")
    elif not isinstance(node, ast.Expr) or isinstance(node.value, ast.Call):
        yield Alternative("statement dropped", "pass")


def _assignment(node: ast.Assign, parents: Sequence[ast.AST]) -> Iterator[Alternative]:
    if all(isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets):
        yield Alternative("statement dropped", "pass")


def _elements(node: ast.Tuple | ast.List | ast.Set, parents: Sequence[ast.AST]) -> Iterator[Alternative]:
    """Words and names in a row, where one may have been forgotten."""
    around = parents[-1] if parents else None
    if len(node.elts) < 2 or not all(isinstance(part, ast.Constant | ast.Name | ast.Attribute) for part in node.elts):
        return
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load) or isinstance(around, ast.Return | ast.Yield):
        return
    if isinstance(around, ast.Assign) and any(isinstance(target, ast.Tuple) for target in around.targets):
        return
    for index in range(len(node.elts)):
        fewer = copy(node)
        fewer.elts = [*node.elts[:index], *node.elts[index + 1 :]]
        yield _put("element dropped", fewer)


def _entries(node: ast.Dict, parents: Sequence[ast.AST]) -> Iterator[Alternative]:
    for index in range(len(node.keys)) if len(node.keys) > 1 else ():
        fewer = ast.Dict(node.keys[:index] + node.keys[index + 1 :], node.values[:index] + node.values[index + 1 :])
        yield _put("entry dropped", fewer)


def _criteria(node: ast.Call, parents: Sequence[ast.AST]) -> Iterator[Alternative]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name not in CRITERIA:
        return
    if len(node.args) + len(node.keywords) == 1 and isinstance(node.func, ast.Attribute):
        yield _put("criterion dropped", node.func.value)
    elif len(node.args) + len(node.keywords) > 1:
        for index in range(len(node.args)):
            fewer = copy(node)
            fewer.args = [*node.args[:index], *node.args[index + 1 :]]
            yield _put("criterion dropped", fewer)


def _put(kind: str, node: ast.expr) -> Alternative:
    text = ast.unparse(node)
    plain = isinstance(node, ast.Name | ast.Constant | ast.Attribute | ast.Call | ast.Dict)
    return Alternative(kind, text if plain else f"({text})")


FINDERS: dict[type[ast.AST], Callable[[Any, Sequence[ast.AST]], Iterator[Alternative]]] = {
    ast.Compare: _comparison,
    ast.BoolOp: _logic,
    ast.UnaryOp: _sign,
    ast.Constant: _constant,
    ast.BinOp: _arithmetic,
    ast.If: _condition,
    ast.While: _condition,
    ast.IfExp: _choice,
    ast.comprehension: _filter,
    ast.Return: _result,
    ast.Expr: _statement,
    ast.AugAssign: _statement,
    ast.Delete: _statement,
    ast.Assign: _assignment,
    ast.Tuple: _elements,
    ast.List: _elements,
    ast.Set: _elements,
    ast.Dict: _entries,
    ast.Call: _criteria,
}
