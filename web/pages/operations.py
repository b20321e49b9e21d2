"""运行状况, 异常, 期限队列: what the operator looks at, and what can be tried again."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from engine.commands.retry_incident import retry_incident
from engine.errors import EngineError
from engine.moves.attempts import AGAIN
from engine.moves.lookahead import targets_near
from engine.moves.permissions import permits
from engine.queries.ahead import ahead
from engine.queries.clockwork import clockwork
from engine.queries.cursor import Page
from engine.queries.deadline_board import deadline_board
from engine.queries.incidents import IncidentLine, incidents
from engine.queries.operations import standing
from engine.words import AutomaticStep, Consequence, IncidentState
from web.pages.asked import address
from web.pages.each_result import Done, Result, worst_first
from web.pages.scans import scanning
from web.visits import Visit, requires
from web.visits.refusals import status_of
from web.visits.site import site

page = Blueprint("operations", __name__)
MOST_AT_ONCE = 100
MOST_TOLD = 20
"""So many policies and results of those that are near are named on the page."""
INCIDENTS = "/operations/incidents"


@page.get("/operations")
@requires("see_operations")
def counts(visit: Visit) -> Any:
    """运行状况: the counts, and where to look further."""
    return render_template(
        "operations.html",
        visit=visit,
        stands=standing(visit.session, visit.actor, at=visit.at),
        is_demo=site().demo is not None,
        jobs=clockwork(visit.session, visit.actor, at=visit.at),
        scanning=scanning(visit),
        near=ahead(visit.session, visit.actor, on=visit.today),
        targets=targets_near(visit.session, visit.jurisdiction, visit.today),
        most_told=MOST_TOLD,
    )


@page.get(INCIDENTS)
@requires("see_operations")
def faults(visit: Visit) -> Any:
    """Fifty faults, the latest first: those that stand, or all there were."""
    return _faults(visit)


@page.post("/operations/incidents/<int:incident_id>/retry")
@requires("retry_incident")
def again(visit: Visit, incident_id: int) -> Any:
    """重试 one; a fault that stays is told on the list."""
    try:
        retry_incident(visit.database, visit.jurisdiction, incident_id, by=visit.actor, at=visit.at)
    except EngineError as refusal:
        return _faults(visit, refusal)
    return redirect(f"{INCIDENTS}?said=resolved", 303)


@page.post("/operations/incident-batches")
@requires("retry_incident")
def several(visit: Visit) -> Any:
    """批量重试: exactly the numbers that were ticked, each in a transaction of its own; gives what became of each."""
    chosen = dict.fromkeys(int(told) for told in request.form.getlist("incident")[:MOST_AT_ONCE] if _is_number(told))
    known = incidents(visit.session, visit.actor, open_only=False, among=tuple(chosen), limit=MOST_AT_ONCE).lines
    names = {line.id: f"{line.case_name}（{line.step or AutomaticStep.said(line.command)}）" for line in known}
    tried = worst_first(_tried(visit, number, names) for number in chosen)
    return render_template("incident_batch.html", visit=visit, tried=tried)


@page.get("/operations/deadlines")
@requires("see_operations")
def queue(visit: Visit) -> Any:
    """期限队列: the next fifty, those past their time first."""
    after = request.args.get("after") or None
    found = deadline_board(visit.session, visit.actor, at=visit.at, after=after)
    return render_template(
        "deadline_queue.html", visit=visit, lines=found.lines, may_stand_in=permits("stand_in", visit.actor),
        consequences=Consequence.labels(), after=after,
        stands=standing(visit.session, visit.actor, at=visit.at), first_url="/operations/deadlines",
        next_url=address("/operations/deadlines", after=found.next) if found.next else None,
    )  # fmt: skip


def _faults(visit: Visit, refusal: EngineError | None = None) -> Any:
    everything, after = request.args.get("all") == "1", request.args.get("after") or None
    found: Page[IncidentLine] = incidents(visit.session, visit.actor, open_only=not everything, after=after)
    repeatable = [line.id for line in found.lines if line.state == IncidentState.OPEN and line.command in AGAIN]
    told = "1" if everything else None
    return render_template(
        "incidents.html", visit=visit, lines=found.lines, everything=everything, after=after, refusal=refusal,
        may_stand_in=permits("stand_in", visit.actor), may_correct=permits("correct_state", visit.actor),
        repeatable=repeatable, steps=AutomaticStep.labels(), states=IncidentState.labels(),
        stands=standing(visit.session, visit.actor, at=visit.at), said=request.args.get("said", ""),
        first_url=address(INCIDENTS, all=told),
        next_url=address(INCIDENTS, all=told, after=found.next) if found.next else None,
    ), 200 if refusal is None else status_of(refusal)  # fmt: skip


def _tried(visit: Visit, number: int, names: dict[int, str]) -> Done:
    if number not in names:
        return Done("（看不到的异常）", f"编号 {number}", Result.SKIPPED, "没有这个异常，或者它不属于本地区。")
    try:
        retry_incident(visit.database, visit.jurisdiction, number, by=visit.actor, at=visit.at)
    except EngineError as refusal:
        skipped = refusal.code in ("incident.not_open", "incident.not_repeatable")
        return Done(names[number], f"编号 {number}", Result.SKIPPED if skipped else Result.FAILED, refusal.message)
    return Done(names[number], f"编号 {number}", Result.DONE, "")


def _is_number(told: str) -> bool:
    return told.isascii() and told.isdigit() and len(told) <= 18
