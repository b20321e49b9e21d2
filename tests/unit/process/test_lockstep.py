"""Our compacted states against the stock engine with its whole history: same tokens, same variables, at every step."""

import os
import random
from collections.abc import Mapping
from typing import Any

import pytest

from engine import process
from engine.process import Diagrams
from tests.unit.process.lives import diagrams_of
from tests.unit.process.stock import Pairs, StockLife, our_awaited

LIVES = int(os.environ.get("LOCKSTEP_LIVES", "6"))
STEPS = int(os.environ.get("LOCKSTEP_STEPS", "40"))
ANSWERS = {
    "outcome": ("submitted", "returned", "approved", "returned"),
    "money_verdict": ("ok", "bad", "ok"),
    "target_verdict": ("ok", "bad", "again", "ok"),
    "item_outcome": ("done", "partly"),
    "graded": ("good", "bad"),
    "score": (59, 81, 95),
    "chased": ("yes",),
}
ENDINGS = ("case_stopped", "review_stopped", "race_over")
ITEMS = ("R-1", "R-2", "R-3", "R-4")


def grade(name: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
    score = variables["score"]
    return {"undefined": True} if score < 60 else {"undefined": False, "grade": "优" if score > 90 else "良"}


@pytest.fixture(scope="module")
def diagrams() -> Diagrams:
    return diagrams_of()


def some_answer(chance: random.Random) -> dict[str, Any]:
    answer = {
        name: chance.choice(values) for name, values in ANSWERS.items() if name == "outcome" or chance.random() < 0.5
    }
    return answer | {
        "rectification_items": list(ITEMS[: chance.randint(0, 4)]),
        "score": chance.choice(ANSWERS["score"]),
    }


def live_both(diagrams: Diagrams, process_id: str, chance: random.Random) -> int:
    """Live one random life on both engines, comparing every token and its variables; how many steps it took."""
    variables = {name: values[0] for name, values in ANSWERS.items()}
    variables |= {"object_kind": "project", "rectification_items": list(ITEMS[:2])}
    step = process.start(diagrams, process_id, variables, grade)
    stock, pairs, timers = StockLife(diagrams, process_id, grade, variables), Pairs(), set[bytes]()
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
        answer = {} if our.identity in timers else some_answer(chance)
        if our.identity in timers:
            step = process.fire(diagrams, step.state, our.identity, grade) or step
        elif our.event is not None:
            step = process.deliver(diagrams, step.state, our.identity, answer, grade)
        else:
            step = process.complete(diagrams, step.state, our.identity, answer, grade)
        stock.answer(their, answer)
    return STEPS


@pytest.mark.parametrize(
    "process_id",
    [
        "return_loop",
        "parallel_review",
        "rectification",
        "rectification_called",
        "year",
        "decision",
        "race",
        "adjustment",
    ],
)
def test_random_lives_agree_with_the_stock_engine_at_every_step(diagrams: Diagrams, process_id: str) -> None:
    steps = [live_both(diagrams, process_id, random.Random(f"{process_id} {life}")) for life in range(LIVES)]

    assert sum(steps) > LIVES
