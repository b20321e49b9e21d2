"""What a person brings to a step, and whether the step takes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.errors import InvalidInput
from engine.process import Element, Question, QuestionKind, StepKind
from engine.reviews import ReasonMissing
from engine.reviews.remarks import Remark, RemarkRefused, places_of, read_remarks
from engine.texts import is_blank
from engine.words import Objection, OutcomeWord, said_answer, said_question


class OutcomeRefused(InvalidInput):
    """The step does not know this outcome, or the answer it needs is missing."""

    code = "task.outcome_refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a step ends: its word, the form it fills, what it decides, and why.

    `content` is the form as JSON, `answers` the routing variables the step asks for (`sets` in the diagram).
    `remarks` are a reviewer's, on places of the version judged, as JSON (`engine.reviews.remarks`). What the unit
    explains about one stands in the form, under `explanations`, by the same path.
    """

    word: str
    content: Mapping[str, Any] | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    reason: str | None = None
    remarks: list[dict[str, Any]] | None = None

    def told(self) -> dict[str, Any]:
        """The outcome as JSON; `Outcome(**told)` is the same again."""
        return {
            "word": self.word,
            "content": dict(self.content) if self.content is not None else None,
            "answers": dict(self.answers),
            "reason": self.reason,
            "remarks": self.remarks,
        }


def accepted(outcome: Outcome, element: Element) -> dict[str, Any]:
    """The routing variables of an outcome a step accepts; refuses anything the diagram did not ask for.

    An amount is none; `engine.moves.settling` reads it.
    """
    name, step = element.name, element.step
    if outcome.word not in step.outcomes:
        choices = "、".join(map(OutcomeWord.said, step.outcomes))
        raise OutcomeRefused(f"“{name}”不能这样办理，可选：{choices}。请刷新页面后重新选择。", outcome=outcome.word)
    if OutcomeWord(outcome.word).needs_reason and is_blank(outcome.reason) and not _agrees(outcome):
        raise ReasonMissing(f"“{name}”需要写明理由。请在意见栏说明原因后再办理。", outcome=outcome.word)
    unknown = set(outcome.answers) - {question.variable for question in step.asks}
    if unknown:
        raise OutcomeRefused(
            f"“{name}”不需要这些内容：{'、'.join(map(said_question, sorted(unknown)))}。请去掉后再办理。",
            unknown=sorted(unknown),
        )
    answers = {"outcome": outcome.word}
    for question in step.asks:
        if question.kind is QuestionKind.AMOUNT:
            continue
        answers |= _answer(question, outcome, name)
    return answers


def _agrees(outcome: Outcome) -> bool:
    """Whether all that is decided is that there is nothing to object to; that needs no reason."""
    return set(outcome.answers.values()) == {Objection.NONE}


def takes_remarks(element: Element, word: str) -> bool:
    """Whether who finishes the step with that word may say what is wrong where.

    A reviewer may, who sends back, and who is heard on a paper about themselves (对初稿陈述申辩).
    """
    kind = element.step.kind
    if kind is StepKind.RECORD:
        return word == OutcomeWord.RECORDED and bool(element.step.judges)
    return kind is StepKind.REVIEW or (kind is not StepKind.FILL and OutcomeWord(word).sends_back)


def remarks_in(outcome: Outcome, element: Element, object_kind: str) -> tuple[Remark, ...]:
    """The remarks of an outcome, each tied to a place of the form the step judges; refuses what `read_remarks` does."""
    if outcome.remarks is None:
        return ()
    if outcome.remarks and not takes_remarks(element, outcome.word):
        raise RemarkRefused(f"“{element.name}”不提审核意见，没有办理。请去掉意见后再办理。", outcome=outcome.word)
    judges = element.step.judges_for(object_kind)
    return read_remarks(outcome.remarks, places_of(judges) if judges else lambda path: False)


def _answer(question: Question, outcome: Outcome, name: str) -> dict[str, Any]:
    variable, asked = question.variable, said_question(question.variable)
    if variable not in outcome.answers:
        if OutcomeWord(outcome.word).sends_back:
            return {}
        raise OutcomeRefused(f"“{name}”还没有选择“{asked}”。请选择后再办理。", missing=variable)
    value = outcome.answers[variable]
    if question.kind is QuestionKind.LIST:
        if not (isinstance(value, list) and all(isinstance(part, str) for part in value)):
            raise OutcomeRefused(f"“{name}”的“{asked}”应是一组编号。请重新选择。", variable=variable)
        return {variable: value}
    plain = {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value
    if question.choices and plain not in question.choices:
        choices = "、".join(said_answer(variable, choice) for choice in question.choices)
        raise OutcomeRefused(f"“{name}”的“{asked}”只能是：{choices}。请重新选择。", variable=variable)
    if question.kind is QuestionKind.TRUTH:
        return {variable: plain == "true"}
    if not isinstance(value, str | int | bool) or len(str(value)) > 500:
        raise OutcomeRefused(f"“{name}”的“{asked}”不是可用的内容。请重新填写。", variable=variable)
    return {variable: value}
