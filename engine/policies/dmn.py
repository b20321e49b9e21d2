"""Reads a DMN 1.3 file as it stands on paper: one decision, one table, headings, rows, annotations, with their lines.

Nothing is understood here yet but the shape. The annotation columns 依据 and 状态 belong to every row; 施行 and 废止
(ISO dates) to rows that do not hold always; 读法 to rows of which the text leaves a part to be read. Editors of one
annotation column (dmn.io) show a row's `description`, which repeats them as "依据：…；状态：…" and stands for them
where a row has no annotation entries.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lxml import etree

from engine.errors import DefinitionError
from engine.findings import Finding
from engine.xml import parse_xml

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
EXTENSION = "urn:jixiao:tables"
HIT_POLICIES = ("UNIQUE", "FIRST", "COLLECT")
NOTES = ("依据", "状态", "施行", "废止", "读法")
MAX_ROWS = 500

_BESIDES_DECISION = {"DMNDI", "extensionElements", "description"}
_SEPARATOR = re.compile("；(?=(?:" + "|".join(NOTES) + ")：)")

Note = Callable[[etree._Element, str, str], None]
"""Notes a fault: where, what is wrong, what to do."""


@dataclass(frozen=True, slots=True)
class Head:
    """The heading of a column: the name the engine knows, the Chinese label, the DMN type."""

    name: str
    label: str
    type_ref: str
    line: int


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row as written."""

    id: str
    line: int
    conditions: tuple[str, ...]
    results: tuple[str, ...]
    notes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table as written; `complete` says that its author means it to answer every input.

    `covers` are the kinds of objects it is about, where it has no column for them; none named: all.
    """

    file: str
    line: int
    decision: str
    title: str
    hit_policy: str
    complete: bool
    covers: tuple[str, ...]
    inputs: tuple[Head, ...]
    outputs: tuple[Head, ...]
    rows: tuple[SheetRow, ...]


def read_sheet(file: str, content: bytes, findings: list[Finding]) -> Sheet | None:
    """The table in a DMN file; faults of shape go to `findings`, and without a readable table the answer is None."""
    try:
        root = parse_xml(file, content)
    except DefinitionError as error:
        findings.append(
            Finding("error", file, error.facts.get("line") or 1, None, error.message, "请用dmn.io重新导出。")
        )
        return None
    return _SheetReader(file, findings).read(root)


@dataclass(frozen=True, slots=True)
class _SheetReader:
    file: str
    findings: list[Finding]

    def fault(self, where: etree._Element, message: str, remedy: str) -> None:
        self.findings.append(Finding("error", self.file, _line(where), where.get("id"), message, remedy))

    def read(self, root: etree._Element) -> Sheet | None:
        if root.tag != _tag("definitions"):
            self.fault(root, "不是DMN 1.3文件", f"根元素应为definitions，命名空间{DMN}")
            return None
        for child in root:
            if _local(child) not in {"decision", *_BESIDES_DECISION}:
                self.fault(child, f"不支持“{_local(child)}”", "一个文件只放一个决策表")
        decisions = root.findall(_tag("decision"))
        if len(decisions) != 1:
            self.fault(root, f"文件里有{len(decisions)}个决策", "一个文件放且只放一个决策")
            return None
        table = decisions[0].find(_tag("decisionTable"))
        if table is None:
            self.fault(decisions[0], "决策不是决策表", "只支持决策表，不支持文字表达式等其他写法")
            return None
        return self._table(decisions[0], table)

    def _table(self, decision: etree._Element, table: etree._Element) -> Sheet | None:
        hit_policy = table.get("hitPolicy", "UNIQUE")
        if hit_policy not in HIT_POLICIES or table.get("aggregation"):
            self.fault(
                table,
                f"命中规则“{hit_policy} {table.get('aggregation', '')}”不支持",
                "请用UNIQUE、FIRST或不带汇总的COLLECT",
            )
            return None
        rules = table.findall(_tag("rule"))
        if len(rules) > MAX_ROWS:
            self.fault(table, f"有{len(rules)}行，超过{MAX_ROWS}行", "请拆成几张表")
            return None
        columns = [annotation.get("name", "") for annotation in table.findall(_tag("annotation"))]
        for name in columns:
            if name not in NOTES:
                self.fault(table, f"批注列“{name}”不认识", f"批注列只有{'、'.join(NOTES)}")
        inputs = tuple(self._input(each) for each in table.findall(_tag("input")))
        outputs = tuple(self._output(each) for each in table.findall(_tag("output")))
        rows = tuple(row for rule in rules if (row := self._row(rule, len(inputs), len(outputs), columns)))
        return Sheet(
            self.file,
            _line(decision),
            decision.get("id", ""),
            decision.get("name", ""),
            hit_policy,
            table.get(f"{{{EXTENSION}}}complete") == "true",
            tuple(table.get(f"{{{EXTENSION}}}covers", "").split()),
            inputs,
            outputs,
            rows,
        )

    def _input(self, element: etree._Element) -> Head:
        expression = element.find(_tag("inputExpression"))
        if expression is None:
            self.fault(element, "输入列没有输入表达式", "写上输入的名称，例如amount_wan")
            return Head("", element.get("label", ""), "", _line(element))
        return Head(_text(expression), element.get("label", ""), expression.get("typeRef", ""), _line(element))

    def _output(self, element: etree._Element) -> Head:
        return Head(element.get("name", ""), element.get("label", ""), element.get("typeRef", ""), _line(element))

    def _row(self, rule: etree._Element, inputs: int, outputs: int, columns: list[str]) -> SheetRow | None:
        conditions = tuple(_text(entry) for entry in rule.findall(_tag("inputEntry")))
        results = tuple(_text(entry) for entry in rule.findall(_tag("outputEntry")))
        if (len(conditions), len(results)) != (inputs, outputs):
            self.fault(rule, "这一行的格数与表头不一致", f"应有{inputs}个条件格和{outputs}个结果格")
            return None
        if not rule.get("id"):
            self.fault(rule, "这一行没有编号", "给rule加上id，答复和日志要引用它")
        return SheetRow(rule.get("id", ""), _line(rule), conditions, results, self._notes(rule, columns))

    def _notes(self, rule: etree._Element, columns: list[str]) -> Mapping[str, str]:
        entries = [_text(entry) for entry in rule.findall(_tag("annotationEntry"))]
        described = _described(rule)
        if not entries:
            return described
        notes = {name: text for name, text in zip(columns, entries, strict=False) if text}
        if described and described != notes:
            self.fault(rule, "批注列与说明（dmn.io里显示的“Annotations”）不一致", "两处改成一样，或只保留一处")
        return notes


def _described(rule: etree._Element) -> dict[str, str]:
    description = rule.find(_tag("description"))
    text = "" if description is None else (description.text or "").strip()
    parts = (part.partition("：") for part in _SEPARATOR.split(text))
    return {name: value.strip() for name, mark, value in parts if mark and name in NOTES}


def _tag(name: str) -> str:
    return f"{{{DMN}}}{name}"


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


def _line(element: etree._Element) -> int:
    return int(element.sourceline or 1)


def _text(element: etree._Element) -> str:
    text = element.find(_tag("text"))
    return "" if text is None else (text.text or "").strip()
