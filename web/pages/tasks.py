"""我的待办: what lies on one's desks, in tabs, filtered, fifty at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify, render_template, request

from engine.moves.permissions import offices_let_in, permits
from engine.queries.calendar_drafts import drafts_to_confirm
from engine.queries.copies import copies_for, copies_unread
from engine.queries.desks import Due, Status, WorkFilters
from engine.queries.done_work import done_work
from engine.queries.extensions import extensions_waiting
from engine.queries.handed_in import handed_in
from engine.queries.newest_work import NEWEST, newest_work
from engine.queries.redated_days import redated_days
from engine.queries.reminders import reminders_of, told_to_heads
from engine.queries.scope import Seat
from engine.queries.steps_before import steps_before
from engine.queries.suspended_work import suspended_work
from engine.queries.taken_steps import taken_steps
from engine.queries.takeovers import takeovers_of
from engine.queries.unit_work import MAY_SEE, unit_work
from engine.queries.waiting_days import waiting_days
from engine.queries.worklist import worklist
from engine.words import Role, Stage
from web.pages.asked import address, asked_text, asked_word, one_of
from web.pages.dropping import Drop, drops, how_many
from web.pages.reminders import can_be_reminded
from web.pages.worktop import worktop_of
from web.visits import Visit, requires

page = Blueprint("tasks", __name__)

DUES = {Due.OVERDUE: "已逾期", Due.TODAY: "今日截止", Due.THIS_WEEK: "本周截止", Due.NONE: "没有期限"}
STATUSES = {Status.HELD: "我已签收", Status.POOL: "待签收", Status.RETURNED: "退回修改"}
VIEWS = {
    "signing": "待签发",
    "open": "待我办理",
    "pool": "待签收",
    "returned": "退回补正",
    "sent": "我报送的",
    "done": "我已办",
    "copies": "抄送我的",
    "suspended": "暂停中",
    "unit": "本单位全部",
}
TABS_OF = {
    "signing": frozenset({Role.BUREAU_LEADER}),
    "unit": MAY_SEE,
    "sent": offices_let_in("withdraw"),
    "copies": offices_let_in("see_copies"),
}
"""Tabs that only some offices have."""
WITHOUT_FILTERS = ("done", "sent", "copies")
_STATUS_OF = {"pool": Status.POOL, "returned": Status.RETURNED}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of whichever list, as the table shows it."""

    item: Any
    note: str
    can_open: bool


@page.get("/tasks")
@requires("see_tasks")
def mine(visit: Visit) -> Any:
    """The list of the chosen tab."""
    tabs = [name for name in VIEWS if visit.actor.roles & TABS_OF.get(name, visit.actor.roles)]
    asked = request.args.get("view", "")
    view = asked if asked in tabs else tabs[0]
    filters, after = _filters(view), request.args.get("after") or None
    lines, leads_on, told = _lines(visit, view, filters, after)
    return render_template(
        "tasks.html", visit=visit, view=view, views={name: VIEWS[name] for name in tabs}, lines=lines, told=told,
        filters=filters, stages=Stage.labels(), dues=DUES, statuses=STATUSES, after=after,
        next_url=_address(view, filters, leads_on) if leads_on else None, first_url=_address(view, filters, None),
        filtered=filters != _filters_of(view), drops=[] if lines or after else _drops(visit, view, filters),
        date=date, escalated=told_to_heads(visit.session, visit.actor),
        reminded=reminders_of(visit.session, visit.actor, _open_tasks(view, lines)),
        requests=takeovers_of(visit.session, visit.actor, _open_tasks(view, lines)),
        before=steps_before(visit.session, visit.actor, _open_tasks(view, lines)),
        undated=waiting_days(visit.session, visit.actor, _without_a_day(view, lines)),
        can_be_reminded=can_be_reminded, here=_address(view, filters, after),
        said=request.args.get("said", ""),
        narrows=view not in WITHOUT_FILTERS,
        unread=copies_unread(visit.session, visit.actor) if "copies" in tabs else 0,
        asked_days=_asked_days(visit, view), taken=taken_steps(visit.session, visit.actor) if view == "open" else (),
        redated=redated_days(visit.session, visit.actor, at=visit.at) if view == "open" else (),
        calendars=drafts_to_confirm(visit.session, visit.actor) if view == "open" else (),
        **worktop_of(visit, view, first=after is None, last_done=not lines and after is None),
        transferred=request.args.get("done") == "transferred", newest=_newest(visit), most=NEWEST,
    )  # fmt: skip


