"""What a diagram asks of the person at a step: read once, from what is written in its properties."""

from pathlib import Path

import pytest

from engine.process import Diagrams, Question, QuestionKind, StepKind, StepProperties
from tests.unit.process.lives import Life, diagrams_of

LIFECYCLE = Path(__file__).resolve().parents[3] / "bpmn" / "lifecycle"


@pytest.fixture(scope="module")
def lifecycle() -> Diagrams:
    return Diagrams.stored({file.name: file.read_bytes() for file in sorted(LIFECYCLE.glob("*.bpmn"))})


def step(**written: str) -> StepProperties:
    return StepProperties.of(written)


def test_the_first_outcome_is_the_normal_one() -> None:
    review = step(outcomes="approved returned")

    assert review.outcomes == ("approved", "returned")
    assert review.normal_outcome == "approved"


@pytest.mark.parametrize("written", [{}, {"outcomes": ""}, {"outcomes": "  "}])
def test_a_step_that_names_no_outcome_is_handed_in(written: dict[str, str]) -> None:
    assert step(**written).outcomes == ("submitted",)


@pytest.mark.parametrize("kind", ["fill", "confirm", "review", "decide", "record"])
def test_the_kinds_of_work_are_known(kind: str) -> None:
    assert step(kind=kind).kind is StepKind(kind)


@pytest.mark.parametrize("written", [{}, {"kind": ""}, {"kind": "sign"}])
def test_a_kind_nobody_knows_is_none(written: dict[str, str]) -> None:
    assert step(**written).kind is None


@pytest.mark.parametrize(
    ("written", "question"),
    [
        ("grade=优|良|中|差", Question("grade", ("优", "良", "中", "差"), QuestionKind.CHOICE)),
        ("verdict=yes", Question("verdict", ("yes",), QuestionKind.CHOICE)),
        ("upheld=true|false", Question("upheld", ("true", "false"), QuestionKind.TRUTH)),
        ("upheld=false|true", Question("upheld", ("false", "true"), QuestionKind.TRUTH)),
        ("items:list", Question("items", (), QuestionKind.LIST)),
        ("rate:text", Question("rate", (), QuestionKind.TEXT)),
        ("approved_wan:amount", Question("approved_wan", (), QuestionKind.AMOUNT)),
        ("rate", Question("rate", (), QuestionKind.TEXT)),
    ],
)
def test_a_question_says_how_it_is_answered(written: str, question: Question) -> None:
    assert step(sets=written).asks == (question,)


def test_questions_come_in_the_order_they_are_written() -> None:
    asks = step(sets=" grade=优|良  rate:text\n upheld=true|false ").asks

    assert [question.variable for question in asks] == ["grade", "rate", "upheld"]


def test_a_form_may_be_another_for_some_kind_of_object() -> None:
    filling = step(form="F02", form_whole_department="F04", judges="F06")

    assert filling.form_for("project") == "F02"
    assert filling.form_for("whole_department") == "F04"
    assert filling.judges_for("whole_department") == "F06"
    assert set(filling.forms.values()) == {"F02", "F04"}


def test_what_is_not_written_is_not_there() -> None:
    nothing = step(form="", form_policy="", command="", deadline="", computes="", sets="")

    assert nothing.form_for("policy") is nothing.judges_for("policy") is nothing.command is nothing.deadline is None
    assert nothing.computes == nothing.asks == ()


def test_what_is_computed_the_command_and_the_deadline_are_told() -> None:
    scoring = step(computes="score grade", command="accept_evaluation", deadline="spot_review.accept")

    assert scoring.computes == ("score", "grade")
    assert (scoring.command, scoring.deadline) == ("accept_evaluation", "spot_review.accept")


def test_a_task_that_waits_asks_what_its_element_asks() -> None:
    life = Life(diagrams_of(), "return_loop", object_kind="project")

    task = life.task("fill")

    assert task.step == life.diagrams.element("return_loop", "fill").step
    assert task.step.form_for("project") == "F02"


def test_a_real_step_asks_its_question(lifecycle: Diagrams) -> None:
    deciding = lifecycle.element("key_evaluation", "decide_evaluation_grade").step

    assert deciding.kind is StepKind.DECIDE
    assert deciding.asks == (Question("grade", ("优", "良", "中", "低", "差"), QuestionKind.CHOICE),)


def test_every_human_step_of_the_year_is_of_some_kind(lifecycle: Diagrams) -> None:
    steps = [e for process in lifecycle.process_ids for e in lifecycle.elements(process) if e.kind == "userTask"]

    assert len(steps) > 80
    assert [element.id for element in steps if element.step.kind is None] == []
