"""The rehearsal's own calendar and the habits of its people; both are examples and marked so."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

LAST_DEALINGS = 3
"""From this time on that a step comes back, everybody simply carries it on: every rehearsal comes to its end."""


@dataclass(frozen=True, order=True, slots=True)
class Motion:
    """Something finance sets going for the cases of a fiscal year on a day."""

    on: date
    fiscal_year: int
    what: str


@dataclass(frozen=True, slots=True)
class Habits:
    """How often the people of a rehearsal return, hesitate, are late or take back; shares between 0 and 1."""

    return_first_time: float
    return_second_time: float
    revise: float
    late: float
    days_late: tuple[int, ...]
    withdraw: float
    days_without_deadline: tuple[int, ...]
    longest_days: int
    adjust_budget: float
    spot_review: float
    department_led: float
    problems: tuple[int, ...]


def motions(fiscal_year: int) -> list[Motion]:
    """What finance sets going for the cases of a fiscal year, in order."""
    planned = []
    for entry in _document()["motions"]:
        month, day = entry["on"].split("-")
        planned.append(Motion(date(fiscal_year + entry["year"], int(month), int(day)), fiscal_year, entry["what"]))
    return sorted(planned)


@cache
def habits() -> Habits:
    """The habits of everybody."""
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in _document()["habits"].items()
    }
    return Habits(**given)


def answer(variable: str, choices: list[str], chance: Random | None, grade: str | None = None) -> str:
    """What somebody answers when a step asks for `variable`: by the weights of the plan, else the first choice.

    Some answers have other weights for an object of that published `grade`. Without `chance` it is the answer the plan
    gives most often.
    """
    by_grade = _document()["answers_by_grade"].get(variable, {})
    weights = by_grade.get(grade) or _document()["answers"].get(variable, {})
    words = [word for word in choices if word in weights]
    if not words:
        return choices[0]
    if chance is None:
        return max(words, key=lambda word: weights[word])
    return chance.choices(words, [weights[word] for word in words])[0]


def dice(seed: int, *what: object) -> Random:
    """Chance that depends on the seed and on what it is thrown for, not on the order of throwing."""
    return Random(":".join([str(seed), *(str(part) for part in what)]))


@cache
def _document() -> dict[str, Any]:
    return tomllib.loads(files("engine.rehearsal").joinpath("plan.toml").read_text("utf-8"))
