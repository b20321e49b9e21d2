"""整年办理: one act for many cases of a year, its list frozen first, each item told of afterwards.

What the step asks is answered once. The act goes on portion by portion, by its page or by any worker, to its end.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, make_response, redirect, render_template, request

from engine.commands.carry_on_year_act import carry_on_year_act
from engine.errors import EngineError, InvalidInput, WrongState
from engine.moves.outcome import Outcome
from engine.moves.permissions import permits
from engine.moves.repeating import LONGEST_TEXT
from engine.moves.year_acts import KIND, Act, FrozenItem, act_under, became_of, begin_act, items_of
from engine.portions import LongWork, begun_by, standing_of, work_by_id
from engine.queries.year_acts import MOST, ActItem, ActList, year_act, year_acts
from engine.texts import is_blank
from web.csv_answers import csv_answer
from web.pages.asked import address, asked_text, asked_year, task_named
from web.pages.disclosures import last_year
from web.pages.each_result import Done, worst_first
from web.pages.portions import halt, is_driven, is_halted
from web.pages.posted import must_fit, number_in, text_of
from web.pages.proving import refused_proof
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("year_acts", __name__)
MOST_SHOWN = 200
"""So many results stand on the page, the worst first; all are in the file."""
MOST_ACTS = 20


class NothingWaits(WrongState):
    """Nobody waits for that step any more, or it is none that is taken for many."""

    code = "year_act.nothing_waits"


class ActRefused(InvalidInput):
    """Nothing was chosen, or an answer or a reason is missing."""

    code = "year_act.refused"


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody chose and typed: `items` None: everything, as it is proposed."""

    items: frozenset[str] | None = None
    answers: dict[str, str] = field(default_factory=dict)
    reason: str = ""


@page.get("/year-acts")
@requires("see_tasks")
def all_acts(visit: Visit) -> Any:
    """What could be done for many cases now, and the latest acts one began."""
    began = [
        (work, standing_of(work, visit.arrival.now))
        for work in begun_by(visit.session, KIND, visit.actor.person_id, most=MOST_ACTS)
    ]
    return render_template(
        "year_acts.html", visit=visit, acts=year_acts(visit.session, visit.actor, on=visit.today), began=began,
        may_record=permits("record_deliberation_of_year", visit.actor), year=last_year(visit),
    )  # fmt: skip


@page.get("/year-acts/new")
@requires("see_tasks")
def freeze(visit: Visit) -> Any:
    """The cases that wait as they stand now, and those left out with their reasons."""
    found = year_act(visit.session, visit.actor, asked_year() or 0, asked_text("step"))
    return redirect("/year-acts", 303) if found is None else _form(visit, found, Typed())


@page.post("/year-acts")
@requires("complete_task")
def carry_out(visit: Visit) -> Any:
    """Take the password again, keep the act with the chosen items, and do its first portion; sent twice, once."""
    known = act_under(visit.session, _key(), by=visit.actor) if _key() else None
    if known is not None:
        return redirect(f"/year-acts/{known.id}", 303)
    found = year_act(visit.session, visit.actor, asked_year() or 0, asked_text("step"))
    if found is None:
        raise NothingWaits("这一步现在没有案卷在等您办理，没有办理。请回到“整年办理”看还有什么。")
    items, response = tuple(_chosen(found)), make_response()
    answers = {each.variable: request.form.get(f"answer.{each.variable}", "") for each in found.questions}
    typed = Typed(frozenset(item.task for item in items), answers, text_of("reason").strip())
    try:
        _must_be_whole(found, items, typed)
        refusal = refused_proof(visit, response)
    except EngineError as missing:
        refusal = missing
    if refusal is not None:
        return _form(visit, found, typed, refusal)
    outcome = Outcome(found.word, answers=answers, reason=typed.reason or None)
    act = Act(found.fiscal_year, found.step, found.title, outcome, _key() or uuid4().hex)
    with visit.database.transaction(visit.jurisdiction) as session:
        act_id = begin_act(session, act, items, by=visit.actor, now=visit.arrival.now).id
    _portion(visit, act_id)
    response.status_code, response.location = 303, f"/year-acts/{act_id}?auto=1"
    return response


