"""资料不全: what a table answers when an input it asks for is not known, by every value that input could have."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain, combinations, islice, pairwise, product
from typing import Any

from engine.policies.kinds import Kind
from engine.policies.signatures import Column
from engine.policies.table import Row, Table

MOST = 20_000
"""So many ways to complete what is not known are tried; with more it simply counts as not known."""
_QUARTERS = (Decimal("0.25"), Decimal("0.5"), Decimal("0.75"))


def gaps_in(table: Table, values: Mapping[str, Any]) -> tuple[str, ...]:
    """The inputs that are not known and that some row tests, unless a row asks whether they are known."""
    unknown = {name for name, value in values.items() if value is None}
    if not unknown:
        return ()
    place = {name: at for at, name in enumerate(table.signature.inputs)}
    answered = {name for name in unknown if any(row.cells[place[name]].asks_for_null for row in table.rows)}
    return tuple(name for name in table.asks_for() if name in unknown - answered)


def agreed(table: Table, values: Mapping[str, Any], on: date) -> tuple[list[Row], tuple[str, ...]]:
    """The rows that hold whatever the unknown inputs are, and the inputs on which the answer depends.

    A table that collects already leaves out what asks for something unknown; with any row its answer stands.
    """
    rows = table.rows_for(values, on)
    gaps = () if rows and table.hit_policy != "FIRST" else gaps_in(table, values)
    if not gaps:
        return rows, ()
    found = [table.rows_for(each, on) for each in islice(_completions(table, values, gaps), MOST + 1)]
    answers = [table.answer(each) for each in found]
    if len(found) > MOST or any(answer != answers[0] for answer in answers):
        return [], gaps
    held = {row.id for rows in found for row in rows}
    return [row for row in table.rows if row.id in held], ()


def _completions(table: Table, values: Mapping[str, Any], gaps: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    candidates = [_candidates(table, values, name) for name in gaps]
    for chosen in product(*candidates):
        yield {**values, **dict(zip(gaps, chosen, strict=True))}


def _candidates(table: Table, values: Mapping[str, Any], name: str) -> Sequence[Any]:
    """Values of an input, one for each way the rows could tell its values apart."""
    column = table.signature.inputs[name]
    if column.kind is Kind.BOOLEAN:
        return (True, False)
    at = list(table.signature.inputs).index(name)
    named = sorted({word for row in table.rows for word in row.cells[at].words})
    if column.kind is Kind.WORD:
        return tuple(column.words) or (*named, "")
    if column.kind is Kind.WORDS:
        return tuple(chain.from_iterable(combinations(named, size) for size in range(len(named) + 1)))
    return _points(table, values, column)


def _points(table: Table, values: Mapping[str, Any], column: Column) -> Sequence[Decimal]:
    """The borders of all numbers of the table and three points between any two, as one number may ask for another."""
    numbers = [name for name, each in table.signature.inputs.items() if each.kind is Kind.NUMBER]
    borders = {border for name in numbers for border in table.borders(name)}
    borders |= {values[name] for name in numbers if values[name] is not None}
    low = column.low if column.low is not None else min(borders, default=Decimal(0)) - 1
    high = column.high if column.high is not None else max(borders, default=Decimal(0)) + 1
    within = sorted({low, high, *(border for border in borders if low <= border <= high)})
    between = [before + (after - before) * part for before, after in pairwise(within) for part in _QUARTERS]
    return sorted({*within, *between})
