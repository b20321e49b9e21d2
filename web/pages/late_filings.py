"""申请补报: a step its deadline took away, read only with its draft, and the request to hand it in after all."""

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, redirect, render_template, request

from engine.clock import SHANGHAI
from engine.commands.answer_late_filing import answer_late_filing
from engine.commands.request_late_filing import request_late_filing
from engine.errors import EngineError
from engine.queries.drafts import draft_of
from engine.queries.late_filings import late_filing_card
from engine.queries.task_card import task_card
from engine.submissions.forms import form_of
from web.csv_answers import csv_answer
from web.forms import About, tree_of, written_in
from web.pages.extension_requests import NoDay, request_list
from web.pages.posted import day_of_field, text_of
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("late_filings", __name__)


@page.get("/tasks/<uuid:task_id>/late-filing")
@requires("request_late_filing")
def ask(visit: Visit, task_id: UUID) -> Any:
    """申请补报: until when it was due, until when one wants it, and why."""
    return _form(visit, task_id)


@page.post("/tasks/<uuid:task_id>/late-filing")
@requires("request_late_filing")
def send(visit: Visit, task_id: UUID) -> Any:
    """Send the request; nothing moves until it is answered."""
    try:
        wanted_on = day_of_field("wanted_on")
        if wanted_on is None:
            raise NoDay("希望补报到哪一天读不出来，没有申请。请按“2022-10-12”的样子填写。", field="wanted_on")
        with visit.session.begin_nested():
            request_late_filing(
                visit.session, task_id, wanted_on, reason=text_of("reason"), by=visit.actor, at=visit.at,
                key=text_of("key", 64) or None,
            )  # fmt: skip
    except EngineError as refusal:
        visit.session.expire_all()
        return _form(visit, task_id, refusal)
    return redirect(f"/tasks/{task_id}/late-filing", 303)


@page.post("/extension-requests/<int:request_id>/late-filing")
@requires("answer_late_filing")
def answer(visit: Visit, request_id: int) -> Any:
    """准予补报 until a day, or 不予补报."""
    try:
        until = day_of_field("until") if "grant" in request.form else None
        if until is None and "grant" in request.form:
            raise NoDay("补报的截止日读不出来，没有办理。请按“2022-10-12”的样子填写。", field="until")
        with visit.session.begin_nested():
            answer_late_filing(
                visit.session, request_id, until, reason=text_of("reason"), by=visit.actor, at=visit.at,
                key=text_of("key", 64) or None,
            )  # fmt: skip
    except EngineError as refusal:
        visit.session.expire_all()
        return request_list(visit, refusal, request_id)
    return redirect("/extension-requests", 303)


@page.get("/tasks/<uuid:task_id>/draft.csv")
@requires("see_tasks")
def draft(visit: Visit, task_id: UUID) -> Response:
    """下载草稿: what one's office has typed into a task, open or not, a line a field."""
    card = task_card(visit.session, visit.actor, task_id, at=visit.at)
    kept = draft_of(visit.session, visit.actor, task_id)
    saved = f"{kept.saved_by} {kept.saved_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    rows = [("部分", "栏目", "内容")]
    if kept.form is not None:
        rows += written_in(tree_of(form_of(kept.form), kept.content, About(fixed=True)))
    foot = [(), ("草稿", f"{card.step}：{card.name}（{card.code}）", "没有报送"), ("保存", saved)]
    return csv_answer(f"草稿-{card.code}-{card.step}.csv", [*rows, *foot])


def _form(visit: Visit, task_id: UUID, refusal: EngineError | None = None) -> Any:
    card = late_filing_card(visit.session, visit.actor, task_id)
    return render_template(
        "late_filing.html", visit=visit, card=card, refusal=refusal, key=uuid4().hex,
        typed={name: text_of(name) for name in ("wanted_on", "reason")},
    ), status_of(refusal) if refusal is not None else 200  # fmt: skip
