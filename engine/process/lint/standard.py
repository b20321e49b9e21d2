"""The BPMN 2.0 schema: the same files (of the OMG) that the workflow library brings, found without importing it."""

from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from lxml import etree

from engine.findings import Finding
from engine.process.lint.diagram import Diagram

MAX_REPORTED = 5


def follows_the_schema(diagram: Diagram) -> Iterator[Finding]:
    """A file is valid by the schema of BPMN 2.0; the first five places where it is not."""
    schema = etree.XMLSchema(_schema())
    if schema.validate(diagram.xml):
        return
    for entry in list(schema.error_log)[:MAX_REPORTED]:
        yield Finding(
            "error",
            diagram.file,
            entry.line,
            None,
            f"不符合BPMN 2.0标准格式：{_plain(entry.message)}",
            "用建模工具打开并重新保存；若是手工改过，请对照标准更正。",
        )


@lru_cache(maxsize=1)
def _schema() -> etree._ElementTree:
    library = find_spec("SpiffWorkflow")
    if library is None or library.origin is None:
        raise FileNotFoundError("SpiffWorkflow is not installed: the BPMN schema comes with it")
    return etree.parse(Path(library.origin).parent / "bpmn" / "parser" / "schema" / "BPMN20.xsd")


def _plain(message: str) -> str:
    """Without the namespaces the validator spells out in front of each name."""
    namespace = "{http://www.omg.org/spec/BPMN/20100524/"
    return message.replace(namespace + "MODEL}", "").replace(namespace + "DI}", "")
