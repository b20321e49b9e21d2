"""Is a target worth measuring against: how many indicators, how many in numbers, of which kinds, in which words.

Counts and ratios are the jurisdiction's (decision `target_quality`, GZ-05, GZ-06). The rest comes from agencies'
standards (G7) and from problems reported (CH-24): it asks for a sentence and stops nothing.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from engine.findings import FormFinding
from engine.scoring.numbers import percent_of, ratio, shown
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.findings import advised, listed, not_laid_down, noted, ruled, wrong
from engine.submissions.forms.indicators import (
    RISING,
    TABLE,
    Row,
    at,
    called,
    is_quantified,
    is_quantitative,
    target_is_complete,
)
from engine.submissions.forms.templates import template
from engine.submissions.forms.trees import Tree
from engine.submissions.forms.values import read_value
from engine.words import ProjectCategory

CATEGORIES = tuple(ProjectCategory)


def rows_are_sound(rows: Sequence[Row], tree: Tree) -> Iterator[FormFinding]:
    """Every row on its own: complete, in the right place of the tree, in words that can be measured."""
    for row in rows:
        yield from target_is_complete(row)
        yield from _stands_in_tree(row, tree)
        yield from _wording(row)
        yield from _was_split(row)
        yield from _against_other_years(row)
        if _covers(row, tree) == "服务对象满意度":
            yield from _survey_is_named(row)
        if _covers(row, tree) == "成本":
            yield from _cost_points_down(row)


def no_indicator_twice(rows: Sequence[Row], tree: Tree) -> Iterator[FormFinding]:
    """A name under 产出 and 效益 at once counts the same thing twice; the same row twice is a mistake."""
    names: set[str] = set()
    places: set[tuple[Any, ...]] = set()
    for row in rows:
        name, place = row.get("name", ""), tuple(row.get(key) for key in ("level1", "level2", "name"))
        entry = template("wording")["category"]
        if name and place in places:
            yield wrong(at(row, "name"), f"指标{called(row)}在同一二级指标下出现了两次，请合并或改名。")
        elif name in names - {""}:
            text = f"指标{called(row)}同时列在两类指标下，会重复计分。请只留一处，或写说明。"
            yield listed(entry, at(row, "name"), text)
        names.add(name)
        places.add(place)


def enough_of_them(
    rows: Sequence[Row], tree: Tree, category: str | None, context: FormContext
) -> Iterator[FormFinding]:
    """条数、量化率、类别 against the jurisdiction's table; 本区未规定 is said, never passed."""
    inputs = quality_inputs(rows, tree, category)
    answer = context.ask("target_quality", **inputs)
    share, kinds = shown(percent_of(inputs["quantified_ratio"])), "、".join(inputs["covered_kinds"]) or "无"
    measured = f"现在 {len(rows)} 条，量化率 {share}%，类别有{kinds}"
    if answer.undefined:
        text = f"指标条数、量化率和类别：本区没有规定，不作判断。{measured}。"
        yield not_laid_down(TABLE, text, "target_quality")
    elif not answer.outputs.get("acceptable"):
        problems = answer.outputs.get("problems") or "条数、量化率或类别不够"
        said = "、".join(problems) if isinstance(problems, list) else str(problems)
        yield ruled(answer, TABLE, f"指标没有达到本区要求：{said}。{measured}。请补充或细化指标。")


def quality_inputs(rows: Sequence[Row], tree: Tree, category: str | None) -> dict[str, Any]:
    """The inputs of the decision `target_quality`."""
    quantified = Decimal(sum(1 for row in rows if is_quantified(row)))
    return {
        "project_category": category or "other",
        "indicator_count": len(rows),
        "quantified_ratio": ratio(quantified, Decimal(len(rows))) or Decimal(0),
        "covered_kinds": tree.covered(rows),
    }


def template_is_in_force(tree: Tree, context: FormContext) -> Iterator[FormFinding]:
    """The template of the form is one for this object and this year of the money."""
    if not tree.is_for(context.object_kind, context.fiscal_year):
        text = f"“{tree.title}”不适用于 {context.fiscal_year} 年的这类对象。请换用当年模板；确需沿用，请写说明。"
        yield advised("template", text, tree.source, tree.status)


