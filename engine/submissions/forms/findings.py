"""What a check found, and how heavily it weighs (ux 2.3).

Only arithmetic, required fields and rules that are `stated` stop a form. A rule that is `inferred` from data or is a
`default` awaiting signature at most asks for a sentence. What a jurisdiction has not laid down is `undefined`: said,
never judged.
"""

from dataclasses import dataclass
from typing import Any, Literal, Protocol

Severity = Literal["error", "explain", "hint", "undefined"]
ORDER: dict[str, int] = {"error": 0, "explain": 1, "hint": 2, "undefined": 3}
ARITHMETIC = "表内表间勾稽关系"


class Answer(Protocol):
    """What a decision table says; `engine.policies.Decision` is one."""

    @property
    def undefined(self) -> bool:
        """Whether no row holds here (本区未规定)."""
        ...

    @property
    def outputs(self) -> dict[str, Any]:
        """The row's outputs by name."""
        ...

    @property
    def source(self) -> str | None:
        """The row's 依据."""
        ...

    @property
    def status(self) -> str | None:
        """stated, inferred or default."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of 自动审核.

    `field` is the path of the cell (`paths`), "" for the whole form. `status` is arithmetic, required, stated,
    inferred, default or undefined. `explanation` is the sentence the unit gave for this field, if any.
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


def wrong(field: str, message: str, source: str = ARITHMETIC) -> Finding:
    """Figures or references that contradict each other."""
    return Finding("error", field, message, source, "arithmetic")


def missing(field: str, message: str, source: str = "必填项") -> Finding:
    """A cell that must be filled."""
    return Finding("error", field, message, source, "required")


def stated(field: str, message: str, source: str) -> Finding:
    """A rule in force, in the words of its source."""
    return Finding("error", field, message, source, "stated")


def advised(field: str, message: str, source: str, status: str = "default") -> Finding:
    """A rule nobody has signed: it asks for a sentence."""
    return Finding("explain", field, message, source, status)


def doubted(field: str, message: str, source: str = ARITHMETIC) -> Finding:
    """Figures that can be true but must be explained."""
    return Finding("explain", field, message, source, "arithmetic")


def noted(field: str, message: str, source: str, status: str = "default") -> Finding:
    """Worth knowing; nothing needs to be done."""
    return Finding("hint", field, message, source, status)


def not_laid_down(field: str, message: str, decision: str) -> Finding:
    """The jurisdiction has no row for this decision."""
    return Finding("undefined", field, message, decision, "undefined")


def ruled(answer: Answer, field: str, message: str) -> Finding:
    """What a decision table demands: it stops if the row is stated, else it asks for a sentence."""
    source, status = answer.source or "决策表", answer.status or "default"
    return stated(field, message, source) if status == "stated" else advised(field, message, source, status)


def listed(entry: dict[str, Any], field: str, message: str) -> Finding:
    """What a template file demands, weighed by the status written there."""
    if entry["status"] == "stated":
        return stated(field, message, entry["source"])
    return advised(field, message, entry["source"], entry["status"])


def filled(value: object) -> bool:
    """Whether a cell holds something; zero and 否 are answers."""
    return value is not None and value != "" and value != [] and value != {}
