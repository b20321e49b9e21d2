"""工作部署: which stages were opened for whom; the board of one: how far its cases are, whom to remind, what failed."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from flask import Blueprint, redirect, render_template, request

from engine.commands.continue_launch import continue_launch
from engine.commands.retry_incident import retry_incident
from engine.errors import EngineError
from engine.moves.launching import KIND
from engine.moves.permissions import permits
from engine.portions import Standing, work_of
from engine.queries.launch_work import awaited_of_finance, launch_faults, launched_cases
from engine.queries.launches import LaunchLine, launch_progress, launches
from engine.queries.reminders import reminders_of
from engine.words import CaseKind
from web.pages.asked import address, asked_number, asked_word, asked_year
from web.pages.dropping import year_dropped
from web.pages.launch_plan import STAGES
from web.pages.portions import Portion, halt, is_driven, is_halted, standing
from web.pages.posted import number_of
from web.pages.reminders import can_be_reminded
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("launches", __name__)

AT_ONCE = 500
"""So many cases move within one request, which is one transaction; with more the board goes on, or its button does."""
MOST_TO_COPY = 5
PLACES = {
    "failed": "失败",
    "waiting": "等待部署",
    "ahead": "未到本阶段",
    "unclaimed": "未签收",
    "filling": "填报",
    "reviewing": "审核",
    "passed": "通过",
    "stopped": "暂停或取消",
}
BAR = ("passed", "reviewing", "filling", "unclaimed", "waiting", "failed", "ahead", "stopped")


@page.get("/launches")
@requires("see_launches")
def all_launches(visit: Visit) -> Any:
    """The launches, the latest first, and what still waits for one."""
    year, after = asked_year(), request.args.get("after") or None
    found = launches(visit.session, visit.actor, fiscal_year=year, after=after)
    awaited = [each for each in awaited_of_finance(visit.session, visit.actor) if each.stage in STAGES]
    return render_template(
        "launches.html", visit=visit, lines=[(line, scope_words(line)) for line in found.lines], year=year,
        awaited=awaited, after=after, stages=STAGES,
        former=former_launches(visit, year) if year and not found.lines else (),
        first_url=address("/launches", year=year),
        next_url=address("/launches", year=year, after=found.next) if found.next else None,
        drops=[] if found.lines or after
        else year_dropped(lambda: launches(visit.session, visit.actor), year, "/launches", "次"),
    )  # fmt: skip


@page.get("/launches/<int:launch_id>")
@requires("see_launches")
def board(visit: Visit, launch_id: int) -> Any:
    """One launch as it stands now."""
    return _board(visit, launch_id)


@page.post("/launches/<int:launch_id>/portions")
@requires("continue_launch")
def go_on(visit: Visit, launch_id: int) -> Any:
    """续办部署: the next portion of those that still wait."""
    if is_halted(visit, work_of(visit.session, KIND, launch_id)):
        return redirect(f"/launches/{launch_id}", 303)
    portion = Portion()
    try:
        receipt = continue_launch(
            lambda: visit.database.transaction(visit.jurisdiction), launch_id, by=visit.actor, at=visit.at, most=AT_ONCE
        )  # fmt: skip
    except EngineError as refusal:
        return _board(visit, launch_id, refusal)
    return after_portion(visit, launch_id, receipt.gave, portion)


@page.post("/launches/<int:launch_id>/stop")
@requires("continue_launch")
def stop(visit: Visit, launch_id: int) -> Any:
    """停止: whoever moved has moved, the others go on waiting."""
    halt(visit, work_of(visit.session, KIND, launch_id))
    return redirect(f"/launches/{launch_id}", 303)


def after_portion(visit: Visit, launch_id: int, gave: Mapping[str, Any], portion: Portion) -> Any:
    """Note a portion of a launch and lead to its board, which sends for the next while any are left."""
    moved, left = gave["moved"], gave["left"]
    failed = launch_progress(visit.session, visit.actor, launch_id).failed if left else 0
    portion.note(visit, KIND, launch_id, moved=moved, left=left, failed=failed)
    return redirect(f"/launches/{launch_id}?moved={moved}{'&auto=1' if left else ''}", 303)


@page.post("/launches/<int:launch_id>/retries")
@requires("retry_incident")
def retry(visit: Visit, launch_id: int) -> Any:
    """重试 of one case that could not be moved."""
    try:
        retry_incident(visit.database, visit.jurisdiction, number_of("incident") or 0, by=visit.actor, at=visit.at)
    except EngineError as refusal:
        visit.session.expire_all()
        return _board(visit, launch_id, refusal)
    return redirect(f"/launches/{launch_id}?said=retried", 303)


def former_launches(visit: Visit, year: int) -> list[tuple[LaunchLine, int]]:
    """The latest launches of the year before with their cases: what can be copied."""
    found = launches(visit.session, visit.actor, fiscal_year=year - 1, limit=20).lines
    known = [line for line in found if line.stage in STAGES][:MOST_TO_COPY]
    return [(line, launch_progress(visit.session, visit.actor, line.id).total) for line in known]


def scope_words(line: LaunchLine) -> str:
    """Whom a launch is for, in words."""
    kinds, cases = line.scope.get("object_kinds"), line.scope.get("case_ids")
    if cases is not None:
        return f"指定的 {len(cases)} 件案卷"
    return "、".join(CaseKind.said(kind) for kind in kinds) if kinds else "全部单位"


def _board(visit: Visit, launch_id: int, refusal: EngineError | None = None) -> Any:
    session, actor = visit.session, visit.actor
    progress, work = launch_progress(session, actor, launch_id), standing(visit, KIND, launch_id)
    place, after = asked_word("place", PLACES), request.args.get("after") or None
    found = launched_cases(session, actor, launch_id, place=place, after=after)
    reminded = reminders_of(session, actor, [line.task_id for line in found.lines if line.task_id])
    here = f"/launches/{launch_id}"
    return render_template(
        "launch.html", visit=visit, line=progress.line, scope=scope_words(progress.line), progress=progress,
        bar=_bar(progress), place=place, places=PLACES, lines=found.lines, reminded=reminded, after=after,
        faults=launch_faults(session, actor, launch_id) if progress.failed else (), refusal=refusal, at_once=AT_ONCE,
        moved=_moved(work), work=None if work is None or work.is_over else work, driven=is_driven(),
        said=request.args.get("said", ""),
        can_be_reminded=can_be_reminded, may_retry=permits("retry_incident", actor), key=uuid4().hex, here=here,
        first_url=address(here, place=place),
        next_url=address(here, place=place, after=found.next) if found.next else None,
    ), status_of(refusal) if refusal is not None else 200  # fmt: skip


def _moved(work: Standing | None) -> int | None:
    """How many are to be called moved now: those of the request before this one, or of all portions at their end."""
    moved = asked_number("moved", 6)
    if work is None or moved is None:
        return moved
    return work.done - work.failed if work.is_over else None


def _bar(progress: Any) -> list[tuple[str, str, int, float, float]]:
    """The parts of the bar: word, label, cases, where it begins and how long it is (percent)."""
    parts, begins = [], 0.0
    for place in BAR:
        cases = getattr(progress, place)
        long = 100 * cases / progress.total if progress.total else 0.0
        if cases:
            parts.append((place, PLACES[place], cases, round(begins, 3), round(long, 3)))
        begins += long
    return parts
