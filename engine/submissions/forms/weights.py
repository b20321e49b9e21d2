"""Do the weights add up: all indicators to 90 (执行率 has the other 10), every level to the one above it.

Source: forms.md F02 rule 4 (G2); the points of the first levels are data of the template, not law.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from engine.findings import FormFinding
from engine.scoring.numbers import HUNDRED, shown, total
from engine.submissions.forms.findings import advised, missing, weighed, wrong
from engine.submissions.forms.indicators import TABLE, Row, called, weights_are_given
from engine.submissions.forms.paths import cell
from engine.submissions.forms.shape import Data
from engine.submissions.forms.trees import Tree, Weighting


def weights_add_up(rows: Sequence[Row], tree: Tree) -> Iterator[FormFinding]:
    """All indicators together weigh what the template leaves them; else which level to change.

    A template nobody laid down only asks: what a target leaves of 100 is then for the execution of the budget.
    """
    if not rows:
        return
    yield from weights_are_given(rows, needed=False)
    if all(row.get("weight") is None for row in rows):
        if not tree.weighed:
            return
        text = "指标没有填权重，自评时才能定分值。请补填；本表不设分值的，请写说明。"
        yield weighed(tree.status, TABLE, text, f"目标表模板 {tree.id}")
        return
    whole = total(row.get("weight") for row in rows)
    gap = tree.indicator_total - whole
    if whole > HUNDRED:
        yield wrong(TABLE, f"权重合计是 {shown(whole)}，超过了 100。{_remedy(rows, tree, gap)}")
    elif gap:
        execution = f"预算执行率另计 {shown(tree.execution_weight)}"
        text = (
            f"权重合计是 {shown(whole)}，应为 {shown(tree.indicator_total)}（{execution}）。{_remedy(rows, tree, gap)}"
        )
        if tree.status != "stated":
            text += f"确需如此的，请写说明，自评时预算执行率计 {shown(HUNDRED - whole)} 分。"
        yield weighed(tree.status, TABLE, text, f"目标表模板 {tree.id}")
    else:
        yield from _first_levels_fit(rows, tree)
    for row in rows:
        if row.get("weight") == 0:
            yield wrong(cell(TABLE, row["id"], "weight"), "权重为 0 的指标不计分，请给出权重或删去这一行。")


def levels_are_given(rows: Sequence[Row], tree: Tree) -> Iterator[FormFinding]:
    """Every row stands under its levels; a list without any is asked about where the template is not laid down."""
    if not tree.levels:
        return
    lacking = [row for row in rows if not row.get("level1") or not row.get("level2")]
    if rows and not any(row.get("level1") or row.get("level2") for row in rows):
        text = "指标没有归入一级、二级指标。请按模板归类；本表不分级的，请写说明。"
        yield weighed(tree.status, TABLE, text, f"目标表模板 {tree.id}")
        return
    for row in lacking:
        for key, label in (("level1", "一级指标"), ("level2", "二级指标")):
            if not row.get(key):
                yield missing(cell(TABLE, row["id"], key), f"指标{called(row)}没有填{label}，请补填。")


def levels_add_up(data: Data, rows: Sequence[Row]) -> Iterator[FormFinding]:
    """Where the form prints weights of first and second levels, each is the sum of the rows under it."""
    for level in data.get("level_weights", []):
        under = [row for row in rows if _is_under(row, level)]
        sum_under, declared = total(row.get("weight") for row in under), level.get("weight")
        if declared is not None and declared != sum_under:
            name = level.get("level2") or level.get("level1") or ""
            yield wrong(
                cell("level_weights", level["id"], "weight"),
                f"“{name}”的权重填 {shown(declared)}，其下三级指标合计 {shown(sum_under)}，请改为一致。",
            )


def first_levels(rows: Sequence[Row]) -> dict[str, Decimal]:
    """Points by first level, in the order of the rows."""
    names = dict.fromkeys(row.get("level1", "") for row in rows)
    return {name: total(row.get("weight") for row in rows if row.get("level1", "") == name) for name in names}


def _first_levels_fit(rows: Sequence[Row], tree: Tree) -> Iterator[FormFinding]:
    if not tree.weightings or any(way.weights == first_levels(rows) for way in tree.weightings):
        return
    if not any(row.get("level1") for row in rows):
        return
    nearest = _nearest(rows, tree)
    wanted = "、".join(f"{name} {shown(points)}" for name, points in nearest.weights.items())
    present = "、".join(f"{name} {shown(points)}" for name, points in first_levels(rows).items())
    yield advised(
        TABLE,
        f"各一级指标分值为{present}，模板为{wanted}。请按模板分配；确需调整，请写说明。",
        f"目标表模板 {tree.id}：{nearest.source}",
        nearest.status,
    )


def _remedy(rows: Sequence[Row], tree: Tree, gap: Decimal) -> str:
    verb, size = ("补", shown(gap)) if gap > 0 else ("减", shown(-gap))
    if tree.weightings:
        present = first_levels(rows)
        wanted = _nearest(rows, tree).weights
        lacking = {name: points - present.get(name, Decimal(0)) for name, points in wanted.items()}
        exact = [name for name, difference in lacking.items() if difference == gap]
        if len(exact) == 1:
            return f"请在{exact[0]}中{verb} {size}。"
    return f"请在各指标中共{verb} {size}。"


def _nearest(rows: Sequence[Row], tree: Tree) -> Weighting:
    """The official weighting that differs least from what stands in the form."""
    present = first_levels(rows)

    def distance(way: Weighting) -> tuple[int, Decimal]:
        names = set(way.weights) | set(present)
        apart = total(abs(way.weights.get(name, Decimal(0)) - present.get(name, Decimal(0))) for name in names)
        return len(set(way.weights) ^ set(present)), apart

    return min(tree.weightings, key=distance)


def _is_under(row: Row, level: Row) -> bool:
    same_top = row.get("level1") == level.get("level1")
    return same_top and (not level.get("level2") or row.get("level2") == level["level2"])
