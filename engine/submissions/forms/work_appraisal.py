"""F16 预算绩效管理工作考核表: five areas by 有没有 / 全不全 / 好不好, for districts and departments.

Source: forms.md F16; GZ-13, GZ-20, HX-11. The weights are in no source, so they are the appraisal's own and make 100.
"""

from collections.abc import Iterator
from typing import Any

from engine.findings import FormFinding
from engine.scoring.deductions import points_lost
from engine.scoring.numbers import shown
from engine.scoring.totals import total_of
from engine.submissions.forms import entries as e
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.findings import listed, missing, wrong
from engine.submissions.forms.form import ALL_KINDS, Data, Form
from engine.submissions.forms.grading import weights_make_hundred, within_full_marks
from engine.submissions.forms.header import known
from engine.submissions.forms.paths import cell
from engine.submissions.forms.sheets import FormSchema, RowSchema
from engine.submissions.forms.templates import template

TABLE = "cells"
AREAS = tuple((area, area) for area in template("work_appraisal")["areas"])
LEVELS = tuple((level["id"], level["name"]) for level in template("work_appraisal")["level"])
APPRAISED = (("district", "下级财政"), ("department", "预算部门"))
ORIGINS = (("computed", "系统取数"), ("manual", "人工评定"))


class Cell(RowSchema):
    """One indicator in one cell of the matrix."""

    area = e.choice("方面", AREAS, required="须归入五个方面之一")
    level = e.choice("层次", LEVELS, required="须归入三个层次之一")
    name = e.text("指标", required="须写明考核指标")
    weight = e.weight("分值", required="各格分值合计 100")
    origin = e.choice("数据来源", ORIGINS, required="系统取数和人工评定要分开")
    score = e.score("得分", required="须逐项评分")
    basis = e.long_text("扣分依据", limit=1000, required_when="得分低于分值", own_words=True)


class WorkAppraisal(FormSchema):
    """The cells of F16."""

    fiscal_year = e.year("考核年度", required="须写明考核年度")
    appraised_kind = e.choice("被考核对象类型", APPRAISED, required="对下级和对部门的去向不同")
    appraised = e.text("被考核对象", required="须写明被考核对象")
    appraiser = e.text("考核单位", required="须写明考核单位")
    cells = e.rows("考核评分", Cell, limit=120, required="须逐项评分")
    total_score = e.score("总分", computed=True)
    notice = e.long_text("通报意见")


def _parties(data: Data, context: FormContext) -> Iterator[FormFinding]:
    if data.get("appraised") and data.get("appraised") == data.get("appraiser"):
        yield wrong("appraiser", "考核单位和被考核对象是同一个单位，请更正。")


def _cells(data: Data, context: FormContext) -> Iterator[FormFinding]:
    scored = data.get(TABLE, [])
    yield from weights_make_hundred(scored, TABLE, "考核指标")
    yield from within_full_marks(scored, TABLE)
    for row in scored:
        lost = points_lost(row.get("weight"), row.get("score"))
        if lost and not row.get("basis"):
            text = f"“{row.get('name', '')}”扣了 {shown(lost)} 分，没有写依据，请补填。"
            yield missing(cell(TABLE, row["id"], "basis"), text, "表单目录 F16")
    filled = {(row.get("area"), row.get("level")) for row in scored}
    empty = [f"{area}·{name}" for area, _ in AREAS for level, name in LEVELS if (area, level) not in filled]
    if scored and empty:
        text = (
            f"还有 {len(empty)} 格没有指标：{'、'.join(empty[:3])}{'等' if len(empty) > 3 else ''}。请补设，或写说明。"
        )
        yield listed({**template("work_appraisal"), "status": "inferred"}, TABLE, text)


def _figures(data: Data, context: FormContext) -> dict[str, Any]:
    return {"total_score": total_of(row.get("score") for row in data.get(TABLE, []))}


def _blank(context: FormContext) -> Data:
    levels = template("work_appraisal")["level"]
    cells = [
        {"id": f"a{number}_{level['id']}", "area": area, "level": level["id"], "name": f"{area}：{level['metric']}"}
        for number, (area, _) in enumerate(AREAS, start=1)
        for level in levels
    ]
    return known(fiscal_year=context.fiscal_year, appraised=context.department_name, cells=cells)


FORM = Form(
    code="F16",
    title="预算绩效管理工作考核表",
    object_kinds=ALL_KINDS,
    schema=WorkAppraisal(),
    rules=(_parties, _cells),
    figures=_figures,
    blank=_blank,
    prefill=_blank,
)
