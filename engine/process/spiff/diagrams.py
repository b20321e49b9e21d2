"""A set of diagrams that belong together: checked, parsed once, immutable, shared by all cases and threads."""

import hashlib
from collections.abc import Collection, Mapping
from functools import cached_property
from importlib.metadata import version
from types import MappingProxyType

from engine.process.elements import elements_of
from engine.process.lint import check_files, errors
from engine.process.lint.reading import read_diagram
from engine.process.model import DiagramRefused, Element, UnknownElement
from engine.process.outline import OutlineStep, outlines
from engine.process.spiff.codec import FORMAT
from engine.process.spiff.definition import Definition
from engine.xml import parse_xml


class Diagrams:
    """Every process of a deployment with its elements.

    `hash` identifies the exact contents, the library and the state format; a case is pinned to it.
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        roots = {name: parse_xml(name, content) for name, content in files.items()}
        self.files: Mapping[str, bytes] = MappingProxyType(dict(files))
        self.hash = _hash(files)
        self._elements = {(e.process_id, e.id): e for root in roots.values() for e in elements_of(root)}
        self.definition = Definition(roots, self._elements)
        self.process_ids = tuple(sorted(p for p, home in self.definition.homes.items() if p == home))

    @classmethod
    def parse(
        cls,
        files: Mapping[str, bytes],
        *,
        decisions: Collection[str] | None = None,
        operations: Collection[str] | None = None,
        deadlines: Collection[str] | None = None,
    ) -> "Diagrams":
        """The diagrams in `files` (name -> BPMN XML). DiagramRefused lists everything the lint found unsound.

        `decisions` are the tables that exist (None: not checked), `operations` the service operations (None: ours),
        `deadlines` the names some deadline table lays down (None: not checked).
        """
        findings = errors(check_files(files, decisions, operations, deadlines))
        if findings:
            told = " ".join(f"{f.file}第{f.line}行（{f.element}）：{f.message}{f.remedy}" for f in findings[:5])
            raise DiagramRefused(f"流程图有{len(findings)}处错误，不能使用。{told}", findings=findings)
        return cls(files)

    @classmethod
    def stored(cls, files: Mapping[str, bytes]) -> "Diagrams":
        """Diagrams checked when they were put into service: a stricter lint must not lock out cases running on them."""
        return cls(files)

    def element(self, process_id: str, element_id: str) -> Element:
        """One element of a diagram; UnknownElement if there is none."""
        try:
            return self._elements[process_id, element_id]
        except KeyError:
            raise UnknownElement(
                f"流程“{process_id}”中没有“{element_id}”这一步。请核对步骤编号。",
                process_id=process_id,
                element_id=element_id,
            ) from None

    def elements(self, process_id: str) -> tuple[Element, ...]:
        """All elements of a diagram in document order."""
        return tuple(element for (pid, _), element in self._elements.items() if pid == process_id)

    def steps(self, process_id: str) -> tuple[OutlineStep, ...]:
        """The diagram in words, in reading order; UnknownElement if there is no such process."""
        try:
            return self._outlines[process_id]
        except KeyError:
            raise UnknownElement(f"没有名为“{process_id}”的流程。请核对流程编号。", process_id=process_id) from None

    def drawing(self, process_id: str) -> bytes:
        """The file in which a process is drawn, as BPMN XML; UnknownElement if there is no such process."""
        try:
            return self.files[self._files_of[process_id]]
        except KeyError:
            raise UnknownElement(f"没有名为“{process_id}”的流程。请核对流程编号。", process_id=process_id) from None

    @cached_property
    def _files_of(self) -> Mapping[str, str]:
        files = [(name, read_diagram(name, content)) for name, content in self.files.items()]
        return {process.id: name for name, file in files for process in file.processes}

    @cached_property
    def _outlines(self) -> Mapping[str, tuple[OutlineStep, ...]]:
        """Read when first asked for: the engine itself never needs them."""
        files = [read_diagram(name, content) for name, content in self.files.items()]
        return {process_id: steps for file in files for process_id, steps in outlines(file).items()}


def _hash(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256(f"SpiffWorkflow {version('SpiffWorkflow')}, state format {FORMAT}".encode())
    for name in sorted(files):
        for part in (name.encode(), files[name]):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
    return digest.hexdigest()
