"""The words a sentence about an event takes from the upper rooms: steps, stages, forms, rulings, offices, people."""

from collections.abc import Callable, Mapping
from typing import Any

from engine.audit.events import Words
from engine.audit.events.words import said
from engine.directory.model import OFFICE_NAMES, Role
from engine.policies import DECISIONS, Column
from engine.queries.vocabulary import said_answer, said_deadline
from engine.results.publication import DELIBERATIONS
from engine.stages import STAGE_NAMES
from engine.submissions.forms import FORMS
from engine.submissions.forms.result_application import EFFECTS

OTHER_PROCESSES = {
    "case": "案卷",
    "budget_adjustment": "预算调整",
    "policy_expiry": "到期政策再评估",
    "rectification_item": "单项整改",
}
DOCUMENTS = DECISIONS["publication_gate"].inputs["document_kind"].words


def words_for(step: Callable[[str], str], people: Mapping[int, str] | None = None) -> Words:
    """All words; `step` names process.element as the case's diagrams have it, `people` have their names by number."""
    named = people or {}
    return Words(
        step=step,
        stage=stage_name,
        form=lambda code: FORMS[code].title,
        deadline=said_deadline,
        answer=said_answer,
        ruling=_ruling,
        document=lambda kind: DOCUMENTS.get(kind, kind),
        body=lambda body: DELIBERATIONS.get(body, body),
        effect=lambda effect: str(EFFECTS[effect]["label"]) if effect in EFFECTS else effect,
        office=lambda role: OFFICE_NAMES[Role(role)],
        person=lambda number: named.get(number, f"{number}号人员"),
    )


def stage_name(process: str) -> str:
    """A stage, or another process, as people call it."""
    return STAGE_NAMES.get(process) or OTHER_PROCESSES.get(process, process)


def _ruling(name: str, answer: Mapping[str, Any] | None) -> str:
    """What a table answered, in the words of its columns."""
    decision = DECISIONS[name]
    if answer is None:
        return f"{decision.title}：本区未规定"
    columns = {output: column for output, column in decision.outputs.items() if answer.get(output) is not None}
    parts = {column.label: _in_words(answer[output], column) for output, column in columns.items()}
    if len(decision.outputs) == 1:
        return f"{decision.title}：{''.join(parts.values())}"
    return f"{decision.title}：{'，'.join(f'{label} {told}' for label, told in parts.items())}"


def _in_words(value: Any, column: Column) -> str:
    words = str(value).split() if column.words else [said(value)]
    return "、".join(column.words.get(word, word) for word in words)
