"""The dated indicator trees: which first and second levels a target form has, and what they weigh.

Before 2021 成本 stood under 产出; since 财预〔2021〕101号 it is a first level of its own, with a year of transition.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from engine.submissions.forms.context import FormContext
from engine.submissions.forms.templates import template

LAST_YEAR = 9999


@dataclass(frozen=True, slots=True)
class Weighting:
    """One official way to spread the points over the first levels."""

    weights: Mapping[str, Decimal]
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class Tree:
    """One template: first level → second level → the kind it covers, with the fiscal years it is for."""

    id: str
    title: str
    object_kinds: tuple[str, ...]
    from_year: int
    until_year: int
    indicator_total: Decimal
    execution_weight: Decimal
    levels: Mapping[str, Mapping[str, str]]
    weightings: tuple[Weighting, ...]
    source: str
    status: str

    def is_for(self, object_kind: str, fiscal_year: int) -> bool:
        """Whether the template may be used for this object and year of the money."""
        return object_kind in self.object_kinds and self.from_year <= fiscal_year <= self.until_year

    def covered(self, rows: Iterable[Mapping[str, Any]]) -> list[str]:
        """The kinds of indicators that occur, in the order of the tree."""
        present = {self.levels.get(row.get("level1", ""), {}).get(row.get("level2", "")) for row in rows}
        ordered = (kind for level2 in self.levels.values() for kind in level2.values())
        return [kind for kind in dict.fromkeys(ordered) if kind in present]


@cache
def trees() -> Mapping[str, Tree]:
    """All templates by id, in the order of the file."""
    return {entry["id"]: _tree(entry) for entry in template("indicator_trees")["tree"]}


def titles_for(*object_kinds: str) -> tuple[tuple[str, str], ...]:
    """The templates for these objects as a form offers them: id and title."""
    return tuple((tree.id, tree.title) for tree in trees().values() if set(tree.object_kinds) & set(object_kinds))


def tree_for(context: FormContext, tree_id: str | None = None) -> Tree:
    """The template a form names, else the newest for its object and year; of two as new, the first in the file."""
    named = trees().get(tree_id or "")
    if named is not None:
        return named
    fitting = [tree for tree in trees().values() if tree.is_for(context.object_kind, context.fiscal_year)]
    of_kind = [tree for tree in trees().values() if context.object_kind in tree.object_kinds]
    candidates = fitting or of_kind or list(trees().values())
    newest = max(tree.from_year for tree in candidates)
    return next(tree for tree in candidates if tree.from_year == newest)


def _tree(entry: Mapping[str, Any]) -> Tree:
    levels = {top["name"]: {low["name"]: low["covers"] for low in top["level2"]} for top in entry["level1"]}
    return Tree(
        id=entry["id"],
        title=entry["title"],
        object_kinds=tuple(entry["object_kinds"]),
        from_year=entry["from_year"],
        until_year=entry.get("until_year", LAST_YEAR),
        indicator_total=Decimal(entry["indicator_total"]),
        execution_weight=Decimal(entry["execution_weight"]),
        levels=levels,
        weightings=tuple(_weighting(way) for way in entry.get("weighting", ())),
        source=entry["source"],
        status=entry["status"],
    )


def _weighting(way: Mapping[str, Any]) -> Weighting:
    weights = {name: Decimal(points) for name, points in way["weights"].items()}
    return Weighting(weights, way["source"], way["status"])