def _covers(row: Row, tree: Tree) -> str:
    return tree.levels.get(row.get("level1", ""), {}).get(row.get("level2", ""), "")


def _stands_in_tree(row: Row, tree: Tree) -> Iterator[FormFinding]:
    level1, level2 = row.get("level1"), row.get("level2")
    if not level1 or not level2 or level2 in tree.levels.get(level1, {}):
        return
    homes = [top for top, lows in tree.levels.items() if level2 in lows]
    advice = f"在本模板中它属于“{homes[0]}”" if homes else f"本模板没有“{level2}”"
    text = f"指标{called(row)}归在“{level1}－{level2}”，{advice}。请改正归类；确需保留，请写说明。"
    yield advised(at(row, "level2"), text, f"目标表模板 {tree.id}；CH-24", tree.status)


def _wording(row: Row) -> Iterator[FormFinding]:
    name, words = row.get("name", ""), template("wording")
    if is_quantitative(row):
        vague = _first_word(f"{name}{row.get('unit', '')}", words["vague"]["words"])
        if vague and not row.get("calculation"):
            text = f"指标{called(row)}写了数值，但“{vague}”没有可数的对象，也没有计算方法。请写清怎样算，或改为“定性”。"
            yield listed(words["vague"], at(row, "calculation"), text)
        elif not row.get("calculation"):
            text = f"指标{called(row)}没有计算方法，不计入量化率。"
            yield noted(at(row, "calculation"), text, "表单目录 F02 第 2 条；GZ-05")
    elif row.get("target_text") and read_value(row["target_text"]).kind in ("number", "range"):
        parts = read_value(row["target_text"]).parts
        text = f"定性指标{called(row)}的指标值像是数值（{parts}）。请核对后改为定量，或写说明。"
        yield advised(at(row, "target_text"), text, "W7；G7")
    paying = _first_word(name, words["payment"]["words"])
    if row.get("level2") == "数量指标" and paying:
        text = (
            f"{called(row)}反映资金支付，不宜作数量指标。"
            "请改填产品或服务的数量，例如“新增公办学位数”；确需保留，请写说明。"
        )
        yield listed(words["payment"], at(row, "name"), text)


def _was_split(row: Row) -> Iterator[FormFinding]:
    if row.get("as_written") and not row.get("as_written_confirmed"):
        parts = read_value(row["as_written"]).parts
        text = f"指标{called(row)}的原文“{row['as_written']}”已拆分为{parts}，请核对后勾选“拆分已核对”。"
        yield advised(at(row, "as_written_confirmed"), text, "W7")


def _against_other_years(row: Row) -> Iterator[FormFinding]:
    value, mid_term, last = row.get("target_value"), row.get("mid_term_value"), row.get("last_year_value")
    if row.get("cumulative") and value is not None and mid_term is not None and value > mid_term:
        text = f"累计指标{called(row)}的年度值 {shown(value)} 大于中期值 {shown(mid_term)}，请核对。"
        yield wrong(at(row, "target_value"), text)
    if row.get("direction") in RISING and value is not None and last is not None and value < last:
        text = f"指标{called(row)}的指标值 {shown(value)} 低于上年实际 {shown(last)}。请核对是否偏低，或写说明。"
        yield listed(template("wording")["last_year"], at(row, "target_value"), text)


def _survey_is_named(row: Row) -> Iterator[FormFinding]:
    for key, label in (("survey_method", "调查方法"), ("survey_population", "调查对象")):
        if not row.get(key):
            text = f"满意度指标{called(row)}未写{label}。请写明怎样调查、向谁调查；暂不能定的，请写说明。"
            yield listed(template("wording")["satisfaction"], at(row, key), text)


def _cost_points_down(row: Row) -> Iterator[FormFinding]:
    entry = template("wording")["cost"]
    if row.get("direction") in entry["directions"]:
        text = (
            f"成本指标{called(row)}的性质是“{row['direction']}”，花得越多得分越高。请改为“≤”或“=”；确需保留，请写说明。"
        )
        yield listed(entry, at(row, "direction"), text)


def _first_word(text: str, words: Sequence[str]) -> str:
    return next((word for word in words if word in text), "")
