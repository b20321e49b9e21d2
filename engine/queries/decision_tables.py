"""决策表: what is laid down in a jurisdiction today, table by table, with source and status of every row."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.moves.permissions import must_be_let_in
from engine.policies import Policy
from engine.policies.kinds import Kind
from engine.policies.model import NATIONAL
from engine.policies.pack import Source
from engine.policies.signatures import Column
from engine.policies.table import Row, Table
from engine.stages import library_in_force
from engine.words import CaseKind, DeadlineStep, RowStatus

ANY = "不限"
_RANGE = re.compile(r"([\[(\]])\s*(.+?)\s*\.\.\s*(.+?)\s*([\])\[])")
_NOT = re.compile(r"not\((.+)\)")
NOTHING = "—"


@dataclass(frozen=True, slots=True)
class TableLine:
    """One table: its decision, whether it is the jurisdiction's own, and how many rows rest on what."""

    key: str
    title: str
    own: bool
    rows: int
    statuses: Mapping[RowStatus, int]


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row as people read it: a text a column, the source, the status, and from when to when (None: open)."""

    id: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    source: str
    status: RowStatus
    in_force_from: date | None
    in_force_until: date | None
    reading: str | None = None


@dataclass(frozen=True, slots=True)
class TableRead:
    """One table with its columns and rows, without answers no row gives.

    `sources` are the documents the jurisdiction's pack rests on.
    """

    line: TableLine
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rows: tuple[TableRow, ...]
    collects: bool
    sources: tuple[Source, ...]
    covers: tuple[str, ...] = ()


def decision_tables(session: Session, actor: Actor) -> tuple[TableLine, ...]:
    """Every table in effect in the actor's jurisdiction, its own ones first."""
    must_be_let_in("see_policies", actor)
    lines = [_line(table) for table in _policy(session, actor).tables.values()]
    return tuple(sorted(lines, key=lambda line: not line.own))


def decision_table(session: Session, actor: Actor, key: str) -> TableRead:
    """One table with all its rows. Refuses a name none has."""
    must_be_let_in("see_policies", actor)
    policy = _policy(session, actor)
    table = policy.table(key)
    columns = table.signature
    return TableRead(
        line=_line(table),
        inputs=tuple(column.label for column in columns.inputs.values()),
        outputs=tuple(columns.outputs[name].label for name in _answered(table)),
        rows=tuple(_rows(table)),
        collects=table.hit_policy == "COLLECT",
        sources=policy.sources,
        covers=tuple(kind.label for kind in CaseKind if kind in table.covers),
    )


def conditions_of(table: Table, row: Row) -> str:
    """What makes a row apply, as people say it: `项目性质 延续，金额（万元） < 1000`; without the kind of object."""
    columns = table.signature.inputs
    labels = {name: column.label for name, column in columns.items()}
    asked = (
        (column.label, _asked(row, at, column, labels))
        for at, (name, column) in enumerate(columns.items())
        if name != "object_kind"
    )
    return "，".join(f"{label} {test}" for label, test in asked if test != ANY)


def _policy(session: Session, actor: Actor) -> Policy:
    library = library_in_force(session)
    return library.policy_version(session, library.policy_ids[actor.jurisdiction])


def _line(table: Table) -> TableLine:
    counts = Counter(RowStatus(row.status) for row in table.rows)
    return TableLine(table.decision, table.signature.title, table.layer != NATIONAL, len(table.rows), counts)


def _rows(table: Table) -> Iterator[TableRow]:
    columns = table.signature
    labels = {name: column.label for name, column in columns.inputs.items()}
    for row in table.rows:
        yield TableRow(
            id=row.id,
            inputs=tuple(_asked(row, at, column, labels) for at, column in enumerate(columns.inputs.values())),
            outputs=tuple(_said(row.results.get(name), columns.outputs[name]) for name in _answered(table)),
            source=row.source,
            status=RowStatus(row.status),
            in_force_from=None if row.in_force_from == date.min else row.in_force_from,
            in_force_until=None if row.in_force_until == date.max else row.in_force_until,
            reading=f"{row.reading.text}（{RowStatus.said(row.reading.status)}）" if row.reading else None,
        )


def _answered(table: Table) -> tuple[str, ...]:
    """The outputs some row answers; all where there is no row."""
    names = tuple(table.signature.outputs)
    return tuple(name for name in names if any(row.results.get(name) is not None for row in table.rows)) or names


def _asked(row: Row, at: int, column: Column, labels: Mapping[str, str]) -> str:
    """A cell of a condition; words of the table and its other inputs by their labels."""
    cell = row.cells[at]
    if cell.matches is None:
        return ANY
    text = cell.text
    words = column.words or DeadlineStep.labels()
    for word, label in words.items():
        text = text.replace(f'"{word}"', label)
    for name in sorted(cell.names, key=len, reverse=True):
        text = text.replace(name, labels[name])
    return {"true": "是", "false": "否", "null": "未知", "not(null)": "已知"}.get(text) or _in_words(text)


def _in_words(text: str) -> str:
    """A test as people say it.

    >>> _in_words("[80..90)"), _in_words(">= 90"), _in_words("项目,政策"), _in_words("not(项目)")
    ('80 至不满 90', '≥ 90', '项目、政策', '不含：项目')
    """
    none_of = _NOT.fullmatch(text.strip())
    if none_of:
        return f"不含：{_in_words(none_of[1])}"
    found = _RANGE.fullmatch(text.strip())
    if found:
        opens, low, high, closes = found.groups()
        return f"{'' if opens == '[' else '大于 '}{low} {'至' if closes == ']' else '至不满'} {high}"
    return text.replace(">=", "≥").replace("<=", "≤").replace(",", "、")


def _said(value: Any, column: Column) -> str:
    if value is None:
        return NOTHING
    if column.kind is Kind.BOOLEAN:
        return "是" if value else "否"
    if isinstance(value, tuple | list):
        return "、".join(column.words.get(str(each), str(each)) for each in value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return column.words.get(str(value), str(value))
