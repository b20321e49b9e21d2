"""草稿: what was typed is kept before anything else happens to it, whether a person asked for it or a script did.

A script is answered with the same page; it takes from it what has changed. What cannot be kept any more (the task is
over, or lies with a colleague) is shown to be copied or downloaded.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request

from engine.clock import SHANGHAI
from engine.commands.save_draft import DraftChanged, save_draft
from engine.errors import EngineError, NotAllowed, WrongState
from engine.queries.drafts import draft_conflict, draft_of
from engine.queries.handing_over import in_hand_since
from engine.queries.task_card import PaperToFill, TaskCard, task_card
from engine.submissions.forms import FORMS, FormTooLarge, form_of
from web.csv_answers import csv_answer
from web.forms import About, Posted, Tree, read_post, tree_of, with_theirs, written_in
from web.pages.formats import moment
from web.pages.papers import as_paper
from web.pages.posted import number_of, text_of
from web.pages.task import filling_on, task_page
from web.visits import Visit, requires

page = Blueprint("drafts", __name__)
TAKE = "take."
"""`take.<path>` = theirs: of two drafts the colleague's counts at that path."""


class NothingToFill(WrongState):
    """The task is over, or its step has no form."""

    code = "page.nothing_to_fill"


class NoLongerYours(NotAllowed):
    """A colleague has the task now."""

    code = "page.no_longer_yours"


@page.post("/tasks/<uuid:task_id>/draft")
@requires("save_draft")
def keep(visit: Visit, task_id: UUID) -> Any:
    """存草稿; with a button of a table also the change of its rows; on the way to 报送前核对 that page next."""
    card = task_card(visit.session, visit.actor, task_id, at=visit.at)
    if card.to_fill is None:
        return task_page(visit, card, refusal=_over(visit, card), left=_left())
    paper, typed = card.to_fill, _typed(card.to_fill)
    try:
        content = _settled(visit, task_id, typed.content)
        with visit.session.begin_nested():  # a refusal of the database's leaves the rest of the page possible
            save_draft(visit.session, task_id, content, by=visit.actor, at=visit.at, version=_version(paper))
    except DraftChanged as refusal:
        conflict = draft_conflict(visit.session, visit.actor, task_id, typed.content)
        if not conflict.changes:  # the same sent twice
            return _on(visit, task_id, typed)
        return task_page(visit, card, content=typed.content, conflict=conflict, refusal=refusal)
    except EngineError as refusal:
        visit.session.expire_all()
        return task_page(visit, card, content=typed.content, refusal=_said(visit, card, refusal), left=_left())
    return _on(visit, task_id, typed)


@page.get("/tasks/<uuid:task_id>/draft")
@requires("see_tasks")
def again(visit: Visit, task_id: UUID) -> Any:
    """The address under which a form that was sent came back, opened again: the task as it stands."""
    card = task_card(visit.session, visit.actor, task_id, at=visit.at)
    return redirect(f"/tasks/{card.task_id}", 303)


@page.get("/tasks/<uuid:task_id>/draft.csv")
@requires("see_tasks")
def take_home(visit: Visit, task_id: UUID) -> Response:
    """下载草稿: what one's office has typed into a task, open or not, a line a field."""
    card = task_card(visit.session, visit.actor, task_id, at=visit.at)
    kept = draft_of(visit.session, visit.actor, task_id)
    saved = f"{kept.saved_by} {kept.saved_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    rows = [("部分", "栏目", "内容")]
    if kept.form is not None:
        rows += written_in(tree_of(form_of(kept.form), kept.content, About(fixed=True)))
    foot = [(), ("草稿", f"{card.step}：{card.name}（{card.code}）", "没有报送"), ("保存", saved)]
    return csv_answer(f"草稿-{card.code}-{card.step}.csv", [*rows, *foot])


