"""运行监控: money and targets of every monitored case side by side, and where its disposal is recorded."""

from datetime import date
from typing import Any

from flask import Blueprint, render_template, request

from engine.moves.permissions import permits
from engine.queries.monitoring_board import (
    MonitoringFilters,
    MonitoringLine,
    monitoring_board,
    monitoring_window,
    monitoring_years,
)
from engine.submissions.forms.monitoring_sheet import MONITORS
from engine.words import Advice, Disposal, Light, Role
from web.pages.asked import address, asked_text, asked_word, asked_year, one_of
from web.pages.dropping import Drop, drops_of
from web.visits import Visit, requires

page = Blueprint("monitoring", __name__)
WHOSE = dict(MONITORS)
LIGHTS = {light.value: light.sign for light in Light}
LOOKS = {Light.GREEN: "ample", Light.YELLOW: "near", Light.RED: "overdue"}
ALL, LEFT_OVER = "all", "left"
WHERE = {ALL: "含监控已办完的", LEFT_OVER: "年底有结转结余的"}


@page.get("/monitoring")
@requires("see_monitoring")
def board(visit: Visit) -> Any:
    """Fifty cases, the furthest behind time first; a unit sees its own."""
    years = monitoring_years(visit.session, visit.actor)
    year = asked_year() or (visit.today.year if visit.today.year in years or not years else years[0])
    where = request.args.get("where")
    filters = MonitoringFilters(
        fiscal_year=year, in_stage=where != ALL, left_over=where == LEFT_OVER, monitor=asked_word("monitor", WHOSE),
        light=one_of(Light, request.args.get("light", "")), text=asked_text(),
    )  # fmt: skip
    after = request.args.get("after") or None
    found = monitoring_board(visit.session, visit.actor, on=visit.today, filters=filters, after=after)
    window = monitoring_window(visit.session, visit.actor, on=visit.today)
    return render_template(
        "monitoring.html", visit=visit, lines=found.lines, filters=filters, years=years, year=year, whose=WHOSE,
        lights=LIGHTS, looks=LOOKS, where=WHERE, chosen=_chosen(filters),
        window=window, begins=_begins(year, window.end_month),
        advice=Advice.said, disposal=Disposal.said, link_of=lambda line: link_of(visit, line), after=after,
        may_import=permits("import_execution", visit.actor),
        of_finance=not visit.actor.roles.isdisjoint({Role.PERFORMANCE_OFFICE, Role.FINANCE_DIVISION}),
        filtered=filters != MonitoringFilters(fiscal_year=year),
        drops=[] if found.lines or after else _drops(visit, filters),
        first_url=_address(filters), next_url=_address(filters, found.next) if found.next else None,
    )  # fmt: skip


def _begins(year: int, end_month: int | None) -> date | None:
    """The day after the last month that is monitored: from then on it can be said how the money went."""
    return None if end_month is None else date(year + end_month // 12, end_month % 12 + 1, 1)


def _drops(visit: Visit, filters: MonitoringFilters) -> list[Drop]:
    """The filters an empty board could do without; leaving out what is over shows more, dropping that less."""
    said = {
        "in_stage": WHERE[ALL], "left_over": WHERE[LEFT_OVER], "monitor": f"监控：{WHOSE.get(filters.monitor or '')}",
        "light": f"灯：{LIGHTS[filters.light.value] if filters.light else ''}", "text": f"关键字：{filters.text}",
    }  # fmt: skip
    return drops_of(
        lambda other: monitoring_board(visit.session, visit.actor, on=visit.today, filters=other),
        filters, MonitoringFilters(fiscal_year=filters.fiscal_year), said, _address,
    )  # fmt: skip


def link_of(visit: Visit, line: MonitoringLine) -> tuple[str, str]:
    """What to press to go on with this case, and where that leads: the step, or the command that carries it out."""
    mine = [step for step in line.steps if step.role in visit.actor.roles and step.unit_id == visit.actor.unit_id]
    if mine:
        return mine[0].name, f"/tasks/{mine[0].task_id}"
    return "看案卷", f"/cases/{line.case_id}"


def _chosen(filters: MonitoringFilters) -> str:
    """The word for which cases are listed; empty for those in monitoring."""
    if filters.left_over:
        return LEFT_OVER
    return "" if filters.in_stage else ALL


def _address(filters: MonitoringFilters, after: str | None = None) -> str:
    return address(
        "/monitoring", year=filters.fiscal_year, where=_chosen(filters) or None, monitor=filters.monitor,
        light=filters.light, q=filters.text, after=after,
    )  # fmt: skip
