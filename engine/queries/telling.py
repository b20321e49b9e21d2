"""The words a sentence about an event takes from the upper rooms: steps, stages, forms, rulings, offices, people."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.audit.events import Words
from engine.audit.events.words import said
from engine.policies import DECISIONS, Column
from engine.submissions.forms import FORMS
from engine.words import (
    DocumentKind,
    EffectKind,
    PublicationStep,
    Role,
    RowStatus,
    said_answer,
    said_deadline,
    said_process,
)


def words_for(step: Callable[[str], str], people: Mapping[int, str] | None = None) -> Words:
    """All words; `step` names process.element as the case's diagrams have it, `people` have their names by number."""
    named = people or {}
    return Words(
        step=step,
        stage=said_process,
        form=lambda code: FORMS[code].title,
        deadline=said_deadline,
        answer=said_answer,
        ruling=_ruling,
        document=DocumentKind.said,
        body=PublicationStep.said,
        effect=EffectKind.said,
        office=Role.said,
        person=lambda number: named.get(number, f"{number}号人员"),
    )


def _ruling(name: str, answer: Mapping[str, Any] | None) -> str:
    """What a table answered, in the words of its columns."""
    decision = DECISIONS[name]
    if answer is None:
        return f"{decision.title}：{RowStatus.UNDEFINED.label}"
    if missing := answer.get("missing"):
        return f"{decision.title}：资料不全（不知道{unknown_inputs(name, missing)}）"
    columns = {output: column for output, column in decision.outputs.items() if answer.get(output) is not None}
    parts = {column.label: _in_words(answer[output], column) for output, column in columns.items()}
    if len(decision.outputs) == 1:
        return f"{decision.title}：{''.join(parts.values())}"
    return f"{decision.title}：{'，'.join(f'{label} {told}' for label, told in parts.items())}"


def unknown_inputs(name: str, missing: Iterable[str]) -> str:
    """The inputs of a decision that are not known, as its table heads them."""
    columns = DECISIONS[name].inputs
    return "、".join(columns[each].label if each in columns else each for each in missing)


def _in_words(value: Any, column: Column) -> str:
    words = str(value).split() if column.words else [said(value)]
    return "、".join(column.words.get(word, word) for word in words)
