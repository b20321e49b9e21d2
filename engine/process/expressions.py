"""The small language of conditions and parameters in diagrams: compared and looked up, never executed as Python.

An expression is read once by Python's own grammar, checked node by node against an allow-list and turned into closures;
nothing is ever evaluated as Python. `a.b` and `a["b"]` look a key up in a dict, `true`, `false` and `null` are words of
the language, numbers with a point are Decimal. There are no loops, no methods and no `**`; `*` and `%` take bounded
numbers only, so time and size are bounded by the length of the text (at most 2,000 characters).
"""

import ast
import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from engine.process.arithmetic import ARITHMETIC, FUNCTIONS, is_bounded
from engine.process.model import ExpressionFailed, ExpressionRefused

MAX_CHARACTERS = 2000
MAX_DEPTH = 50

Variables = Mapping[str, Any]
Reader = Callable[[Variables], Any]


class Expression:
    """A checked expression, ready to be asked any number of times; immutable and free of side effects."""

    __slots__ = ("_read", "names", "source")

    def __init__(self, source: str, read: Reader, names: frozenset[str]) -> None:
        self.source = source
        self._read = read
        self.names = names

    def value(self, variables: Variables) -> Any:
        """What the expression says about these variables; ExpressionFailed if it cannot say anything."""
        try:
            return self._read(variables)
        except ExpressionFailed:
            raise
        except (TypeError, ArithmeticError, LookupError, ValueError) as error:
            raise ExpressionFailed(
                f"表达式“{self.source}”无法求值：{error}；请核对所用变量的取值。", expression=self.source
            ) from error

    def holds(self, variables: Variables) -> bool:
        """Whether a condition holds; anything but true or false is refused, so that "false" never counts as true."""
        answer = self.value(variables)
        if not isinstance(answer, bool):
            raise ExpressionFailed(
                f"条件“{self.source}”的结果是“{answer}”，不是真或假；请改写为比较式。", expression=self.source
            )
        return answer


@lru_cache(maxsize=4096)
def compile_expression(source: str) -> Expression:
    """The expression behind a text; ExpressionRefused names what the language does not know.

    >>> compile_expression("outcome == 'returned' and rounds < 3").holds({"outcome": "returned", "rounds": 1})
    True
    """
    if len(source) > MAX_CHARACTERS:
        raise ExpressionRefused(f"表达式超过{MAX_CHARACTERS}个字符，请化简。", expression=source[:80])
    try:
        tree = ast.parse(source.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        near = f"（第{error.offset}个字符附近）" if isinstance(error, SyntaxError) and error.offset else ""
        raise ExpressionRefused(f"表达式“{_short(source)}”写法有误{near}。", expression=_short(source)) from error
    compiler = _Compiler(source)
    read = compiler.read(tree.body, 0)
    return Expression(source, read, frozenset(compiler.names))


def _short(source: str) -> str:
    return source if len(source) <= 80 else source[:80] + "…"


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ExpressionFailed(f"“{value}”不是真或假，不能用于 and、or、not。")
    return value


def _item(container: Any, key: Any) -> Any:
    if isinstance(container, Mapping):
        if key not in container:
            raise ExpressionFailed(f"没有“{key}”这一项。")
        return container[key]
    if isinstance(container, list | tuple) and isinstance(key, int) and not isinstance(key, bool):
        return container[key]
    raise ExpressionFailed(f"不能用“{key}”取值：对象不是字典或列表。")


_WORDS: Mapping[str, Any] = {"true": True, "false": False, "null": None}

_COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda item, container: item in container,
    ast.NotIn: lambda item, container: item not in container,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}


