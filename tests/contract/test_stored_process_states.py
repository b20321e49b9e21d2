"""States stored by earlier releases are read by this one, and the cases in them live on to their end."""

import json
from pathlib import Path
from typing import Any

import pytest

from engine import process
from engine.process import Diagrams, Step
from tests.unit.process.lives import Life

FOLDER = Path(__file__).parent / "process_states"
SAMPLES = sorted(FOLDER.glob("*.json"), key=lambda file: file.stem)


@pytest.fixture(scope="module")
def diagrams() -> Diagrams:
    return Diagrams.stored({file.name: file.read_bytes() for file in sorted((FOLDER / "diagrams").glob("*.bpmn"))})


def sample(file: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return read


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.stem)
def test_what_is_open_in_a_stored_state_is_still_seen(diagrams: Diagrams, file: Path) -> None:
    stored = sample(file)

    seen = process.look(diagrams, bytes.fromhex(stored["state"]))

    people = sorted(([task.element_id, task.item] for task in seen.opened_tasks), key=str)
    assert people == stored["people"]
    assert sorted(catch.message for catch in seen.opened_catches) == stored["messages"]
    assert sorted(timer.deadline for timer in seen.opened_timers) == stored["deadlines"]


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.stem)
def test_a_case_in_a_stored_state_lives_on_to_its_end(diagrams: Diagrams, file: Path) -> None:
    stored = sample(file)
    life = Life.of(diagrams, bytes.fromhex(stored["state"]))

    for verb, what, item, answer in stored["then"]:
        lives_on(life, verb, what, item, answer)

    assert life.step.completed
    assert life.step.ends[-1] == stored["ends"]


def lives_on(life: Life, verb: str, what: str, item: str | None, answer: dict[str, Any]) -> Step:
    match verb:
        case "complete":
            return life.complete(what, item, **answer)
        case "deliver":
            return life.deliver(what, **answer)
        case _:
            return life.fire(what)
