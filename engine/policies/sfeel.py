"""One cell of a decision table: S-FEEL unary tests, compiled once when the table is read.

What a cell may say, and nothing else (DMN 1.3, section 9, grammar rules 7 to 18, without dates and functions):

    -                       anything, also what is not known (an empty cell says the same)
    "project"               this word              "new","expiring"     one of these words
    true                    this truth value       not("new")           known, and none of these
    200                     this number            >= 200   < 60        on this side of a border
    [80..90)  [80..90[      from 80, below 90      ]0..1]   (0..1]      above 0, up to 1
    < time_progress         below another input of the same table
    null                    not known               not(null)           known

What is not known matches only `-` and `null`. Of a list a word asks whether it is in it, `not(...)` whether none is;
an empty list is known.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from engine.policies.kinds import Kind
from engine.policies.typed_numbers import respelled

Test = Callable[[Any, Mapping[str, Any]], bool]

MAX_LENGTH = 400

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>-?(?:\d+(?:\.\d+)?|\.\d+))(?![\w])
        |(?P<string>"[^"\\\n]*")
        |(?P<name>[A-Za-z_]\w*)
        |(?P<dots>\.\.)
        |(?P<mark><=|>=|[<>(),\[\]]))""",
    re.VERBOSE | re.ASCII,
)
_FULL_WIDTH = str.maketrans("＜＞＝，（）［］－“”", '<>=,()[]-""')


