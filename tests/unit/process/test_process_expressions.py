"""Conditions and parameters: what the small language says, and everything it refuses to be talked into."""

from decimal import Decimal
from typing import Any

import pytest

from engine.process import ExpressionFailed, ExpressionRefused
from engine.process.expressions import compile_expression

VARIABLES: dict[str, Any] = {
    "outcome": "returned",
    "rounds": 2,
    "score": Decimal("85.5"),
    "sampled": True,
    "text": "false",
    "nothing": None,
    "items": ["a", "b", "c"],
    "grade": {"undefined": False, "grade": "良", "marks": [1, 2]},
    "objects": {"__class__": "a key like any other"},
}


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("outcome == 'returned'", True),
        ("outcome in ('returned', 'revise')", True),
        ("outcome != 'approved' and rounds < 3", True),
        ("not sampled or score >= 90", False),
        ("60 <= score < 90", True),
        ("grade.undefined", False),
        ("not grade.undefined and grade.grade == '良'", True),
        ("grade['grade']", "良"),
        ("grade.marks[1]", 2),
        ("len(items)", 3),
        ("max(1, rounds)", 2),
        ("min([3, 2])", 2),
        ("abs(-3)", 3),
        ("round(score)", Decimal(86)),
        ("round(2.345, 2)", Decimal("2.35")),
        ("number('0.30') == 0.3", True),
        ("0.1 + 0.2 == 0.3", True),
        ("1 / 4", Decimal("0.25")),
        ("7 % 4 - 1 * 2 + 1", 2),
        ("'甲' + '乙'", "甲乙"),
        ("nothing is None", True),
        ("nothing == null", True),
        ("sampled == true", True),
        ("sampled != false", True),
        ("'yes' if sampled else 'no'", "yes"),
        ("[rounds, 'a']", [2, "a"]),
        ("(rounds,)", (2,)),
        ("{'a': rounds}", {"a": 2}),
        ("defined('outcome') and not defined('missing')", True),
        ("-rounds", -2),
        (" outcome ", "returned"),
    ],
)
def test_an_expression_says(source: str, value: Any) -> None:
    assert compile_expression(source).value(VARIABLES) == value


def test_conditions_are_read_only_as_far_as_needed() -> None:
    assert compile_expression("not defined('missing') or missing > 3").holds(VARIABLES)


@pytest.mark.parametrize(
    "source",
    [
        "__import__('os').system('id')",
        "().__class__.__base__.__subclasses__()",
        "grade.__class__",
        "grade._private",
        "_hidden",
        "__builtins__",
        "outcome.upper()",
        "'{0.__class__}'.format(outcome)",
        "f'{outcome}'",
        "lambda: 1",
        "(lambda: 1)()",
        "[x for x in items]",
        "{x for x in items}",
        "{x: x for x in items}",
        "(x for x in items)",
        "(x := 3)",
        "eval('1')",
        "exec('1')",
        "open('/etc/passwd')",
        "getattr(grade, 'undefined')",
        "globals()",
        "print(1)",
        "deadline('a.b')",
        "9 ** 9",
        "9 ** 9 ** 9",
        "1 << 99",
        "5 // 2",
        "5 @ 2",
        "1 | 2",
        "~1",
        "+1",
        "items[0:2]",
        "{1, 2}",
        "[*items]",
        "{**grade}",
        "max(*items)",
        "max(1, key=len)",
        "len(obj=items)",
        "defined(outcome)",
        "defined('a', 'b')",
        "await x",
        "yield",
        "import os",
        "x = 1",
        "a; b",
        "rounds is 2",
        "outcome is not 'returned'",
        "b'bytes'",
        "1j",
        "...",
        "1e999",
        "9" * 30,
        "",
        "outcome ==",
        "\x00",
        "(" * 300 + "1" + ")" * 300,
        "-" * 1500 + "1",
        "not " * 400 + "sampled",
        "[" * 60 + "]" * 60,
        "a" + ".a" * 100,
        "1" + "+1" * 1000,
        "outcome == 'x'" + " " * 2000,
    ],
)
def test_an_expression_outside_the_language_is_refused_before_anything_runs(source: str) -> None:
    with pytest.raises(ExpressionRefused):
        compile_expression(source)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("missing == 1", "变量“missing”尚未设定"),
        ("grade.missing", "没有“missing”这一项"),
        ("outcome.upper", "不能用“upper”取值"),
        ("outcome[0]", "取值"),
        ("items[9]", "无法求值"),
        ("items['a']", "取值"),
        ("items[true]", "取值"),
        ("outcome > 3", "无法求值"),
        ("outcome * 3", "不是数字"),
        ("'%1000000d' % rounds", "不是数字"),
        ("items * 1000000", "不是数字"),
        ("items + items", "不是数字"),
        ("sampled + 1", "不是数字"),
        ("1 / 0", "除数为零"),
        ("1 % 0", "除数为零"),
        ("1000000000000000 * 1000000000000000 * 10", "数字过大"),
        ("text and sampled", "不是真或假"),
        ("not text", "不是真或假"),
        ("1 if text else 2", "不是真或假"),
        ("len(rounds)", "长度"),
        ("max([])", "无法求值"),
        ("abs(outcome)", "不是数字"),
        ("round(1, 99)", "小数位数"),
        ("number('many')", "无法求值"),
        ("number('" + "9" * 50 + "')", "过长"),
        ("{[1]: 2}", "无法求值"),
        ("3 in rounds", "无法求值"),
    ],
)
def test_an_expression_that_cannot_be_answered_says_why(source: str, why: str) -> None:
    with pytest.raises(ExpressionFailed, match=why):
        compile_expression(source).value(VARIABLES)


def test_texts_cannot_be_grown_without_bound() -> None:
    long = {"text": "长" * 6000}

    with pytest.raises(ExpressionFailed, match="过长"):
        compile_expression("text + text").value(long)


@pytest.mark.parametrize("source", ["outcome", "text", "rounds", "nothing", "items"])
def test_a_condition_must_be_true_or_false_so_that_the_text_false_never_counts_as_true(source: str) -> None:
    with pytest.raises(ExpressionFailed, match="不是真或假"):
        compile_expression(source).holds(VARIABLES)


def test_attributes_are_keys_and_nothing_else() -> None:
    assert compile_expression("objects['__class__']").value(VARIABLES) == "a key like any other"


def test_an_expression_is_compiled_once() -> None:
    assert compile_expression("rounds == 2") is compile_expression("rounds == 2")


def test_an_expression_knows_the_variables_it_reads() -> None:
    assert compile_expression("grade.undefined or score > 3 and true").names == {"grade", "score"}
