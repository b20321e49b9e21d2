"""案卷: the list of cases one may see, and one case with all that is told of it."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, request

from engine.errors import EngineError
from engine.moves.permissions import offices_let_in, permits
from engine.queries.attachments import attachments
from engine.queries.case_amounts import case_amounts
from engine.queries.case_card import CaseCard, case_card
from engine.queries.case_list import BETWEEN_STAGES, BEYOND_THE_SCALE, CaseFilters, case_list
from engine.queries.case_timeline import case_timeline
from engine.queries.case_walk import NotWalked, Walk, case_walk
from engine.queries.extensions import extensions
from engine.queries.following import follows
from engine.queries.grade_reasons import Node, why_this_grade
from engine.queries.grade_scales import grade_borders, grade_scales, grades_given, is_near
from engine.queries.handed_in import can_be_withdrawn
from engine.queries.letters import LetterFilters, letters
from engine.queries.process_versions import NoSuchProcess
from engine.queries.publications import disclosures
from engine.queries.reminders import reminders_of
from engine.queries.taken_steps import taken_steps
from engine.queries.version_card import version_walked
from engine.results.statistics import KINDS_OF_UNITS
from engine.words import CaseKind, CaseState, LineKind, ProjectNature, Role, Stage
from web.pages.asked import address, asked_text, asked_word, asked_year
from web.pages.case_commands import ORDERS, offered
from web.pages.dropping import Drop, drops_of
from web.pages.reminders import can_be_reminded
from web.pages.stories import story
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("cases", __name__)

TABS = {
    "overview": "概况",
    "timeline": "经过",
    "documents": "文书",
    "scores": "得分",
    "deadlines": "期限",
    "diagram": "流程",
}
UNIT_KINDS = {kind: kind for kind in KINDS_OF_UNITS}
NATURES = ProjectNature.labels()
BETWEEN, OUTSIDE = "between", "不在阶段中"
BEYOND, UNGRADED = "none", "等级表没有写的"
OWN_MONITORING = frozenset({Role.UNIT_CLERK, Role.UNIT_HEAD, Role.DEPARTMENT})
"""Offices that come to 运行监控 from their cases."""
LATES = {"1": "逾期", "units": "单位逾期", "0": "没有逾期"}
_LATE = {"1": True, "units": True, "0": False}
"""How an address asks for late cases: any, those in which a unit is late, none."""
SAID = {noun: order.done for noun, order in ORDERS.items()} | {
    "new": "案卷已建立",
    "extended": "期限已延长",
    "retry": "异常已处理",
}


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


@page.get("/cases/<int:case_id>")
@requires("see_cases")
def one_case(visit: Visit, case_id: int) -> Any:
    """One case, a tab at a time."""
    return case_page(visit, case_id)


def case_page(visit: Visit, case_id: int, refusal: EngineError | None = None) -> Any:
    """The page of a case; `refusal` is why what was pressed on it was not done."""
    card = case_card(visit.session, visit.actor, case_id)
    tab = request.args.get("tab", "overview")
    tab = tab if tab in TABS else "overview"
    happened = case_timeline(visit.session, visit.actor, case_id) if tab == "timeline" else []
    lines = asked_word("lines", LineKind.labels())
    walk = _walk(visit, case_id) if tab == "diagram" else None
    return render_template(
        "case.html", visit=visit, card=card, tab=tab, tabs=TABS, line_kinds=LineKind.labels(),
        lines=lines, acts=story(happened, LineKind(lines) if lines else None), can_be_reminded=can_be_reminded,
        reminded=reminders_of(visit.session, visit.actor, [task.task_id for task in card.tasks]),
        amounts=case_amounts(visit.session, visit.actor, case_id) if tab == "overview" else (),
        walk=walk, versions_url=_versions_url(visit, case_id, walk) if walk else None,
        reasons=_reasons(visit, card) if tab == "scores" else [],
        takeable=can_be_withdrawn(visit.session, visit.actor, case_id) if permits("withdraw", visit.actor) else (),
        asked_days=extensions(visit.session, visit.actor, case_id=case_id).lines if tab == "deadlines" else (),
        may_ask={task.task_id for task in card.tasks if task.unit_id == visit.actor.unit_id}
        if permits("request_extension", visit.actor)
        else set(),
        taken=taken_steps(visit.session, visit.actor, case_id=case_id),
        scale=grade_scales(visit.session, visit.actor, [case_id]).get(case_id) if card.scores else None,
        is_near=partial(is_near, borders=grade_borders(visit.session, visit.actor) if card.scores else ()),
        withdrawn=request.args.get("withdrawn") == "1",
        **(_documents(visit, case_id) if tab == "documents" else {}),
        orders=offered(visit, card),
        said=SAID.get(request.args.get("said", "")), may_extend=permits("extend_deadline", visit.actor),
        may_retry=permits("retry_incident", visit.actor), may_follow=permits("follow_case", visit.actor),
        follows=follows(visit.session, visit.actor, case_id), refusal=refusal,
    ), status_of(refusal) if refusal is not None else 200  # fmt: skip


def _documents(visit: Visit, case_id: int) -> dict[str, Any]:
    """What lies beside the papers: files, letters for whoever may open them, and what was made public."""
    sees_letters = not visit.actor.roles.isdisjoint(offices_let_in("see_letters"))
    return {
        "files": attachments(visit.session, visit.actor, case_id).lines,
        "letters": letters(visit.session, visit.actor, filters=LetterFilters(case_id=case_id)).lines
        if sees_letters
        else (),
        "disclosed": disclosures(visit.session, visit.actor, case_id=case_id).lines,
    }


def _walk(visit: Visit, case_id: int) -> Walk | None:
    """The way through the diagram that was asked for; None where the case has not set out yet."""
    try:
        return case_walk(visit.session, visit.actor, case_id, request.args.get("process") or None)
    except NotWalked:
        return None


def _versions_url(visit: Visit, case_id: int, walk: Walk) -> str | None:
    """Where the versions of this diagram are told, from the one the case is on; for those who may read
    them; None where the diagrams in force have none of that name."""
    if not visit.actor.roles & offices_let_in("see_processes"):
        return None
    try:
        number = version_walked(visit.session, visit.actor, case_id, walk.process)
    except NoSuchProcess:
        return None
    return address(f"/processes/{walk.process}/versions/{number}", tab="versions")


def _reasons(visit: Visit, card: CaseCard) -> list[Node]:
    """为什么是这个等级 of every score there is."""
    return [why_this_grade(visit.session, visit.actor, card.case_id, kind) for kind in card.scores]


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
