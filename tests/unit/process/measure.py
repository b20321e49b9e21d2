"""How long a step takes and how large a state is: `python -m tests.unit.process.measure`. Figures, not a test.

A step is everything between two database writes: decode, act, run on, compact, encode, tell.
"""

import gc
import statistics
import time
from collections.abc import Callable
from typing import Any

from engine import process
from engine.process import Diagrams, Step
from tests.unit.process.lives import Life, diagrams_of, nothing_decided

START: dict[str, Any] = {
    "object_kind": "project",
    "jurisdiction": "huaxi",
    "fiscal_year": 2022,
    "has_department": True,
    "project_nature": "new",
    "spending_frequency": "one_off",
    "money_verdict": "ok",
    "target_verdict": "ok",
}
ITEMS = ("R-1", "R-2", "R-3")


class Timed(Life):
    """A life that notes milliseconds and bytes of every step."""

    def __init__(self, diagrams: Diagrams, process_id: str, **variables: Any) -> None:
        super().__init__(diagrams, process_id, **variables)
        self.milliseconds: list[float] = []
        self.bytes: list[int] = []

    def complete(self, element_id: str, item: str | None = None, **variables: Any) -> Step:
        key = self.task(element_id, item).key
        return self._timed(lambda: process.complete(self.diagrams, self.state, key, variables, nothing_decided))

    def deliver(self, message: str, **variables: Any) -> Step:
        key = self.catch(message).key
        return self._timed(lambda: process.deliver(self.diagrams, self.state, key, variables, nothing_decided))

    def _timed(self, work: Callable[[], Step]) -> Step:
        began = time.perf_counter()
        step = work()
        self.milliseconds.append((time.perf_counter() - began) * 1000)
        self.bytes.append(len(step.state))
        return self._live(step)


def a_year(diagrams: Diagrams) -> Timed:
    """One case from start to end: returns, a withdrawal, an adjustment beside, a joint review, three rectifications."""
    life = Timed(diagrams, "year", **START)
    for outcome in ("returned", "returned"):
        life.complete("fill", outcome="submitted")
        life.complete("review", outcome=outcome)
    life.complete("fill", outcome="submitted")
    life.deliver("return_loop.withdrawn")
    life.deliver("year.budget_adjusted")
    for element in ("adjust", "sign", "fill", "review", "prepare", "review_money", "review_target"):
        life.complete(element, outcome="approved")
    life.deliver("rectification.launched")
    life.complete("notify", outcome="recorded", rectification_items=list(ITEMS))
    for item in ITEMS:
        life.complete("fix", item, outcome="submitted")
        life.complete("check_fix", item, outcome="approved")
    life.complete("close", outcome="recorded")
    return life


def many_returns(diagrams: Diagrams, loops: int) -> Timed:
    life = Timed(diagrams, "year", **START)
    for _ in range(loops):
        life.complete("fill", outcome="submitted")
        life.complete("review", outcome="returned")
    return life


def many_items(diagrams: Diagrams, count: int) -> Timed:
    items = [f"RECT-2022-{number:05}" for number in range(count)]
    life = Timed(diagrams, "rectification", **START)
    life.complete("notify", outcome="recorded", rectification_items=items)
    for item in items[:10]:
        life.complete("fix", item, outcome="submitted")
    return life


def main() -> None:
    diagrams = diagrams_of()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    a_year(diagrams)

    years = [a_year(diagrams) for _ in range(40)]
    milliseconds = sorted(ms for life in years for ms in life.milliseconds)
    sizes = [size for life in years for size in life.bytes]
    print(
        f"a year: median {statistics.median(milliseconds):.3f} ms, p95 {milliseconds[len(sizes) * 95 // 100]:.3f} ms;"
    )
    print(f"        mean {statistics.mean(sizes):.0f} bytes, largest {max(sizes)}")
    life = many_returns(diagrams, 1000)
    for name, part in (("first 50", slice(8, 108)), ("last 50", slice(-100, None))):
        print(
            f"{name} of 1000 returns: {statistics.median(life.milliseconds[part]):.3f} ms, {life.bytes[part][-1]} bytes"
        )
    for count in (3, 20, 100, 200):
        life = many_items(diagrams, count)
        print(f"{count} items: {statistics.median(life.milliseconds[1:]):.2f} ms, {life.bytes[0]} bytes")


if __name__ == "__main__":
    main()
