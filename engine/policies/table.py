"""A compiled decision table: typed inputs in, the rows that hold out, and what they answer together."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

from engine.policies.errors import DecisionInputRefused, UnsoundTables
from engine.policies.kinds import Kind, NotOfKind, read_number
from engine.policies.sfeel import Cell, Test
from engine.policies.signatures import DECISIONS, Column, Gather, Signature
from engine.words import ROW_STATUSES

STATUSES = ROW_STATUSES

_LIST_LIMIT = 50
_TEXT_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Reading:
    """What of a row the text leaves to be read: how it is read, and whether that is inferred or a default."""

    status: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: when it matches, what it answers, who says so, and from when to when (both days included).

    `status` is that of the answer itself; a part of the row that stands less firmly is its `reading`.
    """

    id: str
    line: int
    cells: tuple[Cell, ...]
    tests: tuple[tuple[str, Test], ...]
    results: Mapping[str, Any]
    source: str
    status: str
    in_force_from: date = date.min
    in_force_until: date = date.max
    reading: Reading | None = None

    def matches(self, values: Mapping[str, Any], on: date) -> bool:
        """Whether every cell agrees and the row is in force on that day."""
        for name, test in self.tests:
            if not test(values[name], values):
                return False
        return self.in_force_from <= on <= self.in_force_until


@dataclass(frozen=True, slots=True)
class Table:
    """One decision of one layer, ready to be asked. Without a matching row nothing has been laid down.

    `covers` are the kinds of objects it is about, where that is no input; none named: all.
    """

    file: str
    line: int
    layer: str
    decision: str
    title: str
    hit_policy: str
    complete: bool
    signature: Signature
    rows: tuple[Row, ...]
    covers: frozenset[str] = frozenset()

    def is_about(self, object_kind: str) -> bool:
        """Whether the text behind the table speaks of such objects."""
        return not self.covers or object_kind in self.covers

    def read(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """The inputs in their kinds; what was not given is not known (None). Refuses anything else."""
        columns = self.signature.inputs
        for name in inputs:
            if name not in columns:
                raise DecisionInputRefused(
                    f"决策“{self.decision}”没有输入“{name}”，只有：{'、'.join(columns)}。",
                    input=name,
                    allowed=list(columns),
                )
        return {name: _read(name, column, inputs.get(name)) for name, column in columns.items()}

    def asks_for(self) -> tuple[str, ...]:
        """The inputs some row tests."""
        return tuple(
            name
            for at, name in enumerate(self.signature.inputs)
            if any(row.cells[at].matches or _refers(row, name) for row in self.rows)
        )

    def borders(self, name: str) -> tuple[Decimal, ...]:
        """The numbers at which the answer may change with this input, in order; the ends of its range are none."""
        column, at = self.signature.inputs[name], list(self.signature.inputs).index(name)
        named = chain.from_iterable(row.cells[at].numbers for row in self.rows)
        return tuple(sorted(set(named) - {column.low, column.high}))

    def rows_for(self, values: Mapping[str, Any], on: date) -> list[Row]:
        """The rows that hold: at most one unless the table collects."""
        if self.hit_policy == "COLLECT":
            return [row for row in self.rows if row.matches(values, on)]
        if self.hit_policy == "FIRST":
            first = next((row for row in self.rows if row.matches(values, on)), None)
            return [first] if first else []
        found = [row for row in self.rows if row.matches(values, on)]
        if len(found) > 1:
            raise UnsoundTables(
                f"决策表{self.file}有多行同时符合：{'、'.join(row.id for row in found)}。请联系政策负责人更正该表。",
                file=self.file,
                rows=[row.id for row in found],
            )
        return found

    def answer(self, rows: Sequence[Row]) -> dict[str, Any]:
        """What the rows say together, output by output; None where nothing is laid down."""
        outputs = self.signature.outputs
        if not rows:
            return dict.fromkeys(outputs)
        if self.hit_policy == "COLLECT":
            results = {name: self._gathered(name, column, rows) for name, column in outputs.items()}
        else:
            results = dict(rows[0].results)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in results.items()}

    def firmness(self, rows: Sequence[Row], outputs: Mapping[str, Any]) -> str | None:
        """The status of an answer: that of its weakest row.

        Where a single row settles a verdict (one fault makes a target unacceptable, one mark makes a candidate), the
        answer is as firm as the firmest row that does.
        """
        order = list(STATUSES)
        for name, column in self.signature.outputs.items() if self.hit_policy == "COLLECT" else ():
            settling = {Gather.ALL: False, Gather.ANY: True}.get(column.gather)
            if settling is not None and outputs[name] is settling:
                return min((row.status for row in rows if row.results[name] is settling), key=order.index)
        return max((row.status for row in rows), key=order.index, default=None)

    def _gathered(self, name: str, column: Column, rows: Sequence[Row]) -> Any:
        given = [row.results[name] for row in rows if row.results[name] is not None]
        if column.gather is Gather.LIST:
            return given
        if not given:
            return None
        if column.gather is Gather.ALL:
            return all(given)
        if column.gather is Gather.ANY:
            return any(given)
        if column.gather is Gather.MOST:
            return max(given)
        if any(value != given[0] for value in given):
            raise UnsoundTables(
                f"决策表{self.file}各行对“{column.label}”说法不一：{'、'.join(row.id for row in rows)}。"
                "请联系政策负责人更正该表。",
                file=self.file,
                rows=[row.id for row in rows],
            )
        return given[0]


