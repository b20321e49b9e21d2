"""How heavily a finding about a form weighs (ux 2.3).

Only arithmetic, required fields and rules that are `stated` stop a form. A rule that is `inferred` from data or is a
`default` awaiting signature at most asks for a sentence. What a jurisdiction has not laid down is `undefined`: said,
never judged.
"""

from typing import Any, Protocol

from engine.findings import FormFinding
from engine.policies.signatures import DECISIONS

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


def wrong(field: str, message: str, source: str = ARITHMETIC) -> FormFinding:
    """Figures or references that contradict each other."""
    return FormFinding("error", field, message, source, "arithmetic")


def missing(field: str, message: str, source: str = "必填项") -> FormFinding:
    """A cell that must be filled."""
    return FormFinding("error", field, message, source, "required")


def stated(field: str, message: str, source: str) -> FormFinding:
    """A rule in force, in the words of its source."""
    return FormFinding("error", field, message, source, "stated")


def advised(field: str, message: str, source: str, status: str = "default") -> FormFinding:
    """A rule nobody has signed: it asks for a sentence."""
    return FormFinding("explain", field, message, source, status)


def doubted(field: str, message: str) -> FormFinding:
    """Figures that can be true but must be explained."""
    return FormFinding("explain", field, message, ARITHMETIC, "arithmetic")


def noted(field: str, message: str, source: str, status: str = "default") -> FormFinding:
    """Worth knowing; nothing needs to be done."""
    return FormFinding("hint", field, message, source, status)


def not_laid_down(field: str, message: str, decision: str) -> FormFinding:
    """The jurisdiction has no row for this decision."""
    return FormFinding("undefined", field, message, table(decision), "undefined")


def table(decision: str) -> str:
    """A decision as people look it up: 决策表“绩效目标质量” for target_quality."""
    return f"决策表“{DECISIONS[decision].title}”"


def weighed(status: str, field: str, message: str, source: str) -> FormFinding:
    """What somebody demands: it stops if that is stated, else it asks for a sentence."""
    return stated(field, message, source) if status == "stated" else advised(field, message, source, status)


def ruled(answer: Answer, field: str, message: str) -> FormFinding:
    """What a decision table demands, weighed by the status of the row."""
    return weighed(answer.status or "default", field, message, answer.source or "决策表")


def listed(entry: dict[str, Any], field: str, message: str) -> FormFinding:
    """What a template file demands, weighed by the status written there."""
    return weighed(entry["status"], field, message, entry["source"])