class BadCell(ValueError):
    """A cell that cannot be read: `message` says why, `remedy` what to write instead; both in Chinese."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Cell:
    """A compiled cell; `matches` is None for `-`. The rest is what the search for overlaps and gaps needs to know."""

    text: str
    matches: Test | None = None
    numbers: frozenset[Decimal] = frozenset()
    words: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    asks_for_null: bool = False


ANYTHING = Cell("-")


def compile_cell(text: str, kind: Kind, comparable: frozenset[str] = frozenset()) -> Cell:
    """The cell `text` of an input of `kind`; `comparable` are the other number inputs it may be compared with.

    >>> compile_cell("[80..90)", Kind.NUMBER).matches(Decimal("89.99"), {})
    True
    >>> compile_cell("[80..90)", Kind.NUMBER).matches(Decimal("90"), {})
    False
    """
    if text.strip() in ("", "-"):
        return ANYTHING
    if len(text) > MAX_LENGTH:
        raise BadCell(f"单元格超过{MAX_LENGTH}个字符", "请拆成几行")
    if kind is Kind.NUMBER and (written := respelled(text)) is not None:
        raise BadCell(
            f"单元格“{text.strip()}”读不懂：数不写千分位、百分号、单位和全角字符",
            f"请写成：{written}；本来就是几个数的，逗号后空一格",
        )
    return _Reader(text, kind, comparable).read()


@dataclass(slots=True)
class _Reader:
    """Reads one cell from left to right; collects the numbers, words and names it meets."""

    text: str
    kind: Kind
    comparable: frozenset[str]
    tokens: list[tuple[str, str]] = field(default_factory=list)
    numbers: set[Decimal] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    asks_for_null: bool = False

    def read(self) -> Cell:
        self.tokens = _tokens(self.text)
        test = self._negation() if self.tokens[:2] == [("name", "not"), ("mark", "(")] else self._tests()
        if self.tokens:
            raise self._unreadable(f"“{self.tokens[0][1]}”处多出内容")
        return Cell(
            self.text.strip(),
            test,
            frozenset(self.numbers),
            frozenset(self.words),
            frozenset(self.names),
            self.asks_for_null,
        )

    def _negation(self) -> Test:
        del self.tokens[:2]
        inner = self._tests()
        self._expect(")")
        return lambda value, inputs: value is not None and not inner(value, inputs)

    def _tests(self) -> Test:
        tests = [self._test()]
        while self._next_is(","):
            self.tokens.pop(0)
            tests.append(self._test())
        if len(tests) == 1:
            return tests[0]
        alternatives = tuple(tests)
        return lambda value, inputs: any(test(value, inputs) for test in alternatives)

    def _test(self) -> Test:
        sort, text = self._take()
        if (sort, text) == ("name", "null"):
            return self._null()
        if self.kind is Kind.NUMBER:
            return self._number_test(sort, text)
        if self.kind is Kind.BOOLEAN and sort == "name" and text in ("true", "false"):
            wanted = text == "true"
            return lambda value, inputs: value is wanted
        if self.kind in (Kind.WORD, Kind.WORDS) and sort == "string":
            return self._word_test(text[1:-1])
        raise self._unreadable(f"“{text}”不是这一列（{self.kind.label}）能写的内容")

    def _null(self) -> Test:
        self.asks_for_null = True
        return lambda value, inputs: value is None

    def _word_test(self, word: str) -> Test:
        self.words.add(word)
        if self.kind is Kind.WORDS:
            return lambda value, inputs: value is not None and word in value
        return lambda value, inputs: bool(value == word)

    def _number_test(self, sort: str, text: str) -> Test:
        if text in ("<", "<=", ">", ">="):
            return _side(text, self._endpoint(*self._take()))
        if text in ("[", "]", "("):
            return self._interval(opens=text == "[")
        border = self._endpoint(sort, text)
        return lambda value, inputs: value is not None and value == border(inputs)

    def _interval(self, *, opens: bool) -> Test:
        low = self._endpoint(*self._take())
        self._expect("..")
        high = self._endpoint(*self._take())
        closing = self._take()[1]
        if closing not in ("]", ")", "["):
            raise self._unreadable("区间没有写完")
        from_low = _side(">=" if opens else ">", low)
        to_high = _side("<=" if closing == "]" else "<", high)
        return lambda value, inputs: from_low(value, inputs) and to_high(value, inputs)

    def _endpoint(self, sort: str, text: str) -> "Border":
        if sort == "number":
            number = Decimal(text)
            self.numbers.add(number)
            return lambda inputs: number
        if sort == "name" and text in self.comparable:
            self.names.add(text)
            return lambda inputs: inputs.get(text)
        raise self._unreadable(f"“{text}”不是数，也不是本表另一个数值输入")

    def _take(self) -> tuple[str, str]:
        if not self.tokens:
            raise self._unreadable("内容没有写完")
        return self.tokens.pop(0)

    def _next_is(self, text: str) -> bool:
        return bool(self.tokens) and self.tokens[0][1] == text

    def _expect(self, text: str) -> None:
        if not self._next_is(text):
            raise self._unreadable(f"缺少“{text}”")
        self.tokens.pop(0)

    def _unreadable(self, why: str) -> BadCell:
        return BadCell(f"单元格“{self.text.strip()}”读不懂：{why}", f"这一列可以写：{self.kind.examples}")


Border = Callable[[Mapping[str, Any]], Any]


def _side(mark: str, border: Border) -> Test:
    """A comparison in which an unknown value or border never matches."""

    def below(value: Any, inputs: Mapping[str, Any]) -> bool:
        other = border(inputs)
        return value is not None and other is not None and bool(value < other)

    def up_to(value: Any, inputs: Mapping[str, Any]) -> bool:
        other = border(inputs)
        return value is not None and other is not None and bool(value <= other)

    def above(value: Any, inputs: Mapping[str, Any]) -> bool:
        other = border(inputs)
        return value is not None and other is not None and bool(value > other)

    def at_least(value: Any, inputs: Mapping[str, Any]) -> bool:
        other = border(inputs)
        return value is not None and other is not None and bool(value >= other)

    return {"<": below, "<=": up_to, ">": above, ">=": at_least}[mark]


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    position = 0
    stripped = text.rstrip()
    while position < len(stripped):
        match = _TOKEN.match(stripped, position)
        if match is None:
            rest = stripped[position:].strip()
            narrow = stripped.translate(_FULL_WIDTH)
            hint = (
                f"请改用半角符号：{narrow}" if narrow != stripped else "只能写数、引号中的词、区间、比较号、not(...)和-"
            )
            raise BadCell(f"单元格“{stripped.strip()}”从“{rest[:20]}”起读不懂", hint)
        tokens.append((str(match.lastgroup), match.group(str(match.lastgroup))))
        position = match.end()
    return tokens
