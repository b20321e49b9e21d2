"""新建部署: five steps, each a plain form that carries the answers before it; nothing is written before ⑤."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, render_template, request

from engine.commands.launch_stage import launch_stage
from engine.errors import EngineError, InvalidInput, NotFound
from engine.queries.launch_copy import LaunchCopy, launch_copy
from engine.queries.launch_days import CaseAhead, foretell_launch
from engine.queries.launch_warnings import launch_warnings
from engine.queries.launch_work import Addressee, awaited_of_finance, launch_audience
from engine.queries.launches import LaunchLine, former_launch, launch_line
from engine.words import CaseKind
from web.pages.asked import asked_number, asked_word, asked_year
from web.pages.launch_list import BOUNDS, HEADER, LONGEST_LIST, TOO_LONG, Listed, list_in, without_unknown
from web.pages.launch_plan import STAGES, WHOSE, WHY_NOT, Chosen, Plan, chosen_by, one_of_each
from web.pages.launches import AT_ONCE, after_portion, former_launches, scope_words
from web.pages.portions import Portion
from web.pages.posted import number_of, text_of
from web.visits import Visit, requires
from web.visits.refusals import status_of
from web.workbook_answers import Sheet, workbook_answer

page = Blueprint("new_launch", __name__)

STEPS = {1: "阶段与年度", 2: "单位", 3: "期限", 4: "表单与规则版本", 5: "核对"}
MOST_SHOWN = 200
_WIDTHS = {"单位名称": 36, "案卷编号": 24, "项目名称": 48, "名单上写的": 48, "说明": 60, "行": 8}


class PlanIncomplete(InvalidInput):
    """Something of a launch was not chosen yet, or cannot be read."""

    code = "launch.plan_incomplete"


@page.get("/launches/new")
@requires("launch_stage")
def begin(visit: Visit) -> Any:
    """① with what waits for finance; the address may name year and stage, or an earlier launch to copy."""
    copied, told = asked_number("copy", 18), asked_year()
    if copied:
        line = launch_line(visit.session, visit.actor, copied)
        year = told or line.fiscal_year + 1
        return _step(visit, Plan.copying(launch_copy(visit.session, visit.actor, copied, year)), 1)
    awaited = [each for each in awaited_of_finance(visit.session, visit.actor) if each.stage in STAGES]
    first = awaited[0] if awaited else None
    year = told or (first.fiscal_year if first else visit.today.year)
    stage = asked_word("stage", STAGES) or (first.stage if first else "")
    return _step(visit, Plan(year, stage), 1)


@page.post("/launches/new")
@requires("launch_stage")
def go_on(visit: Visit) -> Any:
    """The step asked for, or the first before it that is not answered yet, with what it lacks."""
    plan, wanted = Plan.told(), number_of("step") or 1
    wanted = wanted if wanted in STEPS else 1
    try:
        sent = _sent_list()
    except EngineError as refusal:
        return _step(visit, plan, 2, refusal)
    if sent is not None:
        plan, wanted = replace(plan, whose="list", names=sent), 2
    audience, chosen = _chosen(visit, plan)
    if text_of("drop") == "1":
        plan, wanted = replace(plan, names=without_unknown(plan.names, chosen.lines)), 2
        audience, chosen = _chosen(visit, plan)
    for step, lacking in _lacking(plan, chosen, audience):
        if step < wanted:
            return _step(visit, plan, step, lacking)
    return _step(visit, plan, wanted)


@page.get("/launches/list.xlsx")
@requires("launch_stage")
def list_of_the_year(visit: Visit) -> Response:
    """A list to begin with: every case of the year, or only the header; whoever is not meant is deleted there."""
    year, stage = asked_year(), asked_word("stage", STAGES)
    found = launch_audience(visit.session, visit.actor, year, stage) if year and stage else ()
    rows = [(case.unit, case.code, case.name) for case in found]
    name = f"{year}年度案卷名单.xlsx" if rows else "部署名单模板.xlsx"
    return workbook_answer(name, [Sheet("名单", HEADER, rows, widths=_WIDTHS)])


@page.post("/launches/list.xlsx")
@requires("launch_stage")
def checked_list(visit: Visit) -> Response:
    """The list as it was checked, every line with what it means or why not."""
    plan = Plan.told()
    _, chosen = _chosen(visit, plan)
    rows = [(line.number, line.text, *said_of(line)) for line in chosen.lines]
    return workbook_answer(
        "部署名单-核对.xlsx", [Sheet("核对", ("行", "名单上写的", "核对", "说明"), rows, widths=_WIDTHS)]
    )


@page.post("/launches")
@requires("launch_stage")
def launch(visit: Visit) -> Any:
    """部署: so many at once as one request may do; the board goes on with the others."""
    plan = Plan.told()
    audience, chosen = _chosen(visit, plan)
    for step, lacking in _lacking(plan, chosen, audience):
        return _step(visit, plan, step, lacking)
    given = {"due_on": plan.given_due, "reason": plan.reason} if plan.given_due else {}
    portion = Portion()
    try:
        receipt = launch_stage(
            lambda: visit.database.transaction(visit.jurisdiction), plan.year or 0, plan.stage, by=visit.actor,
            at=visit.at, scope=chosen.scope, missing=text_of("missing") == "1", most=AT_ONCE,
            key=text_of("key", 64) or None, **given,
        )  # fmt: skip
    except EngineError as refusal:
        return _step(visit, plan, 5, refusal)
    return after_portion(visit, receipt.gave["launch"], receipt.gave, portion)


def said_of(line: Listed) -> tuple[str, str]:
    """Whether a line is fine, is to be looked at or means nothing, and what is to be said of it."""
    if line.is_unknown:
        return "✕ 错误", line.problem
    if line.problem:
        return "! 需核对", line.problem
    staying = [case for case in line.cases if case.place in WHY_NOT]
    why = "；".join(f"{case.code} {WHY_NOT[case.place]}" for case in staying[:5])
    more = f"；另有 {len(staying) - 5} 件也不部署" if len(staying) > 5 else ""
    if len(staying) == len(line.cases):
        return "! 需核对", f"{why}{more}，不会部署。"
    count = f"{len(line.cases) - len(staying)} 件"
    return "✓ 可部署", f"{count}；其中不部署：{why}{more}" if staying else count


def _sent_list() -> str | None:
    """The list in the file the form came with; None without one."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return None
    return list_in(sent.filename, sent.stream.read(BOUNDS.size_bytes + 1))


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
        (2, TOO_LONG, plan.whose == "list" and len(plan.names) > LONGEST_LIST),
        (2, "名单是空的，没有往下走。请上传或粘贴名单。", plan.whose == "list" and not chosen.lines),
        (2, _unknown_words(chosen), bool(chosen.unknown)),
        (2, "按现在的条件没有一件案卷，没有往下走。请核对单位或名单。", not chosen.meant),
        (3, f"截止日“{plan.due_typed}”读不出来。请写成 2022-10-12 的样子。", plan.due == "given" and not plan.due_on),
        (3, "自行指定截止日要写明理由。请补充，或按期限表计算。", plan.due == "given" and not plan.reason.strip()),
    ]  # fmt: skip
    return [(step, PlanIncomplete(words)) for step, words, lacks in found if lacks]


