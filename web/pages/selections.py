"""选取结果 of a draw, a plan or a year without: who was chosen, 复算验证, and the record that is printed."""

from typing import Any

from flask import Blueprint, redirect, render_template

from engine.clock import day_of
from engine.commands.finish_selection import finish_selection
from engine.moves.permissions import offices_let_in, permits
from engine.queries.scope import WHOLE_TENANT
from engine.queries.selections import Recount, recount, still_waiting
from engine.words import Selection
from web.pages.frames import Member, layers_of, members_of, total_wan
from web.pages.launches import AT_ONCE
from web.visits import Visit, requires

page = Blueprint("selections", __name__)


@page.get("/selections/<int:sample_id>")
@requires("see_samplings")
def one(visit: Visit, sample_id: int) -> Any:
    """Who was chosen out of whom."""
    return _shown(visit, sample_id, "selection.html")


@page.get("/selections/<int:sample_id>/verification")
@requires("see_samplings")
def verify(visit: Visit, sample_id: int) -> Any:
    """复算验证: the draw once more, from frame, seeds and method."""
    return _shown(visit, sample_id, "verification.html")


@page.get("/selections/<int:sample_id>/record")
@requires("see_samplings")
def record(visit: Visit, sample_id: int) -> Any:
    """抽样记录书, to be printed and signed."""
    return _shown(visit, sample_id, "sampling_record.html")


@page.post("/selections/<int:sample_id>/delivery")
@requires("finish_selection")
def go_on(visit: Visit, sample_id: int) -> Any:
    """续办 a choice that has not reached all its cases."""
    finish_selection(
        lambda: visit.database.transaction(visit.jurisdiction), sample_id, by=visit.actor, at=visit.at, most=AT_ONCE
    )  # fmt: skip
    return redirect(f"/selections/{sample_id}", 303)


def _shown(visit: Visit, sample_id: int, template: str) -> Any:
    again = recount(visit.session, visit.actor, sample_id)
    members = members_of(again.members)
    return render_template(
        template, visit=visit, again=again, line=again.line, members=members, layers=layers_of(members),
        total=total_wan(members), chosen=_chosen(again, members), others=_others(again, members), ways=Selection,
        left=still_waiting(visit.session, visit.actor, sample_id), may_go_on=permits("finish_selection", visit.actor),
        back=_back(visit, again), linked=bool(visit.actor.roles & WHOLE_TENANT), drawn_on=day_of(again.line.drawn_at),
    )  # fmt: skip


def _back(visit: Visit, again: Recount) -> str:
    """The list one came from, where this office may open it."""
    sees_plans = not visit.actor.roles.isdisjoint(offices_let_in("see_plans"))
    return "/plans" if again.line.way is Selection.PLANNED and sees_plans else "/samplings"


def _chosen(again: Recount, members: tuple[Member, ...]) -> list[Member]:
    """Those chosen, in the order of the draw."""
    known = {member.case_id: member for member in members}
    return [known[case] for case in again.chosen if case in known]


def _others(again: Recount, members: tuple[Member, ...]) -> list[Member]:
    """Those not chosen, in the order of their numbers where there was a draw."""
    rest = [member for member in members if member.case_id not in again.chosen]
    return sorted(rest, key=lambda each: again.slips[each.case_id].number if each.case_id in again.slips else "~")
