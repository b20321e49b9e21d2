"""Makes a table out of a sheet: every heading, cell, result and annotation is understood, or a finding says why not."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from engine.findings import Finding
from engine.policies.dmn import Head, Sheet, SheetRow
from engine.policies.kinds import Kind, NotOfKind, read_number
from engine.policies.sfeel import ANYTHING, BadCell, Cell, compile_cell
from engine.policies.signatures import DECISIONS, Column, Signature
from engine.policies.table import STATUSES, Reading, Row, Table
from engine.policies.typed_numbers import respelled
from engine.words import CaseKind, RowStatus

STATED = RowStatus.STATED.value


def compile_sheet(sheet: Sheet, layer: str, findings: list[Finding]) -> Table | None:
    """The table of a sheet for `layer` (national or a jurisdiction); faults go to `findings`."""
    signature = DECISIONS.get(sheet.decision)
    if signature is None:
        findings.append(
            Finding(
                "error",
                sheet.file,
                sheet.line,
                sheet.decision or None,
                f"没有叫“{sheet.decision}”的决策",
                f"decision的id只能是：{'、'.join(DECISIONS)}",
            )
        )
        return None
    return _Compiler(sheet, signature, findings).table(layer)


@dataclass(frozen=True, slots=True)
class _Compiler:
    sheet: Sheet
    signature: Signature
    findings: list[Finding]

    def fault(self, line: int, element: str | None, message: str, remedy: str) -> None:
        self.findings.append(Finding("error", self.sheet.file, line, element or None, message, remedy))

    def table(self, layer: str) -> Table | None:
        before = len(self.findings)
        sheet = self.sheet
        if PurePosixPath(sheet.file).name != f"{sheet.decision}.dmn":
            self.fault(sheet.line, sheet.decision, "文件名与决策名不同", f"文件应名为{sheet.decision}.dmn")
        self._headings("输入", sheet.inputs, self.signature.inputs)
        self._headings("结果", sheet.outputs, self.signature.outputs)
        if len(self.findings) > before:
            return None
        rows = tuple(self._row(row) for row in sheet.rows)
        self._unique_ids()
        self._covers()
        if len(self.findings) > before:
            return None
        return Table(
            sheet.file,
            sheet.line,
            layer,
            sheet.decision,
            sheet.title,
            sheet.hit_policy,
            sheet.complete,
            self.signature,
            rows,
            self._covers(),
        )

    def _headings(self, side: str, heads: tuple[Head, ...], columns: Mapping[str, Column]) -> None:
        names = [head.name for head in heads]
        if names not in (list(columns), [name for name, column in columns.items() if not column.later]):
            self.fault(
                self.sheet.line,
                self.sheet.decision,
                f"{side}列是“{'、'.join(names)}”，与决策的规定不同",
                f"{side}列应依次为：{'、'.join(columns)}",
            )
            return
        for head in heads:
            column = columns[head.name]
            if head.type_ref != column.kind.type_ref:
                self.fault(head.line, head.name, f"“{head.name}”的类型是{head.type_ref}", f"应为{column.kind.type_ref}")
            if not head.label:
                self.fault(head.line, head.name, f"“{head.name}”没有中文表头", f"label写上“{column.label}”")

    def _covers(self) -> frozenset[str]:
        known = set(CaseKind) if "object_kind" not in self.signature.inputs else set[str]()
        unknown = [kind for kind in self.sheet.covers if kind not in known]
        if unknown:
            self.fault(
                self.sheet.line, self.sheet.decision, f"covers写的“{'、'.join(unknown)}”不能用",
                f"没有对象类型这一列的表才写，只能是：{'、'.join(CaseKind)}",
            )  # fmt: skip
        return frozenset(self.sheet.covers)

    def _unique_ids(self) -> None:
        seen: set[str] = set()
        for row in self.sheet.rows:
            if row.id in seen:
                self.fault(row.line, row.id, "行的编号重复", "每行用不同的id")
            seen.add(row.id)

    def _row(self, row: SheetRow) -> Row:
        cells = self._cells(row)
        status = row.notes.get("状态", "").split(" ")[0]
        if not row.notes.get("依据"):
            self.fault(row.line, row.id, "这一行没有依据", "在“依据”批注列写明规则编号和文件")
        if status not in STATUSES:
            known = "、".join(f"“{code} {label}”" for code, label in STATUSES.items())
            self.fault(row.line, row.id, "这一行没有状态，或状态不认识", f"“状态”批注列写{known}之一")
        names = tuple(self.signature.inputs)
        return Row(
            row.id,
            row.line,
            cells,
            tuple((name, cell.matches) for name, cell in zip(names, cells, strict=True) if cell.matches),
            self._results(row),
            row.notes.get("依据", ""),
            status,
            self._day(row, "施行", date.min),
            self._day(row, "废止", date.max),
            self._reading(row),
        )

    def _reading(self, row: SheetRow) -> Reading | None:
        """What of the row the text leaves to be read, and how firm that is: “default 施行日默认按2021年7月起算”."""
        firmness, _, told = row.notes.get("读法", "").partition(" ")
        if not firmness:
            return None
        if firmness not in STATUSES or firmness == STATED or not told.strip():
            self.fault(row.line, row.id, "“读法”读不懂", "先写inferred或default，空一格，再写怎样读")
            return None
        return Reading(firmness, told.strip())

    def _cells(self, row: SheetRow) -> tuple[Cell, ...]:
        columns = self.signature.inputs
        numbers = frozenset(name for name, column in columns.items() if column.kind is Kind.NUMBER)
        texts = dict(zip((head.name for head in self.sheet.inputs), row.conditions, strict=True))
        cells = []
        for name, column in columns.items():
            text = texts.get(name, ANYTHING.text)
            try:
                cell = compile_cell(text, column.kind, numbers - {name})
            except BadCell as error:
                self.fault(row.line, row.id, f"“{column.label}”列：{error.message}", error.remedy)
                cell = ANYTHING
            self._known_words(row, column, cell.words)
            cells.append(cell)
        return tuple(cells)

    def _known_words(self, row: SheetRow, column: Column, words: frozenset[str]) -> None:
        for word in sorted(words - set(column.words)) if column.words else ():
            self.fault(row.line, row.id, f"“{column.label}”列没有“{word}”这个词", f"只能是：{'、'.join(column.words)}")

    def _results(self, row: SheetRow) -> dict[str, Any]:
        results: dict[str, Any] = dict.fromkeys(self.signature.outputs)
        for name, text in zip((head.name for head in self.sheet.outputs), row.results, strict=True):
            column = self.signature.outputs[name]
            try:
                results[name] = _literal(column, text)
            except NotOfKind as error:
                self.fault(row.line, row.id, f"“{column.label}”列的结果“{text}”不能用：{error}", "改成这一列能写的值")
                results[name] = None
        return results

    def _day(self, row: SheetRow, note: str, otherwise: date) -> date:
        text = row.notes.get(note)
        if not text:
            return otherwise
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.fault(row.line, row.id, f"“{note}”不是日期：{text}", "写成2021-07-01的样子")
            return otherwise


def _literal(column: Column, text: str) -> Any:
    """A result cell: a number, true, false, a quoted text, blank-separated quoted words; empty says nothing."""
    if text in ("", "null"):
        return None
    if column.kind is Kind.NUMBER:
        if (written := respelled(text)) is not None:
            raise NotOfKind(f"请写成{written}，不写千分位、百分号、单位和全角字符")
        number = read_number(text)
        if (column.low is not None and number < column.low) or (column.high is not None and number > column.high):
            raise NotOfKind(
                f"应在{column.low}到{column.high}之间" if column.high is not None else f"不能小于{column.low}"
            )
        return number
    if column.kind is Kind.BOOLEAN:
        if text not in ("true", "false"):
            raise NotOfKind("应为true或false")
        return text == "true"
    if len(text) < 2 or text[0] != '"' or text[-1] != '"' or '"' in text[1:-1]:
        raise NotOfKind("应放在英文双引号里")
    return _quoted(column, text[1:-1])


def _quoted(column: Column, text: str) -> Any:
    words = text.split() if column.kind is Kind.WORDS else [text]
    for word in words:
        if column.words and word not in column.words:
            raise NotOfKind(f"没有“{word}”这个词，只能是：{'、'.join(column.words)}")
    if column.form and not re.fullmatch(column.form, text):
        raise NotOfKind("写法不对")
    return tuple(words) if column.kind is Kind.WORDS else text