def must_be_readable(facts: Mapping[str, Any]) -> None:
    """Refuse a fact that goes by the name of an input and that no table could read; other facts are nobody's matter."""
    for signature in DECISIONS.values():
        for name in signature.inputs.keys() & facts.keys():
            _read(name, signature.inputs[name], facts[name])


def _refers(row: Row, name: str) -> bool:
    return any(name in cell.names for cell in row.cells)


def _read(name: str, column: Column, value: Any) -> Any:
    try:
        return _in_kind(column, value)
    except NotOfKind as error:
        raise DecisionInputRefused(
            f"输入“{name}”（{column.label}）不能是{_shown(value)}：{error}。", input=name, allowed=list(column.words)
        ) from error


def _in_kind(column: Column, value: Any) -> Any:
    if value is None:
        return None
    if column.kind is Kind.WORDS:
        return _words(column, value)
    if column.kind is Kind.NUMBER:
        return _within(column, read_number(value))
    if column.kind is Kind.BOOLEAN:
        if isinstance(value, bool):
            return value
        raise NotOfKind("应为true或false")
    return _word(column, value)


def _within(column: Column, number: Decimal) -> Decimal:
    if column.low is not None and number < column.low:
        raise NotOfKind(f"不能小于{column.low}")
    if column.high is not None and number > column.high:
        raise NotOfKind(f"不能大于{column.high}")
    return number


def _word(column: Column, value: Any) -> str:
    if not isinstance(value, str) or len(value) > _TEXT_LIMIT:
        raise NotOfKind("应为词" + _choice(column))
    if column.words and value not in column.words:
        raise NotOfKind("没有这个词" + _choice(column))
    return value


def _words(column: Column, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or len(value) > _LIST_LIMIT:
        raise NotOfKind('应为清单，如["词","词"]' + _choice(column))
    return tuple(_word(column, each) for each in value)


def _choice(column: Column) -> str:
    if not column.words:
        return ""
    return "，只能是：" + "、".join(
        word if word == label else f"{word}（{label}）" for word, label in column.words.items()
    )


def _shown(value: Any) -> str:
    """The value as the person wrote it in JSON, cut short; Decimal writes out integers of any length."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        text = str(Decimal(value))
    elif isinstance(value, str):
        text = f"“{value}”"
    else:
        text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "…"
