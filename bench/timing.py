"""Taking time fairly on a machine that others use too: turn by turn, and medians."""

import gc
from collections.abc import Callable, Mapping, Sequence
from math import ceil
from statistics import median
from time import perf_counter
from typing import Any


def milliseconds(work: Callable[[], Any]) -> float:
    """How long `work` took."""
    began = perf_counter()
    work()
    return (perf_counter() - began) * 1000


def turn_by_turn(contestants: Mapping[str, Callable[[], Any]], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of every contestant, one after the other in each round, so that all meet the same weather."""
    times: dict[str, list[float]] = {name: [] for name in contestants}
    gc.collect()
    for _ in range(rounds):
        for name, work in contestants.items():
            times[name].append(milliseconds(work))
    return times


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of the values do not exceed.

    >>> percentile([4, 1, 3, 2], 0.5), percentile([4, 1, 3, 2], 0.95)
    (2, 4)
    """
    return sorted(values)[max(0, ceil(len(values) * share) - 1)]


def middle(values: Sequence[float]) -> float:
    """The median."""
    return float(median(values))
