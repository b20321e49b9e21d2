"""示例指标: the target rows of an object, in the places its indicator tree has for them."""

import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from engine.rehearsal.subjects import Subject
from engine.scoring.numbers import text_of
from engine.submissions.forms.trees import Tree

Row = dict[str, Any]
Theme = Mapping[str, Any]

WANTED: Mapping[str, tuple[str, str]] = {
    "quantity": ("数量指标", "产出"),
    "activity": ("数量指标", "产出"),
    "quality": ("质量指标", "产出"),
    "time": ("时效指标", "产出"),
    "cost": ("成本指标", "成本"),
    "economic": ("经济效益指标", "经济效益"),
    "social": ("社会效益指标", "社会效益"),
    "ecological": ("生态效益指标", "生态效益"),
    "lasting": ("可持续影响指标", "可持续影响"),
    "satisfaction": ("服务对象满意度指标", "服务对象满意度"),
}
"""Row id → the second level it belongs under, and the kind it covers where a tree names its levels otherwise."""


def theme_of(subject: Subject) -> Theme:
    """Which example indicators fit an object, by the words of its name."""
    known = _themes()
    if subject.is_whole_department:
        return known["department"]
    fitting = (theme for theme in known.values() if any(word in subject.name for word in theme["words"]))
    return next(fitting, known["work"])


def target_rows(theme: Theme, tree: Tree, chance: Random) -> list[Row]:
    """Ten rows that weigh what the tree leaves for indicators, with every kind the tree knows."""
    rows = []
    for row_id, cells in _wanted_rows(theme, chance).items():
        place = _place(tree, *WANTED[row_id])
        if not tree.levels:
            rows.append({"id": row_id, **cells})
        elif place is not None:
            rows.append({"id": row_id, "level1": place[0], "level2": place[1], **cells})
    for row, weight in zip(rows, _weights(rows, tree), strict=True):
        row["weight"] = text_of(weight)
    return rows


def _wanted_rows(theme: Theme, chance: Random) -> dict[str, Row]:
    first, second = theme["quantity"]
    return {
        "quantity": _counted(first, chance),
        "activity": _counted(second, chance),
        "quality": _measured(theme["quality"][0], "≥", chance.randint(*theme["quality"][1:]), "%"),
        "time": _measured("按计划节点完成率", "≥", chance.choice((95, 100)), "%"),
        "cost": _measured("成本控制率", "≤", 100, "%"),
        "economic": _counted(theme["economic"], chance),
        "social": _counted(theme["social"], chance),
        "ecological": _judged("节约与环保", theme["ecological"]),
        "lasting": _judged("长效机制", theme["lasting"]),
        "satisfaction": _measured(f"{theme['people']}满意度", "≥", chance.randint(85, 95), "%")
        | {"survey_method": "示例：问卷抽样", "survey_population": f"示例：{theme['people']}"},
    }


def _counted(wanted: Sequence[Any], chance: Random) -> Row:
    name, unit, low, high = wanted
    return _measured(name, "≥", chance.randint(low, high), unit)


def _measured(name: str, direction: str, target: int, unit: str) -> Row:
    return {
        "name": name,
        "direction": direction,
        "target_value": str(target),
        "unit": unit,
        "calculation": f"示例：据{name}的台账统计",
        "data_source": "示例：业务台账",
        "evidence_required": "示例：统计表",
    }


def _judged(name: str, state: str) -> Row:
    return {"name": name, "direction": "qualitative", "target_text": state, "data_source": "示例：检查记录"}


def _place(tree: Tree, level2: str, covers: str) -> tuple[str, str] | None:
    """First and second level for a row; None where the tree has no such kind."""
    places = [(top, low, kind) for top, lows in tree.levels.items() for low, kind in lows.items()]
    named = next(((top, low) for top, low, _ in places if low == level2), None)
    return named or next(((top, low) for top, low, kind in places if kind == covers), None)


def _weights(rows: Sequence[Row], tree: Tree) -> list[Decimal]:
    """The points of every first level, spread evenly over its rows in whole points."""
    tops = [row.get("level1", "") for row in rows]
    points = dict(tree.weightings[0].weights) if tree.weightings else _even(tree.indicator_total, tops)
    shares = {top: _whole_shares(points[top], tops.count(top)) for top in dict.fromkeys(tops)}
    return [shares[top].pop(0) for top in tops]


def _even(total: Decimal, tops: Sequence[str]) -> dict[str, Decimal]:
    names = list(dict.fromkeys(tops))
    return dict(zip(names, _whole_shares(total, len(names)), strict=True))


def _whole_shares(points: Decimal, parts: int) -> list[Decimal]:
    base, more = divmod(int(points), parts)
    return [Decimal(base + (number < more)) for number in range(parts)]


@cache
def _themes() -> Mapping[str, Theme]:
    document = tomllib.loads(files("engine.rehearsal.papers").joinpath("themes.toml").read_text("utf-8"))
    return {theme["id"]: theme for theme in document["theme"]}
