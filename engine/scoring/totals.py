"""Scored rows of any form added up, and what a total reaches in a table of borders."""

from collections.abc import Iterable
from decimal import Decimal
from typing import TypeVar

from engine.scoring.numbers import SCORE_PLACES, percentage, rounded, total

T = TypeVar("T")


def total_of(scores: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of rows rounded first; None as long as one is missing or there is none.

    >>> total_of([Decimal("1.005"), Decimal("2")])
    Decimal('3.01')
    """
    known = list(scores)
    if not known or any(score is None for score in known):
        return None
    return total(rounded(score, SCORE_PLACES) for score in known if score is not None)


def in_full(weight: Decimal | None, score: Decimal | None) -> bool:
    """Whether a row has all of its points."""
    return score is not None and score == weight


def share_in_full(rows: Iterable[tuple[Decimal | None, Decimal | None]]) -> Decimal | None:
    """How many percent of the points are rows with full marks; rows are (weight, score).

    >>> share_in_full([(Decimal(60), Decimal(60)), (Decimal(40), Decimal(39))])
    Decimal('60.00')
    """
    marks = list(rows)
    whole = total(weight for weight, _ in marks)
    return percentage(total(weight for weight, score in marks if in_full(weight, score)), whole)


def reached(value: Decimal, borders: Iterable[tuple[Decimal, T]]) -> T:
    """What stands at the first border the value reaches; borders run from high to low and the last is reached by all.

    >>> reached(Decimal(80), [(Decimal(90), "优"), (Decimal(80), "良"), (Decimal(0), "差")])
    '良'
    """
    return next(meaning for border, meaning in borders if value >= border)
