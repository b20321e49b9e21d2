"""A jurisdiction's policy: its pack over the national tables, asked one decision at a time."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from engine.policies.completing import agreed
from engine.policies.errors import UnknownDecision
from engine.policies.names import listed, named, nearest
from engine.policies.pack import Pack, Source
from engine.policies.signatures import DECISIONS
from engine.policies.table import Reading, Table
from engine.words import RowStatus

NATIONAL = "national"


@dataclass(frozen=True, slots=True)
class Decision:
    """One answer: what the row (of a collecting table: the rows) said, and on whose word.

    `undefined` means that no row answers; then every output is None. Without `missing` nothing is laid down for these
    inputs (本区未规定); otherwise the answer depends on these, which are not known (资料不全).
    `status` is how firmly the answer stands: stated, inferred or default; `reading` is what of the rows stands less
    firmly than that. `table` is the file, `layer` whose it is.
    """

    decision: str
    jurisdiction: str
    undefined: bool
    outputs: dict[str, Any]
    row: str | None
    source: str | None
    status: str | None
    table: str
    layer: str
    missing: tuple[str, ...] = ()
    reading: str | None = None


def _told(reading: Reading) -> str:
    return f"{reading.text}（{RowStatus.said(reading.status)}）"


@dataclass(frozen=True, eq=False)
class Policy:
    """What holds in one jurisdiction: for each decision its own table, or else the national one."""

    pack: Pack
    tables: Mapping[str, Table]
    files: Mapping[str, bytes]

    @property
    def name(self) -> str:
        return self.pack.name

    @property
    def title(self) -> str:
        return self.pack.title

    @property
    def parent(self) -> str | None:
        return self.pack.parent

    @property
    def sources(self) -> tuple[Source, ...]:
        return self.pack.sources

    @cached_property
    def hash(self) -> str:
        """SHA-256 over the names and contents of the files in effect: the version of this policy."""
        digest = hashlib.sha256()
        for name in sorted(self.files):
            digest.update(f"{name}\0{len(self.files[name])}\0".encode())
            digest.update(self.files[name])
        return digest.hexdigest()

    def decide(self, decision: str, inputs: Mapping[str, Any], on: date | None = None) -> Decision:
        """The answer for these inputs by the rows in force on that day (None: by those in force last).

        What is not among `inputs` is not known: the answer is the one all its values agree on, if they do. Refuses an
        unknown decision, an unknown input, a value of the wrong kind or out of its range.
        """
        table = self.table(decision)
        rows, missing = agreed(table, table.read(inputs), on or date.max)
        outputs = table.answer(rows)
        return Decision(
            decision=decision,
            jurisdiction=self.pack.name,
            undefined=not rows,
            outputs=outputs,
            row="、".join(row.id for row in rows) or None,
            source="；".join(dict.fromkeys(row.source for row in rows)) or None,
            status=table.firmness(rows, outputs),
            table=table.file,
            layer=table.layer,
            missing=missing,
            reading="；".join(dict.fromkeys(_told(row.reading) for row in rows if row.reading)) or None,
        )

    def decide_about(self, object_kind: str, decision: str, inputs: Mapping[str, Any], on: date) -> Decision:
        """The answer for an object of that kind; of kinds the table is not about nothing is laid down."""
        if not self.table(decision).is_about(object_kind):
            return self.silent_about(decision)
        return self.decide(decision, inputs, on)

    def silent_about(self, decision: str) -> Decision:
        """The answer of tables that were written before there was such a decision, or for other kinds of objects."""
        nothing: dict[str, Any] = dict.fromkeys(DECISIONS[decision].outputs)
        return Decision(decision, self.pack.name, True, nothing, None, None, None, "", NATIONAL)

    def table(self, decision: str) -> Table:
        """The table in effect for a decision."""
        if decision not in self.tables:
            raise self._unknown(decision)
        return self.tables[decision]

    def row_told(self, decision: str, rows: str | None) -> str:
        """A row as people look it up: 评价等级（花溪区）第 1 行; `rows` are ids as a `Decision` names them.

        Without an id, or with one these tables do not have, it is the table alone: 评价等级（花溪区）.
        """
        table = self.table(decision)
        place = {row.id: number for number, row in enumerate(table.rows, start=1)}
        known = [str(place[each]) for each in (rows or "").split("、") if each in place]
        whose = "全国" if table.layer == NATIONAL else self.title
        return f"{table.signature.title}（{whose}）" + (f"第 {'、'.join(known)} 行" if known else "")

    def decision_named(self, text: str) -> str:
        """The decision a person means: grade or 评价等级."""
        found = named(text, self._titles)
        if found is None:
            raise self._unknown(text)
        return found

    @property
    def _titles(self) -> dict[str, str]:
        return {name: table.signature.title for name, table in self.tables.items()}

    def _unknown(self, text: str) -> UnknownDecision:
        titles = self._titles
        near = nearest(text, titles)
        meant = f"是不是想写 {listed(titles, near)}？" if near else ""
        return UnknownDecision(
            f"没有叫“{text}”的判定。{meant}只有：{listed(titles)}。", decision=text, known=list(titles), nearest=near
        )

    def to_files(self) -> dict[str, bytes]:
        """The files in effect, by their place below bpmn/; `Policies.from_files` makes the same policy of them."""
        return dict(self.files)
