"""What a check says: one finding per fault, with its place and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: its place (`line` counts from 1, `element` is an id), what is wrong, and the remedy, both in Chinese.

    An error keeps a definition from being used; a warning does not, but somebody should look.
    """

    severity: Severity
    file: str
    line: int | None
    element: str | None
    message: str
    remedy: str


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that keep the definition from being used."""
    return tuple(finding for finding in findings if finding.severity == "error")
