"""No word of a diagram or a deadline reaches anybody in English: every question, every answer, every deadline."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.policies import load_policies
from engine.stages import Library
from engine.words import QUESTIONS, DeadlineStep, Stage, said_answer, said_deadline, said_question

BPMN = Path(__file__).resolve().parents[3] / "bpmn"


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.read(BPMN)


def asked_in(library: Library) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every variable a step or an event of the diagrams sets, with the words it allows; none where any text goes."""
    for process in library.diagrams.process_ids:
        for element in library.diagrams.elements(process):
            for question in element.step.asks:
                yield question.variable, question.choices


def test_every_variable_a_diagram_asks_for_is_a_question_in_chinese(library: Library) -> None:
    asked = {variable for variable, _ in asked_in(library)}

    assert len(asked) > 20
    assert asked - set(QUESTIONS) == set()


def test_every_answer_a_diagram_allows_has_its_label_and_no_other_is_offered(library: Library) -> None:
    allowed: dict[str, set[str]] = {}
    for variable, choices in asked_in(library):
        allowed.setdefault(variable, set()).update(choices)

    assert {name: set(QUESTIONS[name].options) for name in allowed} == allowed


def test_every_question_and_every_option_is_written_in_chinese() -> None:
    labels = [label for question in QUESTIONS.values() for label in (question.label, *question.options.values())]

    assert [label for label in labels if label.isascii()] == []


def test_every_deadline_of_the_tables_has_its_words() -> None:
    policies = load_policies(BPMN)
    rows = [row for name in policies.names() for row in policies.of(name).table("deadline").rows]

    assert {stage for row in rows for stage in row.cells[0].words} <= set(Stage)
    assert {step for row in rows for step in row.cells[1].words} <= set(DeadlineStep)


def test_what_has_no_words_is_said_as_it_was_written() -> None:
    assert said_answer("quota_cut_rate", "0.05") == "0.05"
    assert said_answer("never asked", "word") == "word"
    assert said_question("never asked") == "never asked"
    assert said_deadline("monitoring.fill") == "绩效运行监控·填报"
