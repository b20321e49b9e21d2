"""What an event's sentence takes from the upper rooms, and the small parts many sentences share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Words:
    """How a reader says what an event only names.

    `step` takes process.element and gives its name in the case's diagrams, `stage` a process, `form` a form code,
    `deadline` stage.step of the deadline table, `answer` a routing variable and its value, `ruling` a decision table
    and its answer (None: 本区未规定; `missing`: 资料不全), `document` and `body` a document kind and a deliberating
    body, `effect` an effect of F12, `office` a role, `person` the number of a person.
    """

    step: Callable[[str], str]
    stage: Callable[[str], str]
    form: Callable[[str], str]
    deadline: Callable[[str], str]
    answer: Callable[[str, str], str]
    ruling: Callable[[str, Mapping[str, Any] | None], str]
    document: Callable[[str], str]
    body: Callable[[str], str]
    effect: Callable[[str], str]
    office: Callable[[str], str]
    person: Callable[[int], str]


def because(reason: str | None) -> str:
    """The reason behind a colon, or nothing."""
    return f"：{reason}" if reason else ""


def of_item(item: str | None) -> str:
    """Which item of several a step is about, or nothing."""
    return f"（{item}）" if item else ""


def of_version(version: int | None) -> str:
    """Which version of a paper, or nothing."""
    return f"（第{version}稿）" if version is not None else ""


def answered(answers: Mapping[str, Any], words: Words) -> str:
    """What a step was answered, or nothing."""
    told = "，".join(words.answer(name, said(value)) for name, value in answers.items())
    return because(told)


def said(value: Any) -> str:
    """A JSON value in words."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def day(on: date) -> str:
    """A date as it is written."""
    return on.isoformat()
