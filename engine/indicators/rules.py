"""What an entry of the library has to say, and who may keep it. No session, no clock."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from engine.directory import Actor
from engine.errors import NotAllowed
from engine.indicators.model import Indicator
from engine.sheets import Problem
from engine.texts import is_blank
from engine.words import IndicatorScope, Role

COLUMNS = {
    "code": "编码",
    "name": "名称",
    "level1": "一级指标",
    "level2": "二级指标",
    "industry": "行业",
    "direction": "性质",
    "unit": "单位",
    "calculation": "计算方法",
}
"""Column → what people call it, in the order in which an entry is read."""

LONGEST = {
    "code": 40,
    "name": 200,
    "level1": 40,
    "level2": 40,
    "industry": 40,
    "direction": 20,
    "unit": 20,
    "calculation": 500,
}
"""Characters of a cell, no more than the forms take."""
REQUIRED = ("code", "name", "level1", "level2", "direction")
QUALITATIVE = "qualitative"
KEEPERS = frozenset({Role.UNIT_CLERK, Role.UNIT_HEAD, Role.DEPARTMENT})
"""Who may keep the specific indicators of their unit."""


class NotYourIndicator(NotAllowed):
    """The entry is kept by another office or unit."""

    code = "indicator.not_yours"


@dataclass(frozen=True, slots=True)
class Entry:
    """The cells of one entry as people write them; `direction` is already the word of the forms."""

    code: str
    name: str
    level1: str
    level2: str
    industry: str
    direction: str
    unit: str
    calculation: str


def problems_of(entry: Entry, levels: Collection[tuple[str, str]], directions: Mapping[str, str]) -> Iterator[Problem]:
    """Everything to be said of an entry, the columns as in `COLUMNS`.

    `levels` are the pairs of first and second level the forms know.
    """
    for column, label in COLUMNS.items():
        told = getattr(entry, column)
        if column in REQUIRED and is_blank(told):
            yield Problem(column, f"“{label}”未填，请补填。")
        elif len(told) > LONGEST[column]:
            yield Problem(column, f"“{label}”有 {len(told)} 个字，最多 {LONGEST[column]} 个，请精简。")
        elif not told.replace("\n", "").isprintable() or (column != "calculation" and "\n" in told):
            yield Problem(column, f"“{label}”里有换行或看不见的字符，请删去后重填。")
    if any(char.isspace() for char in entry.code):
        yield Problem("code", "“编码”里有空格，请删去。")
    yield from _belongs(entry, levels)
    if entry.direction and entry.direction not in directions:
        told = "、".join(directions.values())
        yield Problem("direction", f"“{entry.direction[:20]}”不是指标性质，请从 {told} 中选择。")
    elif entry.direction != QUALITATIVE:
        yield from _is_measurable(entry)


def may_keep(by: Actor, indicator: Indicator) -> bool:
    """Whether this actor may change the entry: finance what is common, a unit its own."""
    if indicator.scope is IndicatorScope.COMMON:
        return Role.PERFORMANCE_OFFICE in by.roles
    return indicator.owner_id == by.unit_id and not by.roles.isdisjoint(KEEPERS)


def must_be_kept_by(by: Actor, indicator: Indicator) -> None:
    """Refuse an actor who does not keep the entry."""
    if not may_keep(by, indicator):
        whose = "财政绩效股" if indicator.scope is IndicatorScope.COMMON else "归口单位"
        raise NotYourIndicator(
            f"“{indicator.name}”由{whose}维护，您不能更改，没有改动。需要调整请与{whose}联系。", indicator=indicator.id
        )


def scope_kept_by(by: Actor) -> IndicatorScope:
    """Which kind of entries an actor adds: the 绩效股 common ones, everybody else specific ones of their unit."""
    return IndicatorScope.COMMON if Role.PERFORMANCE_OFFICE in by.roles else IndicatorScope.SPECIFIC


def _belongs(entry: Entry, levels: Collection[tuple[str, str]]) -> Iterator[Problem]:
    if not entry.level1 or not entry.level2 or (entry.level1, entry.level2) in levels:
        return
    under = [second for first, second in levels if first == entry.level1]
    if under:
        known = "、".join(dict.fromkeys(under))
        yield Problem("level2", f"“{entry.level1[:20]}”下没有“{entry.level2[:20]}”，可选：{known}。")
    else:
        known = "、".join(dict.fromkeys(first for first, _ in levels))
        yield Problem("level1", f"“{entry.level1[:20]}”不是一级指标，可选：{known}。")


def _is_measurable(entry: Entry) -> Iterator[Problem]:
    if is_blank(entry.unit):
        yield Problem("unit", "定量指标没有单位，以日期为目标的除外，请核对。", stops=False)
    if is_blank(entry.calculation):
        yield Problem("calculation", "定量指标没有计算方法，选用的单位要自己补，请核对。", stops=False)
