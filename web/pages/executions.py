"""执行数 of one case: every version there is, and where finance puts one more on record."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from flask import Blueprint, redirect, render_template

from engine.commands.report_execution import ExecutionRefused, report_execution
from engine.errors import EngineError
from engine.moves.executing import AS_OF, EXECUTED, LONGEST_SOURCE, PLANNED, Reported
from engine.moves.permissions import permits
from engine.queries.executions import CaseFigures, execution_versions
from engine.texts import wan_in
from engine.words import CaseState
from web.pages.posted import day_of_field, one_line_of, text_of
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("executions", __name__)


@page.get("/cases/<int:case_id>/execution")
@requires("see_monitoring")
def versions(visit: Visit, case_id: int) -> Any:
    """The versions, the latest day first; a unit sees its own."""
    return _page(visit, case_id)


@page.post("/cases/<int:case_id>/execution")
@requires("report_execution")
def report(visit: Visit, case_id: int) -> Any:
    """One more version."""
    case = execution_versions(visit.session, visit.actor, case_id)
    try:
        reported = _reported(case)
        with visit.session.begin_nested():
            report_execution(
                visit.session, case_id, reported, by=visit.actor, at=visit.at, key=text_of("key", 64) or None
            )
    except EngineError as refusal:
        return _page(visit, case_id, refusal)
    return redirect(f"/cases/{case_id}/execution", 303)


def _page(visit: Visit, case_id: int, refusal: EngineError | None = None) -> Any:
    found = execution_versions(visit.session, visit.actor, case_id)
    page = render_template(
        "execution.html", visit=visit, case=found, refusal=refusal, longest=LONGEST_SOURCE, typed=text_of,
        may_report=permits("report_execution", visit.actor, CaseState(found.state)), key=uuid4().hex,
    )  # fmt: skip
    return page, 200 if refusal is None else status_of(refusal)


def _reported(case: CaseFigures) -> Reported:
    """What was typed; where there are several fund lines and no whole, the whole is their sum."""
    as_of = day_of_field("as_of")
    if as_of is None:
        raise _unread("截至日要写，没有登记。请选择这个执行数是到哪一天为止的。", AS_OF)
    lines = {number: _wan(f"line{number}", name, EXECUTED) for number, name in case.lines if text_of(f"line{number}")}
    whole = text_of("executed_wan") or not lines
    executed = _wan("executed_wan", "执行数", EXECUTED) if whole else sum(lines.values(), Decimal(0))
    planned = _wan("planned_wan", "计划支付数", PLANNED) if text_of("planned_wan").strip() else None
    return Reported(as_of, executed, one_line_of("source"), planned, lines)


def _wan(name: str, label: str, column: str) -> Decimal:
    told = text_of(name).strip()
    wan = wan_in(told)
    if wan is None:
        raise _unread(f"{label}“{told[:40]}”读不出金额，没有登记。请填写万元数，例如 980.00。", column)
    return wan


def _unread(message: str, column: str) -> ExecutionRefused:
    return ExecutionRefused(message, field=column)
