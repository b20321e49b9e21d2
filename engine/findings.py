"""What a check can say: a `Finding` about a definition (diagram, table, pack), a `FormFinding` about a form handed in.

The two have one vocabulary of severities and nothing else in common: a finding stands in a file and comes with its
remedy, a finding of a form stands in a cell, names the rule it rests on, and a sentence of the unit may answer it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "explain", "warning", "hint", "undefined"]
"""error stops; explain (forms) stops until somebody explains; warning (definitions) wants a look; hint (forms) is worth
knowing; undefined (forms) tells what a jurisdiction has not laid down (本区未规定)."""

HEAVIEST_FIRST: tuple[Severity, ...] = ("error", "explain", "warning", "hint", "undefined")


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


@dataclass(frozen=True, slots=True)
class FormFinding:
    """One result of 自动审核.

    `field` is the path of the cell (`engine.submissions.forms.paths`), "" for the whole form. `status` is arithmetic,
    required, stated, inferred, default or undefined. `explanation` is the sentence the unit gave for it, if any.
    """

    severity: Severity
    field: str
    message: str
    source: str
    status: str
    explanation: str | None = None

    @property
    def stops(self) -> bool:
        """Whether the form cannot be handed in because of this."""
        return self.severity == "error" or (self.severity == "explain" and not self.explanation)


def heaviest_first(findings: Iterable[FormFinding]) -> list[FormFinding]:
    """In the order of their severity; equally heavy ones stay as they come."""
    return sorted(findings, key=lambda finding: HEAVIEST_FIRST.index(finding.severity))


def place_in_toml(fault: ValueError) -> str:
    """Where a TOML file cannot be read any further, in Chinese; the reader itself says it in English."""
    found = re.search(r"at line (\d+), column (\d+)", str(fault))
    if found:
        return f"第 {found[1]} 行第 {found[2]} 个字起读不下去"
    return "到末尾还没有写完" if "end of document" in str(fault) else "写法或编码不对"