def _without_a_day(view: str, lines: Sequence[Line]) -> set[int]:
    """The cases of what is listed by its day and has none."""
    return set() if view in WITHOUT_FILTERS else {line.item.case_id for line in lines if line.item.due_on is None}


@page.get("/tasks/newest")
@requires("see_tasks", by_itself=True)
def newest(visit: Visit) -> Any:
    """What the open list asks once a minute: which work came last, whatever the list is narrowed to."""
    return jsonify(_newest(visit))


def _newest(visit: Visit) -> list[str]:
    return [task_id.hex for task_id in newest_work(visit.session, visit.actor)]


def _lines(
    visit: Visit, view: str, filters: WorkFilters, after: str | None
) -> tuple[list[Line], str | None, dict[str, Any]]:
    session, actor, today = visit.session, visit.actor, visit.today
    if view == "done":
        done = done_work(session, actor, after=after)
        return [Line(each.item, each.outcome_label or "", True) for each in done.lines], done.next, {"done": done.lines}
    if view == "sent":
        sent = handed_in(session, actor, after=after)
        return [Line(each, "", False) for each in sent.lines], sent.next, {}
    if view == "copies":
        copied = copies_for(session, actor, after=after)
        return [Line(each, "", True) for each in copied.lines], copied.next, {}
    if view == "suspended":
        still = suspended_work(session, actor, filters=filters, after=after)
        notes = [
            Line(each.item, f"暂停：{each.reason or '未写明'}（{each.by or '系统'}）", False) for each in still.lines
        ]
        return notes, still.next, {}
    if view == "unit":
        unit = unit_work(session, actor, on=today, filters=filters, after=after)
        return [Line(each, each.holder or "待签收", False) for each in unit.lines], unit.next, {}
    desk = (Seat(actor.unit_id, TABS_OF[view]),) if view == "signing" else ()
    mine = worklist(session, actor, on=today, seats=desk, filters=filters, after=after)
    told = {
        "total": mine.total, "more": mine.more, "overdue": mine.overdue, "more_overdue": mine.more_overdue,
        "suspended": mine.suspended, "more_suspended": mine.more_suspended,
    }  # fmt: skip
    return [Line(each, "", True) for each in mine.items], mine.next, told


def _drops(visit: Visit, view: str, filters: WorkFilters) -> list[Drop]:
    """The filters an empty list could do without."""
    said = {
        "stage": f"阶段：{Stage.labels().get(filters.stage or '')}",
        "due": f"期限：{DUES[filters.due] if filters.due else ''}",
        "status": f"状态：{STATUSES[filters.status] if filters.status else ''}",
        "text": f"关键字：{filters.text}",
    }

    def found(other: WorkFilters) -> str:
        lines, leads_on, told = _lines(visit, view, other, None)
        return how_many(told.get("total", len(lines)), bool(told.get("more", leads_on)))

    return drops(filters, _filters_of(view), said, found, lambda other: _address(view, other, None))


def _open_tasks(view: str, lines: list[Line]) -> list[UUID]:
    """The tasks on the page that wait to be done; what is done or stands still is not."""
    return [line.item.task_id for line in lines] if view not in ("done", "suspended", "sent", "copies") else []


def _asked_days(visit: Visit, view: str) -> int:
    """How many requests for a later day wait for this office's answer."""
    answers = view == "open" and permits("answer_extension", visit.actor)
    return extensions_waiting(visit.session, visit.actor) if answers else 0


def _filters_of(view: str) -> WorkFilters:
    return WorkFilters(status=_STATUS_OF.get(view))


def _filters(view: str) -> WorkFilters:
    """What the address asks for; words it does not know ask for nothing."""
    return WorkFilters(
        stage=asked_word("stage", Stage.labels()),
        due=one_of(Due, request.args.get("due", "")),
        status=_STATUS_OF.get(view) or one_of(Status, request.args.get("status", "")),
        text=asked_text(),
    )


def _address(view: str, filters: WorkFilters, after: str | None) -> str:
    status = filters.status if view not in _STATUS_OF else None
    return address(
        "/tasks", view=view, stage=filters.stage, due=filters.due, q=filters.text, after=after, status=status
    )  # fmt: skip


def filters_of(view: str) -> WorkFilters:
    """What the address asks for in that tab."""
    return _filters(view)
