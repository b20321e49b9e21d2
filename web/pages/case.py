"""案卷: one case with all that is told of it, a tab at a time."""

from functools import partial
from typing import Any

from flask import Blueprint, render_template, request

from engine.errors import EngineError
from engine.moves.permissions import offices_let_in, permits
from engine.queries.attachments import attachments
from engine.queries.case_amounts import case_amounts
from engine.queries.case_card import CaseCard, case_card
from engine.queries.case_links import Link, case_links
from engine.queries.case_timeline import case_timeline
from engine.queries.case_walk import NotWalked, Walk, case_walk
from engine.queries.extensions import extensions
from engine.queries.following import follows
from engine.queries.grade_reasons import Node, why_this_grade
from engine.queries.grade_scales import grade_borders, grade_scales, is_near
from engine.queries.handed_in import can_be_withdrawn
from engine.queries.letters import LetterFilters, letters
from engine.queries.process_versions import NoSuchProcess
from engine.queries.publications import disclosures
from engine.queries.reminders import reminders_of
from engine.queries.taken_steps import taken_steps
from engine.queries.version_card import version_walked
from engine.words import LineKind
from web.pages.asked import address, asked_word
from web.pages.case_commands import ORDERS, offered
from web.pages.reminders import can_be_reminded
from web.pages.stories import story
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("case", __name__)

TABS = {
    "overview": "概况",
    "timeline": "经过",
    "documents": "文书",
    "scores": "得分",
    "deadlines": "期限",
    "diagram": "流程",
}
LINKS = {Link.BEFORE: "前一份案卷", Link.AFTER: "后一份案卷", Link.BESIDE: "同年的另一份案卷"}
SAID = {noun: order.done for noun, order in ORDERS.items()} | {
    "new": "案卷已建立",
    "extended": "期限已延长",
    "retry": "异常已处理",
}


@page.get("/cases/<int:case_id>")
@requires("see_cases")
def one_case(visit: Visit, case_id: int) -> Any:
    """One case, a tab at a time."""
    return case_page(visit, case_id)


def case_page(visit: Visit, case_id: int, refusal: EngineError | None = None) -> Any:
    """The page of a case; `refusal` is why what was pressed on it was not done."""
    card = case_card(visit.session, visit.actor, case_id)
    tab = request.args.get("tab", "overview")
    tab = tab if tab in TABS else "overview"
    happened = case_timeline(visit.session, visit.actor, case_id) if tab == "timeline" else []
    lines = asked_word("lines", LineKind.labels())
    walk = _walk(visit, case_id) if tab == "diagram" else None
    return render_template(
        "case.html", visit=visit, card=card, tab=tab, tabs=TABS, line_kinds=LineKind.labels(),
        lines=lines, acts=story(happened, LineKind(lines) if lines else None), can_be_reminded=can_be_reminded,
        reminded=reminders_of(visit.session, visit.actor, [task.task_id for task in card.tasks]),
        links=case_links(visit.session, visit.actor, case_id) if tab == "overview" else (), link_words=LINKS,
        amounts=case_amounts(visit.session, visit.actor, case_id) if tab == "overview" else (),
        walk=walk, versions_url=_versions_url(visit, case_id, walk) if walk else None,
        reasons=_reasons(visit, card) if tab == "scores" else [],
        takeable=can_be_withdrawn(visit.session, visit.actor, case_id) if permits("withdraw", visit.actor) else (),
        asked_days=extensions(visit.session, visit.actor, case_id=case_id).lines if tab == "deadlines" else (),
        may_ask={task.task_id for task in card.tasks if task.unit_id == visit.actor.unit_id}
        if permits("request_extension", visit.actor)
        else set(),
        taken=taken_steps(visit.session, visit.actor, case_id=case_id),
        scale=grade_scales(visit.session, visit.actor, [case_id]).get(case_id) if card.scores else None,
        is_near=partial(is_near, borders=grade_borders(visit.session, visit.actor) if card.scores else ()),
        withdrawn=request.args.get("withdrawn") == "1",
        **(_documents(visit, case_id) if tab == "documents" else {}),
        orders=offered(visit, card),
        said=SAID.get(request.args.get("said", "")), may_extend=permits("extend_deadline", visit.actor),
        may_retry=permits("retry_incident", visit.actor), may_follow=permits("follow_case", visit.actor),
        follows=follows(visit.session, visit.actor, case_id), refusal=refusal,
    ), status_of(refusal) if refusal is not None else 200  # fmt: skip


def _documents(visit: Visit, case_id: int) -> dict[str, Any]:
    """What lies beside the papers: files, letters for whoever may open them, and what was made public."""
    sees_letters = not visit.actor.roles.isdisjoint(offices_let_in("see_letters"))
    return {
        "files": attachments(visit.session, visit.actor, case_id).lines,
        "letters": letters(visit.session, visit.actor, filters=LetterFilters(case_id=case_id)).lines
        if sees_letters
        else (),
        "disclosed": disclosures(visit.session, visit.actor, case_id=case_id).lines,
    }


def _walk(visit: Visit, case_id: int) -> Walk | None:
    """The way through the diagram that was asked for; None where the case has not set out yet."""
    try:
        return case_walk(visit.session, visit.actor, case_id, request.args.get("process") or None)
    except NotWalked:
        return None


def _versions_url(visit: Visit, case_id: int, walk: Walk) -> str | None:
    """Where the versions of this diagram are told, from the one the case is on; for those who may read
    them; None where the diagrams in force have none of that name."""
    if not visit.actor.roles & offices_let_in("see_processes"):
        return None
    try:
        number = version_walked(visit.session, visit.actor, case_id, walk.process)
    except NoSuchProcess:
        return None
    return address(f"/processes/{walk.process}/versions/{number}", tab="versions")


def _reasons(visit: Visit, card: CaseCard) -> list[Node]:
    """为什么是这个等级 of every score there is."""
    return [why_this_grade(visit.session, visit.actor, card.case_id, kind) for kind in card.scores]
