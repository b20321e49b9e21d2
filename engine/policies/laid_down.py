"""Which deadlines a table lays down: the names a diagram may wait for."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import chain, product

from engine.policies.sfeel import Cell
from engine.policies.table import Table
from engine.words import DeadlineStep, Stage


def deadlines_laid_down(table: Table) -> frozenset[str]:
    """Every `stage.step` some row in force last holds for."""
    return frozenset().union(*deadlines_by_row(table).values())


def deadlines_by_row(table: Table) -> Mapping[str, frozenset[str]]:
    """The same by the ids of the rows. A step is one of `DeadlineStep`, or a word that a cell of the table names."""
    of_stage, of_step = (list(table.signature.inputs).index(name) for name in ("stage", "step"))
    steps = {*map(str, DeadlineStep), *chain.from_iterable(row.cells[of_step].words for row in table.rows)}
    return {
        row.id: _named(_matching(row.cells[of_stage], map(str, Stage)), _matching(row.cells[of_step], steps))
        for row in table.rows
        if row.in_force_until == date.max
    }


def _named(stages: Iterable[str], steps: Iterable[str]) -> frozenset[str]:
    return frozenset(f"{stage}.{step}" for stage, step in product(stages, steps))


def _matching(cell: Cell, words: Iterable[str]) -> list[str]:
    return [word for word in words if cell.matches is None or cell.matches(word, {})]
