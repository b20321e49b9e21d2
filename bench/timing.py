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
    """Milliseconds of every contestant, round by round in changing order, so that all meet the same weather."""
    times: dict[str, list[float]] = {name: [] for name in contestants}
    gc.collect()
    for number in range(rounds):
        for name in list(contestants)[:: 1 if number % 2 else -1]:
            times[name].append(milliseconds(contestants[name]))
    return times


def ratio(of: Sequence[float], to: Sequence[float]) -> float:
    """How much longer `of` took than `to`: compared round by round, the median.

    >>> ratio([2, 40, 6], [1, 10, 6])
    2.0
    """
    return middle([ours / theirs for ours, theirs in zip(of, to, strict=True)])


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of the values do not exceed.

    >>> percentile([4, 1, 3, 2], 0.5), percentile([4, 1, 3, 2], 0.95)
    (2, 4)
    """
    return sorted(values)[max(0, ceil(len(values) * share) - 1)]


def middle(values: Sequence[float]) -> float:
    """The median."""
    return float(median(values))
