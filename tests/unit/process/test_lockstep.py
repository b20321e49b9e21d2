"""Our compacted states against the stock engine with its whole history: same tokens, same variables, at every step."""

import os
import random
from pathlib import Path
from typing import Any

import pytest

from engine import process
from engine.errors import EngineError
from engine.process import Decide, Diagrams, ProcessIncident, Step
from tests.unit.process.chance import answer_to, decide_by_chance
from tests.unit.process.lives import diagrams_of
from tests.unit.process.stock import Pairs, StockLife, Token, our_awaited

LIVES = int(os.environ.get("LOCKSTEP_LIVES", "5"))
STEPS = int(os.environ.get("LOCKSTEP_STEPS", "40"))
LIFECYCLE = Path(__file__).resolve().parents[3] / "bpmn" / "lifecycle"
OURS = (
    "return_loop",
    "parallel_review",
    "rectification",
    "rectification_called",
    "year",
    "decision",
    "race",
    "adjustment",
    "handing_in",
)
ENDINGS = ("case_stopped", "review_stopped", "race_over")
START: dict[str, Any] = {
    "object_kind": "project",
    "jurisdiction": "huaxi",
    "fiscal_year": 2022,
    "has_department": True,
    "project_nature": "new",
    "spending_frequency": "one_off",
    "score": 81,
    "rectification_items": ["R-1", "R-2"],
    "rectification_item_id": "R-1",
    "money_verdict": "ok",
    "target_verdict": "ok",
}


@pytest.fixture(scope="module")
def small_diagrams() -> Diagrams:
    return diagrams_of()


@pytest.fixture(scope="module")
def lifecycle() -> Diagrams:
    return Diagrams.stored({file.name: file.read_bytes() for file in sorted(LIFECYCLE.glob("*.bpmn"))})


def live_both(diagrams: Diagrams, process_id: str, chance: random.Random) -> int:
    """Live one random life on both engines, comparing every token and its variables; how many steps it took.

    What is an incident here has to be one there, and ends the life.
    """
    decide, definition = decide_by_chance(diagrams), diagrams.definition
    step = process.start(diagrams, process_id, START, decide)
    stock, pairs, timers = StockLife(diagrams, process_id, decide, START), Pairs(), set[bytes]()
    for taken in range(STEPS):
        timers |= {timer.key for timer in step.opened_timers}
        tokens = pairs.match(our_awaited(diagrams, step.state), stock.awaited())
        assert [our.variables for our, _ in tokens] == [their.variables for _, their in tokens]
        assert (list(step.operations), list(step.decisions), list(step.ends)) == stock.told()
        assert step.completed == stock.workflow.completed == (not tokens)
        if step.completed:
            return taken
        likely = [0.05 if our.path[-1] in ENDINGS else 1.0 for our, _ in tokens]
        our, their = chance.choices(tokens, likely)[0]
        element = definition.element_of(our.task.workflow.spec.name, our.event or our.task.task_spec)
        answer = {} if our.identity in timers else answer_to(element, chance)
        try:
            step = take(diagrams, step, our, answer, decide, is_timer=our.identity in timers)
        except ProcessIncident:
            with pytest.raises(EngineError):
                stock.answer(their, answer)
            return taken
        stock.answer(their, answer)
    return STEPS


def take(diagrams: Diagrams, step: Step, our: Token, answer: dict[str, Any], decide: Decide, *, is_timer: bool) -> Step:
    if is_timer:
        return process.fire(diagrams, step.state, our.identity, decide) or step
    if our.event is not None:
        return process.deliver(diagrams, step.state, our.identity, answer, decide)
    return process.complete(diagrams, step.state, our.identity, answer, decide)


@pytest.mark.parametrize("process_id", OURS)
def test_random_lives_agree_with_the_stock_engine_at_every_step(small_diagrams: Diagrams, process_id: str) -> None:
    steps = [live_both(small_diagrams, process_id, random.Random(f"{process_id} {life}")) for life in range(LIVES)]

    assert sum(steps) > LIVES


def test_random_lives_of_the_real_diagrams_agree_with_the_stock_engine_too(lifecycle: Diagrams) -> None:
    lives = [
        (process_id, random.Random(f"{process_id} {life}")) for process_id in lifecycle.process_ids for life in (1, 2)
    ]

    steps = [live_both(lifecycle, process_id, chance) for process_id, chance in lives]

    assert sum(steps) > len(lifecycle.process_ids)
