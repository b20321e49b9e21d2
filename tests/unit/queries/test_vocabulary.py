"""No word of a diagram or a deadline reaches the reader of a history in English."""

from pathlib import Path

import pytest

from engine.policies import load_policies
from engine.queries.vocabulary import ANSWERS, DEADLINE_STEPS, said_answer, said_deadline
from engine.stages import Library

BPMN = Path(__file__).resolve().parents[3] / "bpmn"
SAID_AS_WRITTEN = {"grade", "quota_cut_rate"}


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.read(BPMN)


def test_every_answer_a_diagram_asks_for_has_its_words(library: Library) -> None:
    asked = {
        (question.variable, choice)
        for process in library.diagrams.process_ids
        for element in library.diagrams.elements(process)
        for question in element.step.asks
        if question.variable not in SAID_AS_WRITTEN
        for choice in question.choices
    }

    assert {(variable, choice) for variable, choice in asked if choice not in ANSWERS.get(variable, {})} == set()


def test_every_deadline_of_the_tables_has_its_words() -> None:
    policies = load_policies(BPMN)
    steps = {
        step
        for name in policies.names()
        for row in policies.of(name).table("deadline").rows
        for step in row.cells[1].words
    }

    assert steps <= set(DEADLINE_STEPS)


def test_what_has_no_words_is_said_as_it_was_written() -> None:
    assert said_answer("quota_cut_rate", "0.05") == "0.05"
    assert said_answer("never asked", "word") == "word"
    assert said_deadline("monitoring.fill") == "绩效运行监控·填报"
