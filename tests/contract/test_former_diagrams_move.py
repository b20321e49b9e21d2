"""A case started on the diagrams of an earlier release moves to today's from wherever it stands, and keeps its keys."""

import os
import random
from itertools import takewhile
from pathlib import Path

import pytest

from engine import process
from engine.process import Catch, Diagrams, Element, ProcessIncident, Timer, Waiting
from tests.unit.process.chance import answer_to, decide_by_chance
from tests.unit.process.lives import Life
from tests.unit.process.test_lockstep import START

FORMER = Path(__file__).parent / "former_diagrams"
LIFECYCLE = Path(__file__).resolve().parents[2] / "bpmn" / "lifecycle"
NAMES = tuple(sorted(file.stem for file in FORMER.glob("*.bpmn")))
OTHERWISE_NOW = {"ex_ante_assessment", "feedback", "key_evaluation", "rectification_item"}
"""Diagrams in which more happens now than then: a signature, a correction, somebody else's acceptance."""
LIVES = int(os.environ.get("MOVING_LIVES", "8"))
STEPS = 25
Happening = Waiting | Timer | Catch


def diagrams_in(folder: Path) -> Diagrams:
    return Diagrams.stored({file.name: file.read_bytes() for file in sorted(folder.glob("*.bpmn"))})


OLD, NEW = diagrams_in(FORMER), diagrams_in(LIFECYCLE)
STEPS_OF_PEOPLE = [each for name in NAMES for each in OLD.elements(name) if each.kind == "userTask"]


def everything_open(diagrams: Diagrams, state: bytes) -> tuple[dict[bytes, str], dict[bytes, str], dict[bytes, str]]:
    """Tasks, clocks and messages by key, each with the element or name it waits at."""
    seen = process.look(diagrams, state)
    return (
        {task.key: task.element_id for task in seen.opened_tasks},
        {timer.key: timer.deadline for timer in seen.opened_timers},
        {catch.key: f"{catch.message} {catch.host!r}" for catch in seen.opened_catches},
    )


@pytest.mark.parametrize("step", STEPS_OF_PEOPLE, ids=lambda step: step.id)
def test_who_stands_at_a_step_stands_at_it_in_todays_diagrams_too(step: Element) -> None:
    life = Life(OLD, step.process_id, decide_by_chance(OLD), **START)
    life.jump(step.process_id, step.id)

    migration = process.migrate(OLD, NEW, life.state)

    assert migration.problems == ()
    assert migration.state is not None
    assert everything_open(NEW, migration.state) == everything_open(OLD, life.state)


@pytest.mark.parametrize("name", sorted({*NAMES} - OTHERWISE_NOW))
def test_a_case_that_came_on_its_own_way_moves_at_every_step_of_it_and_goes_on_as_it_would_have(name: str) -> None:
    decide = decide_by_chance(OLD)
    for number in range(LIVES):
        chance = random.Random(f"{name} {number}")
        life = Life(OLD, name, decide, **START)
        for _ in takewhile(lambda _, life=life: not life.step.completed, range(STEPS)):
            migration = process.migrate(OLD, NEW, life.state)
            assert migration.problems == ()
            assert everything_open(NEW, migration.state or b"") == everything_open(OLD, life.state)
            happening = chance.choice([*life.tasks.values(), *life.timers.values(), *life.catches.values()])
            moved = Life.of(NEW, migration.state or b"")
            moved.decide = decide
            seed = chance.random()
            assert happened(moved, happening, random.Random(seed)) == happened(life, happening, random.Random(seed))


def happened(life: Life, happening: Happening, chance: random.Random) -> tuple[list[str], list[str], str]:
    """What is open after something happened, and the end that was reached; or where it could not go on."""
    element = life.diagrams.element(happening.process_id, happening.element_id)
    answer = {"outcome": "withdrawn"} | answer_to(element, chance)
    try:
        match happening:
            case Waiting():
                life.complete(element.id, **answer)
            case Timer(deadline=deadline):
                life.fire(deadline)
            case Catch(message=message):
                life.deliver(message, **answer)
    except ProcessIncident as incident:
        return [], [], str(incident.facts["element_id"])
    return life.open(), sorted(timer.deadline for timer in life.timers.values()), "".join(life.step.ends[-1:])
