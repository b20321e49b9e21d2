"""Whether the rows of a table fit together: no two where one is meant, none out of reach, no gap that was not meant.

A gap is lawful (本区未规定) unless the table says `jixiao:complete="true"`.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from engine.findings import Finding
from engine.policies.coverage import TooWide, witness
from engine.policies.kinds import Kind
from engine.policies.signatures import Gather
from engine.policies.table import Row, Table
from engine.words import RowStatus

_READ = re.compile("默认|读作|理解|推定|推出|待签核|未设|未说")
"""Words by which a source says that more stands in its row than in the document."""


def check_table(table: Table) -> list[Finding]:
    """Every fault of fit in one compiled table, by an example, and rows that say less than the truth of themselves."""
    try:
        return [*_overlaps(table), *_unreachable(table), *_gaps(table), *_more_than_stated(table)]
    except TooWide:
        return [
            Finding(
                "error",
                table.file,
                table.line,
                table.decision,
                "决策表太宽，核对不完是否重叠或遗漏",
                "减少一张表里互相比较的数和清单词，或拆成几张表",
            )
        ]


def _overlaps(table: Table) -> Iterator[Finding]:
    if table.hit_policy == "FIRST":
        return
    for first, second in combinations(table.rows, 2):
        if table.hit_policy == "COLLECT" and not _contradict(table, first, second):
            continue
        example = witness(table, [first, second], [])
        if example is not None:
            same = first.results == second.results
            kind = "重叠" if same else "矛盾"
            yield Finding(
                "error",
                table.file,
                second.line,
                second.id,
                f"第“{first.id}”行与第“{second.id}”行{kind}：{_shown(table, example)}时两行都符合",
                "删去重复的一行" if same else "改条件使两行不同时符合，或只保留一行",
            )


def _contradict(table: Table, first: Row, second: Row) -> bool:
    """Whether two collected rows, met together, could not both be right."""
    return any(
        column.gather is Gather.ONE
        and first.results[name] is not None
        and second.results[name] is not None
        and first.results[name] != second.results[name]
        for name, column in table.signature.outputs.items()
    )


def _unreachable(table: Table) -> Iterator[Finding]:
    for at, row in enumerate(table.rows):
        earlier = table.rows[:at] if table.hit_policy == "FIRST" else ()
        if witness(table, [row], earlier) is None:
            why = (
                "前面各行已全部占去它的情形"
                if earlier and witness(table, [row], [])
                else "它的条件自相矛盾或超出输入范围"
            )
            yield Finding(
                "error", table.file, row.line, row.id, f"这一行永远不会符合：{why}", "改条件、调整先后，或删去这一行"
            )


def _gaps(table: Table) -> Iterator[Finding]:
    if not table.complete:
        return
    for what, rows in _answering(table).items():
        example = witness(table, [], rows)
        if example is not None:
            yield Finding(
                "warning",
                table.file,
                table.line,
                table.decision,
                f"声明完整的表有遗漏：{_shown(table, example)}时没有一行{what}",
                "补上这一行，或删去complete声明（没有规定的情形答“本区未规定”）",
            )


def _more_than_stated(table: Table) -> Iterator[Finding]:
    """Rows called 原文 whose source says itself that part of them is read into the text."""
    for row in table.rows:
        if row.status == RowStatus.STATED and row.reading is None and _READ.search(row.source):
            yield Finding(
                "warning", table.file, row.line, row.id, "依据里有读法或默认，状态却只写原文",
                "在“读法”批注列写明推定（inferred）还是默认（default），以及怎样读",
            )  # fmt: skip


def _answering(table: Table) -> dict[str, list[Row]]:
    """Who has to answer every input: the rows together, or where rows are collected, those that give each output."""
    if table.hit_policy != "COLLECT":
        return {"符合": list(table.rows)}
    return {
        f"给出“{column.label}”": [row for row in table.rows if row.results[name] is not None]
        for name, column in table.signature.outputs.items()
        if column.gather is Gather.ONE
    }


def _shown(table: Table, example: Mapping[str, Any]) -> str:
    """The example in words, leaving out what no row of the table asks for."""
    parts = [
        f"{column.label}＝{_value(column.kind, example[name])}"
        for at, (name, column) in enumerate(table.signature.inputs.items())
        if any(row.cells[at].matches for row in table.rows)
    ]
    if "on" in example:
        parts.append(f"日期＝{example['on']}")
    return "、".join(parts)


def _value(kind: Kind, value: Any) -> str:
    if value is None:
        return "未知"
    if kind is Kind.WORDS:
        return "＋".join(value) or "空"
    return f"{value.normalize():f}" if kind is Kind.NUMBER else str(value)
