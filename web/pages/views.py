"""存为视图: a list as it is filtered now, under a name; one's own views, and those shared with one's office."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from flask import Blueprint, g, redirect, render_template, request

from engine.commands.delete_view import delete_view
from engine.commands.save_view import save_view
from engine.errors import EngineError
from engine.queries.saved_views import ViewLine, saved_views
from engine.words import Role, Stage
from web.pages.asked import address
from web.pages.posted import text_of
from web.pages.tasks import DUES, STATUSES, VIEWS
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("views", __name__)
LIST = "tasks"
FIXED = "默认"
KNOWN: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "view": ("列表", VIEWS),
    "stage": ("阶段", Stage.labels()),
    "due": ("期限", DUES),
    "status": ("状态", STATUSES),
}
"""Filter of 我的待办 → what it is called, and the words it knows with their labels."""
WORDS = "q"
EXPORTED = ("open", "pool", "returned", "suspended", "unit")
"""Tabs whose lines are tasks; the others tell what was."""


@page.get("/views")
@requires("save_view")
def mine(visit: Visit) -> Any:
    """The filters the address came with to be kept, and the views there are."""
    return _page(visit, known(request.args))


@page.post("/views")
@requires("save_view")
def save(visit: Visit) -> Any:
    """Keep the filters under a name; what was typed stays on the page when it is refused."""
    asked = known({name: text_of(f"asked.{name}", 100) for name in (*KNOWN, WORDS)})
    try:
        with visit.session.begin_nested():
            save_view(
                visit.session, LIST, text_of("name").strip(), asked,
                shared_with=request.form.getlist("shared_with"),
                by=visit.actor, at=visit.at, key=text_of("key", 64) or None,
            )  # fmt: skip
    except EngineError as refusal:
        return _page(visit, asked, refusal)
    return redirect(address_of(asked), 303)


@page.post("/views/<int:view_id>/deletion")
@requires("delete_view")
def forget(visit: Visit, view_id: int) -> Any:
    """Delete one of one's own."""
    delete_view(visit.session, view_id, by=visit.actor, at=visit.at)
    return redirect("/views?said=deleted", 303)


@page.app_template_global("views_of_tasks")
def views_of_tasks() -> dict[str, Any]:
    """What stands above 我的待办: its views by name and address, 默认 first, and where it is kept or exported."""
    visit: Visit = g.visit
    kept = [(_name_of(view), address_of(view.asked)) for view in saved_views(visit.session, visit.actor, LIST)]
    now = known(request.args)
    return {
        "views": [(FIXED, "/tasks"), *kept], "here": address_of(now), "save": address("/views", **now),
        "export": address("/tasks/export.csv", **now) if now.get("view", "open") in EXPORTED else None,
    }  # fmt: skip


def address_of(asked: Mapping[str, str]) -> str:
    """Where a view leads: the list with its filters, words nobody knows any more left out."""
    return address("/tasks", **known(asked))


def known(asked: Mapping[str, str]) -> dict[str, str]:
    """The filters of 我的待办 among these, without values nobody knows and without the tab everybody begins with."""
    found = {name: value for name, (_, words) in KNOWN.items() if (value := asked.get(name, "")) in words}
    found = {name: value for name, value in found.items() if (name, value) != ("view", "open")}
    text = asked.get(WORDS, "").replace("\x00", "").strip()[:100]
    return found | ({WORDS: text} if text else {})


def in_words(asked: Mapping[str, str]) -> list[str]:
    """The filters as people read them."""
    told = [f"{label}：{words[asked[name]]}" for name, (label, words) in KNOWN.items() if asked.get(name) in words]
    return told + ([f"关键字：{asked[WORDS]}"] if asked.get(WORDS) else [])


def _name_of(view: ViewLine) -> str:
    return view.name if view.mine else f"{view.name}（{view.by}）"


def _page(visit: Visit, asked: Mapping[str, str], refusal: EngineError | None = None) -> Any:
    return render_template(
        "views.html", visit=visit, asked=asked, told=in_words(asked), refusal=refusal, key=uuid4().hex,
        views=[(each, address_of(each.asked), in_words(each.asked)) for each in _views(visit)],
        roles={role.value: role.label for role in Role if role.lane}, typed=request.form, here=address_of(asked),
        said=request.args.get("said") == "deleted",
    ), 200 if refusal is None else status_of(refusal)  # fmt: skip


def _views(visit: Visit) -> list[ViewLine]:
    return list(saved_views(visit.session, visit.actor, LIST))
