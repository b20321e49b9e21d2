"""新建部署: five steps, each a plain form that carries the answers before it; nothing is written before ⑤."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from flask import Blueprint, redirect, render_template, request

from engine.commands.launch_stage import launch_stage
from engine.errors import EngineError, InvalidInput
from engine.queries.launch_days import CaseAhead, foretell_launch
from engine.queries.launch_work import Addressee, awaited_of_finance, launch_audience
from engine.words import CaseKind
from web.pages.asked import asked_word, asked_year
from web.pages.launch_plan import MOST_UNKNOWN, STAGES, WHOSE, Chosen, Plan, chosen_by, one_of_each
from web.pages.launches import AT_ONCE
from web.pages.posted import number_of, text_of
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("new_launch", __name__)

STEPS = {1: "阶段与年度", 2: "单位", 3: "期限", 4: "表单与规则版本", 5: "核对"}
MOST_SHOWN = 200


class PlanIncomplete(InvalidInput):
    """Something of a launch was not chosen yet, or cannot be read."""

    code = "launch.plan_incomplete"


@page.get("/launches/new")
@requires("launch_stage")
def begin(visit: Visit) -> Any:
    """① with what waits for finance; the address may name year and stage."""
    awaited = [each for each in awaited_of_finance(visit.session, visit.actor) if each.stage in STAGES]
    first = awaited[0] if awaited else None
    year = asked_year() or (first.fiscal_year if first else visit.today.year)
    stage = asked_word("stage", STAGES) or (first.stage if first else "")
    return _step(visit, Plan(year, stage), 1)


@page.post("/launches/new")
@requires("launch_stage")
def go_on(visit: Visit) -> Any:
    """The step asked for, or the first before it that is not answered yet, with what it lacks."""
    plan, wanted = Plan.told(), number_of("step") or 1
    wanted = wanted if wanted in STEPS else 1
    audience, chosen = _chosen(visit, plan)
    for step, lacking in _lacking(plan, chosen, audience):
        if step < wanted:
            return _step(visit, plan, step, lacking)
    return _step(visit, plan, wanted)


@page.post("/launches")
@requires("launch_stage")
def launch(visit: Visit) -> Any:
    """部署: so many at once as one request may do; the board goes on with the others."""
    plan = Plan.told()
    audience, chosen = _chosen(visit, plan)
    for step, lacking in _lacking(plan, chosen, audience):
        return _step(visit, plan, step, lacking)
    given = {"due_on": plan.given_due, "reason": plan.reason} if plan.given_due else {}
    try:
        receipt = launch_stage(
            lambda: visit.database.transaction(visit.jurisdiction), plan.year or 0, plan.stage, by=visit.actor,
            at=visit.at, scope=chosen.scope, most=AT_ONCE, key=text_of("key", 64) or None, **given,
        )  # fmt: skip
    except EngineError as refusal:
        return _step(visit, plan, 5, refusal)
    more = "&auto=1" if receipt.gave["left"] else ""
    return redirect(f"/launches/{receipt.gave['launch']}?moved={receipt.gave['moved']}{more}", 303)


def _chosen(visit: Visit, plan: Plan) -> tuple[tuple[Addressee, ...], Chosen]:
    if plan.year is None or not plan.stage:
        return (), chosen_by(plan, ())
    audience = launch_audience(visit.session, visit.actor, plan.year, plan.stage)
    return audience, chosen_by(plan, audience)


def _lacking(plan: Plan, chosen: Chosen, audience: tuple[Addressee, ...]) -> list[tuple[int, EngineError]]:
    """What keeps a plan from going on, by step, the first first."""
    found = [
        (1, "年度或阶段没有选好，没有往下走。请填四位年度，并选择一个阶段。", plan.year is None or not plan.stage),
        (1, f"{plan.year} 年度还没有案卷，没有什么可以部署。请核对年度。", not audience),
        (2, "没有选择对象类型，没有往下走。请至少选一类。", plan.whose == "kinds" and not plan.kinds),
        (2, _unknown_words(chosen), bool(chosen.unknown)),
        (2, "按现在的条件没有一件案卷，没有往下走。请核对单位或名单。", not chosen.meant),
        (3, f"截止日“{plan.due_typed}”读不出来。请写成 2022-10-12 的样子。", plan.due == "given" and not plan.due_on),
        (3, "自行指定截止日要写明理由。请补充，或按期限表计算。", plan.due == "given" and not plan.reason.strip()),
    ]  # fmt: skip
    return [(step, PlanIncomplete(words)) for step, words, lacks in found if lacks]


def _unknown_words(chosen: Chosen) -> str:
    return f"名单里有 {len(chosen.unknown)} 行认不出来，没有往下走。请逐行改正或删去。"


def _step(visit: Visit, plan: Plan, step: int, refusal: EngineError | None = None) -> Any:
    """One step of the five; what the steps before it led to is worked out anew."""
    _, chosen = _chosen(visit, plan)
    ahead: tuple[CaseAhead, ...] = ()
    if step >= 3:
        told = _foretold(visit, plan, chosen)
        if isinstance(told, EngineError):
            refusal, step = refusal or told, 3
            told = _foretold(visit, replace(plan, due="table"), chosen)
        ahead = () if isinstance(told, EngineError) else told
    departments = sorted({case.department for case in (*chosen.meant, *chosen.others) if case.department})
    return render_template(
        "new_launch.html", visit=visit, plan=plan, step=step, steps=STEPS, stages=STAGES, whose=WHOSE,
        kinds=CaseKind.labels(), chosen=chosen, departments=departments, refusal=refusal, most=MOST_SHOWN,
        ahead=[(each, next(case for case in chosen.meant if case.case_id == each.case_id)) for each in ahead],
        unknown=chosen.unknown[:MOST_UNKNOWN], key=request.form.get("key", "")[:64] or uuid4().hex,
        awaited=[each for each in awaited_of_finance(visit.session, visit.actor) if each.stage in STAGES],
    ), status_of(refusal) if refusal is not None else 200  # fmt: skip


def _foretold(visit: Visit, plan: Plan, chosen: Chosen) -> tuple[CaseAhead, ...] | EngineError:
    """What would open, for one case of every kind and version."""
    if plan.year is None or not chosen.moving:
        return ()
    return foretell_launch(
        visit.session, launch_stage, plan.year, plan.stage, [case.case_id for case in one_of_each(chosen.moving)],
        by=visit.actor, at=visit.at, due_on=plan.given_due, given_reason=plan.reason,
    )  # fmt: skip
