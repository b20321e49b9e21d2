"""What a diagram asks of the person at a step, read from the properties of the element once.

A diagram writes them as texts, in the one way `QUESTION` and the lint allow.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

VARIABLE = re.compile(r"[a-z][a-z0-9_]*")
QUESTION = re.compile(rf"{VARIABLE.pattern}(:list|:text|:amount|=[^\s|=]+(\|[^\s|=]+)*)")
"""One question of `sets`: `grade=优|良`, `upheld=true|false`, `items:list`, `rate:text`, `approved_wan:amount`."""

USUAL_OUTCOME = "submitted"


class StepKind(StrEnum):
    """What kind of work a step is."""

    FILL = "fill"
    CONFIRM = "confirm"
    REVIEW = "review"
    DECIDE = "decide"
    RECORD = "record"


class QuestionKind(StrEnum):
    """What answers a question: one of its choices, true or false, a list of texts, a text, or an amount of money.

    An amount may be left out, and it is no routing variable: it becomes the amount of the case.
    """

    CHOICE = "choice"
    TRUTH = "truth"
    LIST = "list"
    TEXT = "text"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class Question:
    """A routing variable the person is asked for; `choices` are the words to choose from, () where anything will do."""

    variable: str
    choices: tuple[str, ...]
    kind: QuestionKind


@dataclass(frozen=True, slots=True)
class StepProperties:
    """What a step asks for and what it gives; `kind` is None where the diagram names none, or none we know.

    `outcomes` are the words it can end with, the normal one first, never empty. `asks` are the routing variables the
    person is asked for, `computes` those worked out from the form. `command` is the special command that finishes it,
    `deadline` the name of its deadline. `year_wide`: it is one
    act for many cases of a year. `forms` and `judges` are codes of forms by kind of object, "" for all others.
    """

    kind: StepKind | None
    outcomes: tuple[str, ...]
    asks: tuple[Question, ...]
    computes: tuple[str, ...]
    command: str | None
    deadline: str | None
    year_wide: bool
    forms: Mapping[str, str]
    judges: Mapping[str, str]

    @classmethod
    def of(cls, properties: Mapping[str, str]) -> "StepProperties":
        """The properties of an element as the diagram spells them, read; what means nothing is passed over."""
        return cls(
            kind=next((each for each in StepKind if each == properties.get("kind")), None),
            outcomes=tuple(properties.get("outcomes", "").split()) or (USUAL_OUTCOME,),
            asks=_questions(properties.get("sets", "")),
            computes=tuple(properties.get("computes", "").split()),
            command=properties.get("command") or None,
            deadline=properties.get("deadline") or None,
            year_wide=properties.get("year_wide") == "true",
            forms=_codes(properties, "form"),
            judges=_codes(properties, "judges"),
        )

    @property
    def normal_outcome(self) -> str:
        """The outcome that carries the step on: the first the diagram names."""
        return self.outcomes[0]

    def form_for(self, object_kind: str) -> str | None:
        """The code of the form the step fills for this kind of object."""
        return self.forms.get(object_kind) or self.forms.get("")

    def judges_for(self, object_kind: str) -> str | None:
        """The code of the form the step looks at for this kind of object."""
        return self.judges.get(object_kind) or self.judges.get("")


def _questions(sets: str) -> tuple[Question, ...]:
    """The questions in the order they are asked; one asked twice counts as it was written last.

    >>> [(question.variable, question.kind.value) for question in _questions("grade=优|良 rate:text upheld=true|false")]
    [('grade', 'choice'), ('rate', 'text'), ('upheld', 'truth')]
    """
    written = dict(word.partition("=")[::2] for word in sets.split())
    return tuple(_question(named, tuple(choices.split("|")) if choices else ()) for named, choices in written.items())


def _question(named: str, choices: tuple[str, ...]) -> Question:
    variable, _, suffix = named.partition(":")
    if suffix in (QuestionKind.LIST, QuestionKind.AMOUNT):
        kind = QuestionKind(suffix)
    elif set(choices) == {"true", "false"}:
        kind = QuestionKind.TRUTH
    else:
        kind = QuestionKind.CHOICE if choices else QuestionKind.TEXT
    return Question(variable, choices, kind)


def _codes(properties: Mapping[str, str], word: str) -> Mapping[str, str]:
    """What is written under `word`, and under `word_<kind of object>`."""
    found = {
        name.removeprefix(word).removeprefix("_"): code
        for name, code in properties.items()
        if code and (name == word or name.startswith(f"{word}_"))
    }
    return MappingProxyType(found)
