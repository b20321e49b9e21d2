"""导出 of 我的待办: the list as it is filtered now, as a CSV file for a spreadsheet."""

from typing import Any

from flask import Blueprint, Response, request

from engine.clock import SHANGHAI
from engine.queries.cursor import MOST_LINES
from engine.queries.suspended_work import suspended_work
from engine.queries.unit_work import MAY_SEE, unit_work
from engine.queries.worklist import WorkItem, worklist
from web.csv_answers import csv_answer
from web.pages.tasks import VIEWS, filters_of
from web.pages.views import EXPORTED, in_words, known
from web.visits import Visit, requires

page = Blueprint("task_export", __name__)
MOST = 2_000
HEADER = ("截止日", "事项", "编号", "单位", "阶段", "状态", "轮次", "资金（万元）")


@page.get("/tasks/export.csv")
@requires("see_tasks")
def export(visit: Visit) -> Response:
    """At most two thousand lines of the chosen tab; under them what was asked for, how many there are, and when."""
    view = request.args.get("view", "open")
    view = view if view in EXPORTED and (view != "unit" or visit.actor.roles & MAY_SEE) else "open"
    items: list[WorkItem] = []
    after: str | None = None
    while not items or (after is not None and len(items) < MOST):
        found, after = _page(visit, view, after)
        items += found
        if not found:
            break
    told = "；".join(in_words(known(request.args))) or VIEWS[view]
    more = f"，只导出前 {len(items)} 件，请缩小条件后再导出其余的" if after is not None else ""
    when = f"{visit.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    foot = [(), ("条件", told), ("件数", f"{len(items)} 件{more}"), ("导出", f"{visit.actor.name} {when}")]
    return csv_answer(f"我的待办-{visit.today.isoformat()}.csv", [HEADER, *map(_row, items), *foot])


def _page(visit: Visit, view: str, after: str | None) -> tuple[list[WorkItem], str | None]:
    session, actor, filters = visit.session, visit.actor, filters_of(view)
    if view == "suspended":
        still = suspended_work(session, actor, filters=filters, limit=MOST_LINES, after=after)
        return [each.item for each in still.lines], still.next
    if view == "unit":
        unit = unit_work(session, actor, on=visit.today, filters=filters, limit=MOST_LINES, after=after)
        return list(unit.lines), unit.next
    mine = worklist(session, actor, on=visit.today, filters=filters, limit=MOST_LINES, after=after)
    return list(mine.items), mine.next


def _row(item: WorkItem) -> tuple[Any, ...]:
    state = "退回修改" if item.sent_back else f"{item.holder}已签收" if item.holder else "待签收"
    due = item.due_on.isoformat() if item.due_on else ""
    what = f"{item.step}：{item.name}"
    return due, what, item.code, item.unit, item.stage, state, item.round, item.amount_wan
