"""Indicator rows: the target columns every form from F02 to F08 carries, and what a measured value says about them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from engine.findings import FormFinding
from engine.scoring.numbers import as_decimal, ratio, shown
from engine.submissions.forms.context import Stored
from engine.submissions.forms.entries import choice, day, figure, long_text, text, weight, yes_no
from engine.submissions.forms.findings import advised, missing, wrong
from engine.submissions.forms.paths import cell
from engine.submissions.forms.shape import Data
from engine.submissions.forms.sheets import RowSchema

Row = Mapping[str, Any]
TABLE = "indicators"
RISING = ("≥", ">")
DIRECTIONS = (
    ("≥", "≥"),
    ("≤", "≤"),
    ("=", "="),
    (">", ">"),
    ("<", "<"),
    ("range", "区间"),
    ("qualitative", "定性"),
)
LIKELIHOODS = (("certain", "确定能"), ("possible", "有可能"), ("impossible", "完全不可能"))


class TargetColumns(RowSchema):
    """What was promised: read-only from F05 on."""

    level1 = text("一级指标", required_when="指标表分级的", main=True)
    level2 = text("二级指标", required_when="指标表分级的", main=True)
    name = text("三级指标", required="指标须有名称", main=True)
    direction = choice("指标性质", DIRECTIONS, required="没有性质就无法判断是否完成", main=True)
    target_value = figure("指标值", required_when="定量指标（区间、日期除外）", main=True)
    target_date = day("完成期限", required_when="以日期为目标的时效指标（性质选“≤”）", stands_for="target_value")
    lower = figure("下限", required_when="性质为“区间”", stands_for="target_value")
    upper = figure("上限", required_when="性质为“区间”", stands_for="target_value")
    target_text = text("指标值（文字）", required_when="定性指标", stands_for="target_value")
    unit = text("度量单位", limit=20, required_when="定量指标", main=True)
    initial_value = figure("年初指标值", hint="目标调整过的，为调整前的指标值")
    weight = weight("权重", required_when="目标表有分值的，须逐条填写；自评须有分值", main=True)


class TargetRow(TargetColumns):
    """A row as declared in F02 and F04."""

    calculation = long_text("计算方法", limit=500, required_when="定量指标；不写的不计入量化率")
    data_source = text("数据来源", required="完成值要能核实")
    evidence_required = text("佐证要求")
    last_year_value = figure("上年实际值", main=True)
    mid_term_value = figure("中期指标值", required_when="累计指标")
    cumulative = yes_no("是否累计指标")
    survey_method = text("调查方法", required_when="满意度指标")
    survey_population = text("调查对象", required_when="满意度指标")
    library_code = text("库指标编码", limit=60)
    task = text("对应任务", limit=40, hint="部门整体：年度主要任务的行号", refers_to="tasks")
    as_written = text("导入原文", hint="由“≥100百分比”一类文字拆分而来时，保留原文")
    as_written_confirmed = yes_no("拆分已核对")


class LevelWeight(RowSchema):
    """A declared weight of a first or second level, where the form prints one."""

    level1 = text("一级指标", required="权重须归入一级指标")
    level2 = text("二级指标", hint="留空表示一级指标的合计")
    weight = weight("权重", required="列出的级次须有权重")


def rows_of(data: Data) -> list[Data]:
    """The indicator rows of a loaded form."""
    found: list[Data] = data.get(TABLE, [])
    return found


def library_codes(content: Mapping[str, Any]) -> list[str]:
    """The codes of the library that rows of a stored form have, in order, each once."""
    rows = content.get(TABLE)
    codes = (row.get("library_code") for row in rows if isinstance(row, Mapping)) if isinstance(rows, list) else ()
    return list(dict.fromkeys(code for code in codes if isinstance(code, str) and code.strip()))


def at(row: Row, key: str) -> str:
    """The path of one cell of an indicator row."""
    return cell(TABLE, row["id"], key)


def called(row: Row) -> str:
    """The row in a sentence: “按期拨付率”."""
    return f"“{row.get('name') or row.get('level2') or row['id']}”"


def is_quantitative(row: Row) -> bool:
    """Whether the row is meant to be measured."""
    return row.get("direction") not in (None, "qualitative")


def is_quantified(row: Row) -> bool:
    """Whether it can be: value, unit, direction and calculation are all there (GZ-05; forms.md F02 rule 2)."""
    if not is_quantitative(row) or not row.get("calculation"):
        return False
    if row.get("target_date"):
        return True
    has_value = _has_range(row) if row["direction"] == "range" else row.get("target_value") is not None
    return has_value and bool(row.get("unit"))


def target_is_complete(row: Row) -> Iterator[FormFinding]:
    """The cells a row needs because of its 指标性质."""
    direction = row.get("direction")
    if direction is None:
        return
    if direction == "qualitative":
        if not row.get("target_text"):
            yield missing(at(row, "target_text"), f"定性指标{called(row)}没有写要达到的状态，请补填指标值（文字）。")
        return
    if row.get("target_date") and direction in (*RISING, "range"):
        text = f"指标{called(row)}以日期为目标，按不晚于这一天计分，性质应为“≤”。请更正；确需保留，请写说明。"
        yield advised(at(row, "direction"), text, "表单目录 F06")
    if direction == "range":
        yield from _range_is_complete(row)
    elif row.get("target_value") is None and not row.get("target_date"):
        yield missing(at(row, "target_value"), f"定量指标{called(row)}没有指标值，请填一个数；说不出数的请改为“定性”。")
    if not row.get("unit") and not row.get("target_date"):
        yield missing(at(row, "unit"), f"定量指标{called(row)}没有度量单位，请补填。")


def completion_ratio(row: Row, actual: Decimal | None) -> Decimal | None:
    """实际完成值 / 指标值 for rows where more is better (≥ > =); None where that has no meaning (target ≤ 0)."""
    target: Decimal | None = row.get("target_value")
    if row.get("direction") not in (*RISING, "=") or target is None or target <= 0:
        return None
    return ratio(actual, target)


def same_as_frozen(
    rows: Iterable[Row], frozen: Stored | None, columns: tuple[str, ...], form: str
) -> Iterator[FormFinding]:
    """Rows must be those of the frozen version: same ids, same values in these columns, none added, none left out."""
    if frozen is None:
        return
    promised = {row["id"]: row for row in frozen.get(TABLE, [])}
    seen = set()
    for row in rows:
        seen.add(row["id"])
        original = promised.get(row["id"])
        if original is None:
            yield wrong(at(row, "name"), f"指标{called(row)}不在已定的{form}中。请删去；要改指标，请先申请调整目标。")
            continue
        yield from _same_row(row, original, columns, form)
    for row_id, original in promised.items():
        if row_id not in seen:
            yield wrong(TABLE, f"已定的{form}中的指标{called(original)}没有填。请补上这一行。")


def as_adjusted(target: Stored) -> list[Data]:
    """The rows of a target that is declared again: what each promised at the beginning of the year stays beside it."""
    return [
        {**row, "initial_value": row.get("initial_value", row["target_value"])} if "target_value" in row else dict(row)
        for row in target.get(TABLE, [])
    ]


def copied(frozen: Stored | None, columns: Iterable[str]) -> list[Data]:
    """The rows of a frozen form, these columns only, to be filled on."""
    rows = (frozen or {}).get(TABLE, [])
    return [{"id": row["id"], **{key: row[key] for key in columns if key in row}} for row in rows]


def weights_are_given(rows: Sequence[Row], *, needed: bool) -> Iterator[FormFinding]:
    """Every row has its weight; where it is not `needed` yet all of them may be without."""
    if not needed and not any(row.get("weight") is not None for row in rows):
        return
    for row in rows:
        if row.get("weight") is None:
            yield missing(at(row, "weight"), f"指标{called(row)}没有填权重，没有权重就无法计分，请补填。")


def same_value(typed: Any, stored: Any) -> bool:
    """Whether a loaded cell and a stored one say the same; 100 and 100.00 do."""
    if isinstance(typed, Decimal):
        return typed == as_decimal(stored)
    if hasattr(typed, "isoformat"):
        return bool(typed.isoformat() == stored)
    return bool(typed == stored) or (not typed and not stored)


def _same_row(row: Row, original: Row, columns: tuple[str, ...], form: str) -> Iterator[FormFinding]:
    for key in columns:
        weighed_later = key == "weight" and original.get(key) is None
        if not weighed_later and not same_value(row.get(key), original.get(key)):
            label = _TARGET_CELLS[key].metadata["label"]
            was = original.get(key) or "空"
            yield wrong(at(row, key), f"指标{called(row)}的“{label}”与已定的{form}不同（{form}中为 {was}）。请改回。")


def _range_is_complete(row: Row) -> Iterator[FormFinding]:
    for key, label in (("lower", "下限"), ("upper", "上限")):
        if row.get(key) is None:
            yield missing(at(row, key), f"区间指标{called(row)}没有{label}，请补填。")
    if _has_range(row) and row["lower"] > row["upper"]:
        low, high = shown(row["lower"]), shown(row["upper"])
        yield wrong(at(row, "lower"), f"区间指标{called(row)}的下限 {low} 大于上限 {high}，请对调。")


def _has_range(row: Row) -> bool:
    return row.get("lower") is not None and row.get("upper") is not None


_TARGET_CELLS = TargetColumns().fields
FROZEN_COLUMNS = tuple(name for name in _TARGET_CELLS if name != "id")
