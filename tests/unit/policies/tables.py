"""Small tables for tests, written as an editor would."""

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from engine.findings import Finding
from engine.policies.compiler import compile_sheet
from engine.policies.dmn import DMN, read_sheet
from engine.policies.signatures import DECISIONS
from engine.policies.table import Table

NOTES = {"依据": "HX-14 测试", "状态": "stated 原文"}


def dmn(
    decision: str,
    rows: Iterable[tuple[Sequence[str], Sequence[str]]],
    *,
    hit_policy: str = "UNIQUE",
    notes: dict[str, str] | None = None,
    complete: bool = False,
) -> bytes:
    """A DMN file of one decision; `rows` are (condition cells, result cells)."""
    signature = DECISIONS[decision]
    notes = NOTES if notes is None else notes
    inputs = "".join(
        f'<input label="{column.label}"><inputExpression typeRef="{column.kind.type_ref}"><text>{name}</text>'
        "</inputExpression></input>"
        for name, column in signature.inputs.items()
    )
    outputs = "".join(
        f'<output label="{column.label}" name="{name}" typeRef="{column.kind.type_ref}"/>'
        for name, column in signature.outputs.items()
    )
    annotations = "".join(f'<annotation name="{name}"/>' for name in notes)
    entries = "".join(f"<annotationEntry><text>{text}</text></annotationEntry>" for text in notes.values())
    rules = "".join(
        f'<rule id="row_{at}">\n{_entries("inputEntry", cells)}{_entries("outputEntry", results)}{entries}</rule>\n'
        for at, (cells, results) in enumerate(rows, start=1)
    )
    flag = ' xmlns:jixiao="urn:jixiao:tables" jixiao:complete="true"' if complete else ""
    return (
        f'<definitions xmlns="{DMN}" id="d" name="测试" namespace="urn:test">\n'
        f'<decision id="{decision}" name="测试">\n<decisionTable hitPolicy="{hit_policy}"{flag}>'
        f"{inputs}{outputs}{annotations}\n{rules}</decisionTable></decision></definitions>"
    ).encode()


def _entries(tag: str, texts: Sequence[str]) -> str:
    return "".join(f"<{tag}><text>{escape(text)}</text></{tag}>" for text in texts)


def compiled(content: bytes, decision: str) -> Table:
    """The table in `content`, which must be sound in itself."""
    findings: list[Finding] = []
    sheet = read_sheet(f"{decision}.dmn", content, findings)
    assert sheet is not None, findings
    table = compile_sheet(sheet, "national", findings)
    assert table is not None, findings
    return table