@page.get("/year-acts/<int:act_id>")
@requires("see_tasks")
def look(visit: Visit, act_id: int) -> Any:
    """How far one's act has come, and what became of its items."""
    work = _own(visit, act_id)
    done = _done(work)
    return render_template(
        "year_act_done.html", visit=visit, told=work.content, done=done, shown=done[:MOST_SHOWN],
        work=standing_of(work, visit.arrival.now), here=f"/year-acts/{act_id}", driven=is_driven(),
    )  # fmt: skip


@page.post("/year-acts/<int:act_id>/portions")
@requires("complete_task")
def go_on(visit: Visit, act_id: int) -> Any:
    """The next items, unless somebody is at them."""
    work = _own(visit, act_id)
    if is_halted(visit, work) or work.ended_at is not None:
        return redirect(f"/year-acts/{act_id}", 303)
    _portion(visit, act_id)
    return redirect(f"/year-acts/{act_id}?auto=1", 303)


@page.post("/year-acts/<int:act_id>/stop")
@requires("complete_task")
def stop(visit: Visit, act_id: int) -> Response:
    """停止: what was done stays done, the others go on waiting; no worker goes on with it."""
    halt(visit, _own(visit, act_id))
    return redirect(f"/year-acts/{act_id}", 303)


@page.get("/year-acts/<int:act_id>/results.csv")
@requires("see_tasks")
def take_home(visit: Visit, act_id: int) -> Response:
    """下载逐件结果: every item, what did not have its turn yet too."""
    work = _own(visit, act_id)
    known = became_of(work)
    rows = [
        (known[item.task][0].value, known[item.task][1]) if item.task in known else ("未办", "")
        for item in items_of(work)
    ]
    lines = [(result, item.name, item.about, why) for item, (result, why) in zip(items_of(work), rows, strict=True)]
    return csv_answer(f"整年办理结果-{act_id}.csv", [("结果", "案卷", "单位和编码", "原因"), *lines])


def _own(visit: Visit, act_id: int) -> LongWork:
    return work_by_id(visit.session, KIND, act_id, by=visit.actor)


def _portion(visit: Visit, act_id: int) -> None:
    carry_on_year_act(visit.database, visit.jurisdiction, at=visit.at, now=visit.arrival.now, act_id=act_id)


def _form(visit: Visit, found: ActList, typed: Typed, refusal: EngineError | None = None) -> tuple[str, int]:
    return render_template(
        "year_act.html", visit=visit, act=found, typed=typed, refusal=refusal, most=MOST, key=_key() or uuid4().hex,
        action=address("/year-acts", year=found.fiscal_year, step=found.step), most_shown=MOST_SHOWN,
        proven=visit.arrival.sign_in.is_proven(visit.arrival.now),
    ), status_of(refusal) if refusal is not None else 200  # fmt: skip


def _must_be_whole(found: ActList, items: tuple[FrozenItem, ...], typed: Typed) -> None:
    must_fit(typed.reason, "意见", LONGEST_TEXT)
    if not items:
        raise ActRefused("没有选择案卷，没有办理。请勾选要一次办理的案卷。")
    for question in found.questions:
        if typed.answers[question.variable] not in question.options:
            raise ActRefused(f"还没有选择“{question.label}”，没有办理。请选择后再办理。")
    if found.needs_reason and is_blank(typed.reason):
        raise ActRefused("这一步要写明理由，没有办理。请在意见栏写明，记入每一件。")


def _chosen(found: ActList) -> Iterator[FrozenItem]:
    """What was sent of the list, with the versions that were seen; what is no item of it is passed over."""
    sent: dict[str, int | None] = {}
    for each in request.form.getlist("item")[:MOST]:
        told, _, version = each.partition(".")
        task_id = task_named(told)
        if task_id is not None:
            sent[str(task_id)] = number_in(version)
    for item in found.items:
        version = sent.get(str(item.task_id))
        if version is not None:
            yield _frozen(item, version)


def _frozen(item: ActItem, version: int) -> FrozenItem:
    return FrozenItem(str(item.task_id), version, item.name, f"{item.unit} · {item.code}")


def _done(work: LongWork) -> list[Done]:
    known = became_of(work)
    return worst_first(Done(item.name, item.about, *known[item.task]) for item in items_of(work) if item.task in known)


def _key() -> str:
    """What names this act, so that sending it twice does it once."""
    told = task_named(request.form.get("key", ""))
    return told.hex if told is not None else ""
