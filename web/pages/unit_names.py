"""Names of units in a narrow column: without what most of them begin with, where that says nothing."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from engine.queries.directory import UnitLine

_ENDS = "省市州盟区县旗"
"""A place ends with one of these; only whole places are left out."""


def common_prefix(names: Sequence[str]) -> str:
    """The longest place that more than half of the names begin with; nothing where they share none.

    >>> common_prefix(["贵阳市花溪区教育局", "贵阳市花溪区民政局", "花溪区青岩镇人民政府"])
    '贵阳市花溪区'
    >>> common_prefix(["贵阳市花溪区教育局", "中共贵阳市花溪区委党校"])
    ''
    """
    begins = Counter(name[:at] for name in names for at in range(2, len(name)) if name[at - 1] in _ENDS)
    shared = [place for place, many in begins.items() if many > 1 and 2 * many > len(names)]
    return max(shared, key=len, default="")


def short_names(tree: Sequence[UnitLine]) -> tuple[str, Mapping[int, str]]:
    """What is left out, and each unit's name without it; whole where the rest is the name of another."""
    units = all_of(tree)
    names = [unit.name for unit in units]
    prefix, taken = common_prefix(names), frozenset(names)
    return prefix, {unit.id: _short(unit.name, prefix, taken) for unit in units}


def _short(name: str, prefix: str, taken: Collection[str]) -> str:
    rest = name.removeprefix(prefix)
    return name if rest in taken else rest


def all_of(tree: Sequence[UnitLine]) -> list[UnitLine]:
    """Every unit of a tree, each before those below it."""
    return [unit for each in tree for unit in (each, *all_of(each.below))]