class _Compiler:
    """Turns one syntax tree into closures and collects the variables it names."""

    def __init__(self, source: str) -> None:
        self.source = _short(source)
        self.names: set[str] = set()

    def refuse(self, why: str) -> ExpressionRefused:
        return ExpressionRefused(f"表达式“{self.source}”不被允许：{why}。", expression=self.source)

    def read(self, node: ast.expr, depth: int) -> Reader:
        if depth > MAX_DEPTH:
            raise self.refuse(f"嵌套超过{MAX_DEPTH}层")
        method = getattr(self, f"read_{type(node).__name__.lower()}", None)
        if method is None:
            raise self.refuse(f"不支持的写法“{_short(ast.unparse(node))}”")
        reader: Reader = method(node, depth + 1)
        return reader

    def read_constant(self, node: ast.Constant, depth: int) -> Reader:
        value: Any = node.value
        if isinstance(value, float):
            value = Decimal(repr(value))
        if not (value is None or isinstance(value, str | int | Decimal)):
            raise self.refuse("不支持的常量")
        if isinstance(value, int | Decimal) and not is_bounded(value):
            raise self.refuse("数字过大")
        return lambda variables: value

    def read_name(self, node: ast.Name, depth: int) -> Reader:
        name = self.public(node.id)
        if name in _WORDS:
            word = _WORDS[name]
            return lambda variables: word
        self.names.add(name)

        def read(variables: Variables) -> Any:
            try:
                return variables[name]
            except KeyError:
                raise ExpressionFailed(f"变量“{name}”尚未设定。", variable=name) from None

        return read

    def read_attribute(self, node: ast.Attribute, depth: int) -> Reader:
        container, key = self.read(node.value, depth), self.public(node.attr)
        return lambda variables: _item(container(variables), key)

    def read_subscript(self, node: ast.Subscript, depth: int) -> Reader:
        container, key = self.read(node.value, depth), self.read(node.slice, depth)
        return lambda variables: _item(container(variables), key(variables))

    def read_boolop(self, node: ast.BoolOp, depth: int) -> Reader:
        parts = [self.read(value, depth) for value in node.values]
        if isinstance(node.op, ast.And):
            return lambda variables: all(_truth(part(variables)) for part in parts)
        return lambda variables: any(_truth(part(variables)) for part in parts)

    def read_unaryop(self, node: ast.UnaryOp, depth: int) -> Reader:
        operand = self.read(node.operand, depth)
        if isinstance(node.op, ast.Not):
            return lambda variables: not _truth(operand(variables))
        if isinstance(node.op, ast.USub):
            subtract = ARITHMETIC[ast.Sub]
            return lambda variables: subtract(0, operand(variables))
        raise self.refuse("不支持的单目运算")

    def read_binop(self, node: ast.BinOp, depth: int) -> Reader:
        work = ARITHMETIC.get(type(node.op))
        if work is None:
            raise self.refuse("只能用加、减、乘、除和求余")
        left, right = self.read(node.left, depth), self.read(node.right, depth)
        return lambda variables: work(left(variables), right(variables))

    def read_compare(self, node: ast.Compare, depth: int) -> Reader:
        for op, other in zip(node.ops, node.comparators, strict=True):
            if isinstance(op, ast.Is | ast.IsNot) and not (isinstance(other, ast.Constant) and other.value is None):
                raise self.refuse("is 只能与 None 比较，其余请用 ==")
        first = self.read(node.left, depth)
        rest = [
            (_COMPARISONS[type(op)], self.read(other, depth))
            for op, other in zip(node.ops, node.comparators, strict=True)
        ]
        if len(rest) == 1:
            compare, second = rest[0]
            return lambda variables: compare(first(variables), second(variables))

        def chain(variables: Variables) -> bool:
            left = first(variables)
            for compare, other in rest:
                right = other(variables)
                if not compare(left, right):
                    return False
                left = right
            return True

        return chain

    def read_ifexp(self, node: ast.IfExp, depth: int) -> Reader:
        test, body, otherwise = self.read(node.test, depth), self.read(node.body, depth), self.read(node.orelse, depth)
        return lambda variables: body(variables) if _truth(test(variables)) else otherwise(variables)

    def read_list(self, node: ast.List, depth: int) -> Reader:
        items = [self.read(item, depth) for item in node.elts]
        return lambda variables: [item(variables) for item in items]

    def read_tuple(self, node: ast.Tuple, depth: int) -> Reader:
        items = [self.read(item, depth) for item in node.elts]
        return lambda variables: tuple(item(variables) for item in items)

    def read_dict(self, node: ast.Dict, depth: int) -> Reader:
        if any(key is None for key in node.keys):
            raise self.refuse("不支持展开字典")
        pairs = [
            (self.read(key, depth), self.read(value, depth))
            for key, value in zip(node.keys, node.values, strict=True)
            if key is not None
        ]
        return lambda variables: {key(variables): value(variables) for key, value in pairs}

    def read_call(self, node: ast.Call, depth: int) -> Reader:
        if not isinstance(node.func, ast.Name) or node.keywords or len(node.args) > 20:
            raise self.refuse("只能按名称调用指定的函数")
        if node.func.id == "defined":
            return self.read_defined(node)
        work = FUNCTIONS.get(node.func.id)
        if work is None:
            raise self.refuse(f"没有函数“{node.func.id}”")
        arguments = [self.read(argument, depth) for argument in node.args]
        return lambda variables: work(*(argument(variables) for argument in arguments))

    def read_defined(self, node: ast.Call) -> Reader:
        argument = node.args[0] if len(node.args) == 1 else None
        if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
            raise self.refuse("defined 只接受一个用引号写出的变量名")
        name = argument.value
        return lambda variables: name in variables

    def public(self, name: str) -> str:
        if name.startswith("_"):
            raise self.refuse(f"名称“{name}”不能以下划线开头")
        return name
