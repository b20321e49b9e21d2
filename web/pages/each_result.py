"""逐件结果: what became of each item of a frozen list that was carried out one by one."""

from collections.abc import Iterable
from dataclasses import dataclass

from engine.portions import Result

__all__ = ["Done", "Result", "worst_first"]


@dataclass(frozen=True, slots=True)
class Done:
    """One item afterwards; `about` tells it from others of its name, `why` what kept it from being done."""

    name: str
    about: str
    result: Result
    why: str


def worst_first(done: Iterable[Done]) -> list[Done]:
    """What failed, then what was passed over, then what was done."""
    return sorted(done, key=lambda each: list(Result).index(each.result))