def _unknown_words(chosen: Chosen) -> str:
    if not chosen.unknown:
        return ""
    first = chosen.unknown[0]
    return (
        f"名单里有 {len(chosen.unknown)} 行认不出来（第 {first.number} 行“{first.text}”等），没有往下走。"
        "请看下面的核对，逐行改正、删去，或选“只要认得出的行”。"
    )


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
    warnings = launch_warnings(visit.session, ahead, given=plan.given_due, at=visit.at) if step >= 3 else ()
    departments = sorted({case.department for case in (*chosen.meant, *chosen.others) if case.department})
    return render_template(
        "new_launch.html", visit=visit, plan=plan, step=step, steps=STEPS, stages=STAGES, whose=WHOSE,
        kinds=CaseKind.labels(), chosen=chosen, departments=departments, refusal=refusal, most=MOST_SHOWN,
        ahead=[(each, next(case for case in chosen.meant if case.case_id == each.case_id)) for each in ahead],
        warnings=warnings, copy=_copied(visit, plan), scope_words=scope_words,
        already=_already(visit, plan, chosen) if step == 5 else None,
        former=former_launches(visit, plan.year) if step == 1 and plan.year else (),
        lines=_worst_first(chosen)[:MOST_SHOWN], counts=_counts(chosen),
        megabytes=BOUNDS.size_bytes // 1_000_000, most_rows=BOUNDS.rows,
        key=request.form.get("key", "")[:64] or uuid4().hex,
        awaited=[each for each in awaited_of_finance(visit.session, visit.actor) if each.stage in STAGES],
    ), status_of(refusal) if refusal is not None else 200  # fmt: skip


def _already(visit: Visit, plan: Plan, chosen: Chosen) -> LaunchLine | None:
    """The launch there is already for all that is chosen."""
    if plan.year is None or not plan.stage:
        return None
    return former_launch(visit.session, visit.actor, plan.year, plan.stage, chosen.scope)


def _worst_first(chosen: Chosen) -> list[tuple[Listed, str, str]]:
    """The lines of a list with what is said of each, those that mean nothing first."""
    told = [(line, *said_of(line)) for line in chosen.lines]
    return sorted(told, key=lambda each: ("✕!✓".index(each[1][0]), each[0].number))


def _copied(visit: Visit, plan: Plan) -> LaunchCopy | None:
    """The launch a plan began as, against the year it is for now; None without one."""
    if plan.copied is None or plan.year is None:
        return None
    try:
        return launch_copy(visit.session, visit.actor, plan.copied, plan.year)
    except NotFound:
        return None


def _counts(chosen: Chosen) -> dict[str, int]:
    marks = [said_of(line)[0][0] for line in chosen.lines]
    return {mark: marks.count(mark) for mark in "✓!✕"}


def _foretold(visit: Visit, plan: Plan, chosen: Chosen) -> tuple[CaseAhead, ...] | EngineError:
    """What would open, for one case of every kind and version."""
    if plan.year is None or not chosen.moving:
        return ()
    return foretell_launch(
        visit.session, launch_stage, plan.year, plan.stage, [case.case_id for case in one_of_each(chosen.moving)],
        by=visit.actor, at=visit.at, due_on=plan.given_due, given_reason=plan.reason,
    )  # fmt: skip
