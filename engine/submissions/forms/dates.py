"""Dates that must follow one another."""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.findings import FormFinding
from engine.submissions.forms.findings import wrong


def in_order(block: Mapping[str, Any], first: tuple[str, str], then: tuple[str, str]) -> Iterator[FormFinding]:
    """The second day is not before the first; each is (key, label)."""
    start, end = block.get(first[0]), block.get(then[0])
    if start is not None and end is not None and end < start:
        yield wrong(then[0], f"“{then[1]}”{end} 早于“{first[1]}”{start}，请核对。")
