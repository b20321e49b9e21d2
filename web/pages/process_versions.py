"""One version of a diagram: the picture, the steps told, the versions with their differences, the cases on it."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, render_template, request

from engine.moves.permissions import offices_let_in, permits
from engine.queries.case_walk import BY_PEOPLE
from engine.queries.told_changes import ToldChange, told_changes
from engine.queries.version_card import VersionCard, cases_on_version, version_card, version_drawing
from engine.words import DrawnChange
from web.pages.asked import address, asked_word
from web.visits import Visit, requires

page = Blueprint("process_versions", __name__)

TABS = {"picture": "图", "steps": "文字步骤", "versions": "版本", "cases": "在办"}


@page.get("/processes/<key>/versions/<int:number>")
@requires("see_processes")
def one_version(visit: Visit, key: str, number: int) -> Any:
    """One version, a tab at a time."""
    card = version_card(visit.session, visit.actor, key, number)
    tab = asked_word("tab", TABS) or "picture"
    here = f"/processes/{key}/versions/{number}"
    return render_template(
        "process_version.html", visit=visit, card=card, tab=tab, tabs=TABS, here=here, changes=_told(card, number),
        gone_later=[each for each in _told(card, number + 1) if each.change is DrawnChange.GONE],
        told={each.number: _told(card, each.number) for each in card.line.versions} if tab == "versions" else {},
        names={step.element_id: step.name for step in card.steps}, by_people=BY_PEOPLE,
        may_migrate=permits("migrate_case", visit.actor), counted=counted, **_cases(visit, card, here, tab),
    )  # fmt: skip


@page.get("/processes/<key>/versions/<int:number>/diagram.bpmn")
@requires("see_processes")
def drawing(visit: Visit, key: str, number: int) -> Response:
    """The drawing of that version."""
    return Response(version_drawing(visit.session, visit.actor, key, number), mimetype="application/xml")


def _told(card: VersionCard, number: int) -> tuple[ToldChange, ...]:
    """What this version did to the one before, in words; nothing for the first, and for one there is not yet."""
    return told_changes(card.changes.get(number) or ())


def counted(changes: Sequence[ToldChange]) -> str:
    """增 2 · 删 1 · 改 3: how many there are of each kind."""
    many = Counter(each.change for each in changes)
    return " · ".join(f"{change.label} {many[change]}" for change in DrawnChange if many[change])


def _cases(visit: Visit, card: VersionCard, here: str, tab: str) -> dict[str, Any]:
    """The cases on it, for those who may see cases."""
    if tab != "cases" or not visit.actor.roles & offices_let_in("see_cases"):
        return {"lines": None}
    after = request.args.get("after") or None
    found = cases_on_version(visit.session, visit.actor, card, after=after)
    return {
        "lines": found.lines, "after": after, "first_url": address(here, tab=tab),
        "next_url": address(here, tab=tab, after=found.next) if found.next else None,
    }  # fmt: skip
