"""评价计划: the candidates with marks and weights, chosen with reasons, looked over once more, confirmed."""

from typing import Any
from uuid import uuid4

from flask import Blueprint, redirect, render_template, request

from engine.commands.plan_evaluation import PURPOSE, plan_evaluation
from engine.commands.skip_draw import skip_draw
from engine.errors import EngineError, InvalidInput
from engine.queries.launch_work import awaited_of_finance
from engine.queries.selections import preview_frame, samples
from web.pages.asked import address, asked_year
from web.pages.dropping import year_dropped
from web.pages.frames import Member, members_of, total_wan
from web.pages.launches import AT_ONCE
from web.pages.posted import text_of, year_of
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("plans", __name__)


class PlanUnreadable(InvalidInput):
    """Year or list cannot be read, or nothing was chosen."""

    code = "plan.unreadable"


@page.get("/plans")
@requires("see_plans")
def all_plans(visit: Visit) -> Any:
    """The plans of all years, the latest first, and the years that wait for one."""
    year, after = asked_year(), request.args.get("after") or None
    found = samples(visit.session, visit.actor, fiscal_year=year, purpose=PURPOSE, after=after)
    awaited = [each for each in awaited_of_finance(visit.session, visit.actor) if each.stage == PURPOSE]
    return render_template(
        "plans.html", visit=visit, year=year, lines=found.lines, awaited=awaited, after=after,
        first_url=address("/plans", year=year),
        next_url=address("/plans", year=year, after=found.next) if found.next else None,
        drops=[] if found.lines or after
        else year_dropped(lambda: samples(visit.session, visit.actor, purpose=PURPOSE), year, "/plans", "份"),
    )  # fmt: skip


@page.get("/plans/new")
@requires("plan_evaluation")
def begin(visit: Visit) -> Any:
    """The candidates of a year, ticked as the table says."""
    return _form(visit, asked_year())


@page.get("/plans/<int:sample_id>")
@requires("see_plans")
def one(visit: Visit, sample_id: int) -> Any:
    """One plan."""
    return redirect(f"/selections/{sample_id}", 303)


@page.post("/plans")
@requires("plan_evaluation")
def decide(visit: Visit) -> Any:
    """核对 first; with `sure` the plan is made."""
    year = year_of()
    if year is None or request.form.get("go") == "back":
        return _form(visit, year, ticked=True)
    chosen, led = _numbers("chosen"), _numbers("department_led")
    try:
        if not chosen:
            raise PlanUnreadable("没有选中案卷，没有确定计划。请至少勾选一件；今年一件都不评的，用“本年不评”。")
        if request.form.get("sure") != "1":
            return _check(visit, year, chosen, led)
        receipt = plan_evaluation(
            lambda: visit.database.transaction(visit.jurisdiction), year, chosen=chosen,
            department_led=led & chosen, seen_hash=_seen(), reason=text_of("reason").strip() or None, by=visit.actor,
            at=visit.at, most=AT_ONCE, key=text_of("key", 64) or None,
        )  # fmt: skip
    except EngineError as refusal:
        return _form(visit, year, refusal, ticked=True)
    return redirect(f"/selections/{receipt.gave['sample']}", 303)


@page.post("/plans/skips")
@requires("skip_draw")
def skip(visit: Visit) -> Any:
    """本年不评, with a reason."""
    year = year_of()
    try:
        if year is None:
            raise PlanUnreadable("年度没有填好，没有办理。请填四位年度。")
        receipt = skip_draw(
            lambda: visit.database.transaction(visit.jurisdiction), year, PURPOSE, reason=text_of("skip_reason"),
            by=visit.actor, at=visit.at, most=AT_ONCE, key=text_of("key", 64) or None,
        )  # fmt: skip
    except EngineError as refusal:
        return _form(visit, year, refusal)
    return redirect(f"/selections/{receipt.gave['sample']}", 303)


def _form(visit: Visit, year: int | None, refusal: EngineError | None = None, *, ticked: bool = False) -> Any:
    """The candidates; `ticked`: as the form has them, otherwise as the table says."""
    awaited = [each for each in awaited_of_finance(visit.session, visit.actor) if each.stage == PURPOSE]
    if year is None:
        year = next((each.fiscal_year for each in awaited), visit.today.year)
    frame = preview_frame(visit.session, year, PURPOSE, by=visit.actor, at=visit.at)
    members = members_of(frame.members, frame.undefined)
    chosen = _numbers("chosen") if ticked else {each.case_id for each in members if _by_table(each)}
    return render_template(
        "new_plan.html", visit=visit, year=year, members=members, chosen=chosen, led=_numbers("department_led"),
        frame_hash=frame.hash.hex(), total=total_wan(members), awaited=awaited, refusal=refusal, typed=request.form,
        by_table=[each for each in members if _by_table(each)], undefined=[each for each in members if each.undefined],
        key=uuid4().hex,
    ), status_of(refusal) if refusal is not None else 200  # fmt: skip


def _check(visit: Visit, year: int, chosen: set[int], led: set[int]) -> Any:
    """Who would be evaluated, and where that differs from the table."""
    frame = preview_frame(visit.session, year, PURPOSE, by=visit.actor, at=visit.at)
    members = members_of(frame.members, frame.undefined)
    wanted = [each for each in members if each.case_id in chosen]
    return render_template(
        "plan_check.html", visit=visit, year=year, wanted=wanted, led=led & chosen, total=total_wan(wanted),
        rest=[each for each in members if each.case_id not in chosen], frame_hash=text_of("seen", 64),
        added=[each for each in wanted if not _by_table(each)],
        dropped=[each for each in members if _by_table(each) and each.case_id not in chosen],
        reason=text_of("reason"), key=text_of("key", 64) or uuid4().hex,
    )  # fmt: skip


def _by_table(member: Member) -> bool:
    return member.is_candidate and not member.undefined


def _numbers(name: str) -> set[int]:
    told = request.form.getlist(name)
    return {int(each) for each in told if each.isascii() and each.isdigit() and len(each) <= 18}


def _seen() -> bytes | None:
    """The hash of the frame the page showed; refuses one that is none."""
    try:
        return bytes.fromhex(text_of("seen", 64)) or None
    except ValueError as reason:
        raise PlanUnreadable("名单指纹读不出来，没有确定计划。请刷新页面，重新核对名单。") from reason
