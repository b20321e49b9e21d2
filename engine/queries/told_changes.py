"""What differs between two versions of a diagram, in the words of the people who work by it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from engine.process import Altered, Difference, StepKind, StepProperties
from engine.process.lint.words import KINDS
from engine.submissions.forms import FORMS
from engine.words import CaseKind, DrawnAspect, DrawnChange, DrawnPart, OutcomeWord, said_deadline, said_question


@dataclass(frozen=True, slots=True)
class ToldChange:
    """One thing that was added, is gone or changed: where it is drawn, how it is called, a clause for each respect."""

    change: DrawnChange
    part: DrawnPart
    element_id: str
    name: str
    clauses: tuple[str, ...]


def told_changes(changes: Iterable[Difference]) -> tuple[ToldChange, ...]:
    """The same differences in words, steps and offices first, the lines between them last."""
    in_order = sorted(changes, key=lambda each: _ORDER.index(each.part))
    return tuple(
        ToldChange(
            each.change, each.part, each.element_id, each.name, tuple(_clause(each, one) for one in each.altered)
        )
        for each in in_order
    )


def _clause(difference: Difference, altered: Altered) -> str:
    label, say = altered.aspect.label, _SAID.get(altered.aspect)
    before, after = (say(text) if say is not None and text else "" for text in (altered.before, altered.after))
    if difference.change is not DrawnChange.CHANGED:
        return f"{label}：{before or after}"
    if before == after:
        return f"{label}有改动"
    return f"{label}：原为{before or '空'}，现为{after or '空'}"


def _quoted(text: str) -> str:
    return f"“{text}”"


def _forms(codes: str) -> str:
    told = (_form(*word.rpartition("=")[::2]) for word in codes.split())
    return "，".join(told)


def _form(kind: str, code: str) -> str:
    title = f"《{FORMS[code].title}》" if code in FORMS else code
    return f"{CaseKind.said(kind)}{title}" if kind else title


def _kind(kind: str) -> str:
    return KINDS.get(StepKind(kind), kind) if kind in set(StepKind) else kind


def _questions(sets: str) -> str:
    return "、".join(said_question(each.variable) for each in StepProperties.of({"sets": sets}).asks)


_ORDER = (
    DrawnPart.OFFICE,
    DrawnPart.STEP,
    DrawnPart.TIMER,
    DrawnPart.EVENT,
    DrawnPart.GATEWAY,
    DrawnPart.FLOW,
)
_SAID: Mapping[DrawnAspect, Callable[[str], str]] = {
    DrawnAspect.NAME: _quoted,
    DrawnAspect.OFFICE: str,
    DrawnAspect.KIND: _kind,
    DrawnAspect.FORM: _forms,
    DrawnAspect.JUDGES: _forms,
    DrawnAspect.TIMER: lambda names: "、".join(map(said_deadline, names.split())),
    DrawnAspect.OUTCOMES: lambda outcomes: "、".join(map(OutcomeWord.said, outcomes.split())),
    DrawnAspect.QUESTIONS: _questions,
    DrawnAspect.OTHERWISE: str,
    DrawnAspect.ENDS: str,
}
"""How the two states of an aspect are said; of the others only that they changed."""