@page.post("/tasks/<uuid:task_id>/typed.csv")
@requires("save_draft")
def take_typed_home(visit: Visit, task_id: UUID) -> Response:
    """下载我的内容: what was typed into a task that cannot be kept any more, a line a field; nothing is written."""
    card, left = task_card(visit.session, visit.actor, task_id, at=visit.at), _left()
    if left is None:
        raise NothingToFill("没有收到填写的内容，没有下载。请返回上一页再试。", task_id=str(task_id))
    foot = [(), ("填写的内容", f"{card.step}：{card.name}（{card.code}）", "没有报送")]
    return csv_answer(f"我的内容-{card.code}-{card.step}.csv", [("部分", "栏目", "内容"), *written_in(left), *foot])


@page.get("/tasks/<uuid:task_id>/print")
@requires("see_tasks")
def on_paper(visit: Visit, task_id: UUID) -> Any:
    """预览打印: the form as it is kept, as paper; a step that fills none any more has only its own page."""
    card = task_card(visit.session, visit.actor, task_id, at=visit.at)
    if card.to_fill is None:
        return redirect(f"/tasks/{task_id}", 303)
    return render_template("task_print.html", visit=visit, card=card, paper=as_paper(card.to_fill))


def _on(visit: Visit, task_id: UUID, typed: Posted) -> Any:
    """Where it goes on when everything is kept."""
    if "HX-Request" in request.headers:
        return task_page(visit, task_card(visit.session, visit.actor, task_id, at=visit.at))
    if typed.deleted:  # what was in the row stands nowhere but in this answer
        return task_page(visit, task_card(visit.session, visit.actor, task_id, at=visit.at), deleted=typed.deleted)
    if "check" in request.form:
        return redirect(f"/tasks/{task_id}/check", 303)
    if "print" in request.form:
        return redirect(f"/tasks/{task_id}/print", 303)
    if "files" in request.form:
        return redirect(f"/tasks/{task_id}/attachments", 303)
    return redirect(filling_on(task_id, typed.focus), 303)


def _typed(paper: PaperToFill) -> Posted:
    return read_post(
        form_of(paper.form),
        request.form,
        paper.content,
        carried=paper.carried,
        filler=paper.filler,
        earlier=[paper.before or {}],
    )


def _settled(visit: Visit, task_id: UUID, content: dict[str, Any]) -> dict[str, Any]:
    """What was typed, with the colleague's where that was chosen."""
    fields = [
        name[len(TAKE) :] for name, chosen in request.form.items() if name.startswith(TAKE) and chosen == "theirs"
    ]
    return with_theirs(content, draft_of(visit.session, visit.actor, task_id).content, fields) if fields else content


def _version(paper: PaperToFill) -> int | None:
    """The draft it was typed over; 0 where there was none then and is one now, so that nothing is written over."""
    told = number_of("draft_version")
    return 0 if told is None and paper.draft is not None else told


def _over(visit: Visit, card: TaskCard) -> EngineError:
    """Who was faster, in words."""
    task = str(card.task_id)
    if card.ended is None:
        return NothingToFill("这件任务已经收回，或这一步不填表，没有保存。您填写的内容留在本页，可下载。", task_id=task)
    ended = card.ended
    return NothingToFill(
        f"这件任务已由{ended.by}于 {moment(ended.at, visit.today)} 办结（{ended.outcome.label}）。"
        "您填写的内容没有报送，留在本页，可下载。",
        task_id=task,
    )


def _said(visit: Visit, card: TaskCard, refusal: EngineError) -> EngineError:
    if not isinstance(refusal, NotAllowed) or card.holder is None:
        return refusal
    taken = in_hand_since(visit.session, visit.actor, card.task_id)
    how = f"由{taken.handed_by}转办给{card.holder}" if taken and taken.handed_by else f"由{card.holder}签收"
    when = f"{moment(taken.at, visit.today)} " if taken else ""
    return NoLongerYours(f"您已不再办理本件（{when}{how}）。您填写的内容没有保存，留在本页，可下载。")


def _left() -> Tree | None:
    """What was typed, to be read and copied; None where it cannot be told which form it is."""
    code = text_of("form", 10)
    if code not in FORMS:
        return None
    try:
        return tree_of(form_of(code), read_post(form_of(code), request.form, {}).content, About(fixed=True))
    except FormTooLarge:
        return None
