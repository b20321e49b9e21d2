"""案卷清单: the cases one may see, and what narrows the list."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request

from engine.moves.permissions import permits
from engine.queries.case_list import BETWEEN_STAGES, BEYOND_THE_SCALE, CaseFilters, case_list
from engine.queries.grade_scales import grade_scales, grades_given
from engine.results.statistics import KINDS_OF_UNITS
from engine.words import CaseKind, CaseState, ProjectNature, Role, Stage
from web.pages.asked import address, asked_text, asked_word, asked_year
from web.pages.dropping import Drop, drops_of
from web.visits import Visit, requires

page = Blueprint("cases", __name__)

UNIT_KINDS = {kind: kind for kind in KINDS_OF_UNITS}
NATURES = ProjectNature.labels()
BETWEEN, OUTSIDE = "between", "不在阶段中"
BEYOND, UNGRADED = "none", "等级表没有写的"
OWN_MONITORING = frozenset({Role.UNIT_CLERK, Role.UNIT_HEAD, Role.DEPARTMENT})
"""Offices that come to 运行监控 from their cases."""
LATES = {"1": "逾期", "units": "单位逾期", "0": "没有逾期"}
_LATE = {"1": True, "units": True, "0": False}
"""How an address asks for late cases: any, those in which a unit is late, none."""


@page.get("/cases")
@requires("see_cases")
def all_cases(visit: Visit) -> Any:
    """Fifty cases, the latest year first."""
    grades = _grades(visit)
    filters, after = _filters(grades), request.args.get("after") or None
    found = case_list(visit.session, visit.actor, on=visit.today, filters=filters, after=after)
    return render_template(
        "cases.html", visit=visit, lines=found.lines, filters=filters,
        stages=Stage.labels() | {BETWEEN: OUTSIDE}, stage=_stage_word(filters), kinds=CaseKind.labels(),
        states=CaseState.labels(), grades=grades, grade=_grade_word(filters), after=after,
        lates=LATES, late=_late_word(filters), unit_kinds=UNIT_KINDS, natures=NATURES,
        filtered=filters != CaseFilters(),
        drops=[] if found.lines or after else _drops(visit, filters),
        next_url=_address(filters, found.next) if found.next else None, first_url=_address(filters, None),
        may_begin=permits("start_case", visit.actor), may_extend=permits("extend_all", visit.actor),
        scales=grade_scales(visit.session, visit.actor, [line.case_id for line in found.lines if line.grade]),
        own_monitoring=bool(visit.actor.roles & OWN_MONITORING),
    )  # fmt: skip


@page.get("/search")
@requires("see_cases")
def search(visit: Visit) -> Any:
    """What is looked for from every page: among the cases one may see."""
    return redirect(address("/cases", q=asked_text()), 303)


def _grades(visit: Visit) -> dict[str, str]:
    """The grades one can ask for: those of the jurisdiction's own scale, and what it does not name."""
    return {grade: grade for grade in grades_given(visit.session, visit.actor)} | {BEYOND: UNGRADED}


def _filters(grades: Mapping[str, str]) -> CaseFilters:
    late = request.args.get("overdue", "")
    return CaseFilters(
        fiscal_year=asked_year(),
        object_kind=asked_word("kind", CaseKind.labels()),
        stage=BETWEEN_STAGES if request.args.get("stage") == BETWEEN else asked_word("stage", Stage.labels()),
        state=asked_word("state", CaseState.labels()),
        grade=BEYOND_THE_SCALE if request.args.get("grade") == BEYOND else asked_word("grade", grades),
        overdue=_LATE.get(late),
        with_units=late == "units",
        near_border=request.args.get("near") == "1",
        followed=request.args.get("followed") == "1",
        unit_kind=asked_word("units", UNIT_KINDS),
        nature=asked_word("nature", NATURES),
        text=asked_text(),
    )


def _late_word(filters: CaseFilters) -> str | None:
    """What is asked of the days, as an address names it."""
    if filters.overdue is None:
        return None
    return "units" if filters.with_units else "1" if filters.overdue else "0"


def _drops(visit: Visit, filters: CaseFilters) -> list[Drop]:
    """The filters an empty list could do without."""
    said = {
        "fiscal_year": f"年度：{filters.fiscal_year}",
        "object_kind": f"对象：{CaseKind.labels().get(filters.object_kind or '')}",
        "stage": f"阶段：{OUTSIDE if filters.stage == BETWEEN_STAGES else Stage.labels().get(filters.stage or '')}",
        "state": f"状态：{CaseState.labels().get(filters.state or '')}",
        "overdue": f"期限：{LATES.get(_late_word(filters) or '')}",
        "with_units": "期限：只看单位的逾期",
        "grade": f"等级：{filters.grade or UNGRADED}",
        "near_border": "得分：压线",
        "followed": "范围：我关注的",
        "unit_kind": f"部门类别：{filters.unit_kind}",
        "nature": f"项目性质：{NATURES.get(filters.nature or '')}",
        "text": f"关键字：{filters.text}",
    }

    return drops_of(
        lambda other: case_list(visit.session, visit.actor, on=visit.today, filters=other),
        filters, CaseFilters(), said, lambda other: _address(other, None),
    )  # fmt: skip


def _stage_word(filters: CaseFilters) -> str | None:
    """The stage as an address names it."""
    return BETWEEN if filters.stage == BETWEEN_STAGES else filters.stage


def _grade_word(filters: CaseFilters) -> str | None:
    """The grade as an address names it."""
    return BEYOND if filters.grade == BEYOND_THE_SCALE else filters.grade


def _address(filters: CaseFilters, after: str | None) -> str:
    return address(
        "/cases", year=filters.fiscal_year, kind=filters.object_kind, stage=_stage_word(filters),
        state=filters.state, grade=_grade_word(filters),
        overdue=_late_word(filters),
        near="1" if filters.near_border else None, followed="1" if filters.followed else None,
        units=filters.unit_kind, nature=filters.nature, q=filters.text, after=after,
    )  # fmt: skip
