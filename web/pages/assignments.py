"""第三方: an agency's projects and appraisals; for finance every engagement, its acceptance and what is paid for it."""

from typing import Any

from flask import Blueprint, render_template, request

from engine.directory import Actor
from engine.findings import FormFinding
from engine.moves.permissions import permits
from engine.queries.agency_work import IN_ORDER, AgencyStep, Progress, progress_of
from engine.queries.appraisals import agency_record
from engine.queries.assignments import AssignmentFilters, agencies, assignments, one_assignment
from engine.queries.case_card import case_card
from engine.queries.grade_scales import grade_scales
from engine.queries.task_card import task_card
from engine.words import Role, Stage
from web.pages.asked import address, asked_number, asked_year
from web.pages.dropping import Drop, drops_of
from web.pages.hearings import heard_on
from web.visits import Visit, requires

page = Blueprint("assignments", __name__)
REPORT, APPRAISAL = "F09", "F13"


@page.get("/assignments")
@requires("see_assignments")
def all_assignments(visit: Visit) -> Any:
    """Fifty engagements, the latest first; an agency's own projects with their phases."""
    return _list(visit)


@page.get("/assignments/<int:number>")
@requires("see_assignments")
def one(visit: Visit, number: int) -> Any:
    """One engagement: its phase, what is to be done, what was handed in and what the checks say before 定稿."""
    line = one_assignment(visit.session, visit.actor, number)
    progress = progress_of(visit.session, visit.actor, [line.case_id])[line.case_id]
    card = case_card(visit.session, visit.actor, line.case_id)
    step = step_of(visit.actor, progress)
    report = max((paper for paper in card.papers if paper.form == REPORT), key=lambda each: each.version, default=None)
    return render_template(
        "assignment.html", visit=visit, line=line, progress=progress, phases=IN_ORDER, step=step, card=card,
        papers=[paper for paper in card.papers if paper.form in (REPORT, APPRAISAL)],
        heard=heard_on(visit, report.submission_id) if report else (), findings=_findings(visit, step),
        own=_is_agency(visit.actor),
        scale=grade_scales(visit.session, visit.actor, [card.case_id]).get(card.case_id),
        may_engage=permits("engage_agency", visit.actor) and card.state == "active",
    )  # fmt: skip


@page.get("/appraisals")
@requires("see_assignments")
def mine(visit: Visit) -> Any:
    """我的考核 of the agency one works for; finance chooses an agency on the list."""
    return _list(visit) if not _is_agency(visit.actor) else _record(visit, visit.actor.unit_id)


@page.get("/agencies/<int:agency_id>/appraisals")
@requires("see_assignments")
def record(visit: Visit, agency_id: int) -> Any:
    """One agency's appraisals; an agency sees nobody else's."""
    return _record(visit, agency_id)


def step_of(actor: Actor, progress: Progress | None) -> AgencyStep | None:
    """The first open step that lies with this actor's office."""
    steps = progress.steps if progress is not None else ()
    return next((step for step in steps if step.role in actor.roles and step.unit_id == actor.unit_id), None)


def _list(visit: Visit) -> Any:
    filters = AssignmentFilters(
        agency_id=asked_number("agency"), fiscal_year=asked_year(), running=request.args.get("running") == "1"
    )
    after = request.args.get("after") or None
    found = assignments(visit.session, visit.actor, filters=filters, after=after)
    return render_template(
        "assignments.html", visit=visit, lines=found.lines, filters=filters, after=after, phases=IN_ORDER,
        agencies=agencies(visit.session, visit.actor), own=_is_agency(visit.actor),
        progress=progress_of(visit.session, visit.actor, {line.case_id for line in found.lines}),
        mine=lambda progress: step_of(visit.actor, progress), filtered=filters != AssignmentFilters(),
        may_engage=permits("engage_agency", visit.actor), in_evaluation=Stage.KEY_EVALUATION.value,
        drops=[] if found.lines or after else _drops(visit, filters),
        scales=grade_scales(visit.session, visit.actor, [line.case_id for line in found.lines if line.grade]),
        first_url=_address(filters), next_url=_address(filters, found.next) if found.next else None,
    )  # fmt: skip


def _record(visit: Visit, agency_id: int) -> Any:
    found = agency_record(visit.session, visit.actor, agency_id)
    return render_template("appraisals.html", visit=visit, record=found, own=_is_agency(visit.actor))


def _findings(visit: Visit, step: AgencyStep | None) -> tuple[FormFinding, ...] | None:
    """定稿前检查: what the checks of the report say now; None where no report is being written by this actor."""
    if step is None or step.process != Stage.KEY_EVALUATION.value:
        return None
    paper = task_card(visit.session, visit.actor, step.task_id, at=visit.at).to_fill
    return tuple(paper.findings) if paper is not None else None


def _is_agency(actor: Actor) -> bool:
    return Role.AGENCY in actor.roles


def _drops(visit: Visit, filters: AssignmentFilters) -> list[Drop]:
    """The filters an empty list could do without."""
    known = {each.agency_id: each.agency for each in agencies(visit.session, visit.actor)}
    said = {
        "agency_id": f"机构：{known.get(filters.agency_id or 0, '不在名录')}",
        "fiscal_year": f"年度：{filters.fiscal_year}", "running": "只看在评",
    }  # fmt: skip
    return drops_of(
        lambda other: assignments(visit.session, visit.actor, filters=other),
        filters,
        AssignmentFilters(),
        said,
        _address,
    )


def _address(filters: AssignmentFilters, after: str | None = None) -> str:
    return address(
        "/assignments", agency=filters.agency_id, year=filters.fiscal_year, running="1" if filters.running else None,
        after=after,
    )  # fmt: skip
