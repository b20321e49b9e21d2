"""Diagrams for the lint's tests: one sound file, and a short way of writing small ones down."""

from collections.abc import Callable

import pytest

from engine.process.lint.diagram import Diagram
from engine.process.lint.reading import read_diagram
from tests.unit.process.lint.drawn import FILES, bpmn


@pytest.fixture
def sound() -> str:
    """A diagram without any fault, as text to spoil."""
    return (FILES / "target_filing.bpmn").read_text("utf-8")


@pytest.fixture
def draw() -> Callable[..., Diagram]:
    """`draw(text)`: a process without a picture, one node or flow a line, as `bpmn` explains."""

    def drawn(text: str, file: str = "case.bpmn") -> Diagram:
        return read_diagram(file, bpmn(text, file.removesuffix(".bpmn")))

    return drawn
