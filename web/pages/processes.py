"""流程: the diagrams with their versions, and moving running cases to today's."""

from typing import Any

from flask import Blueprint, make_response, render_template, request

from engine.accounts import prove, renew_token
from engine.commands.migrate_cases import migrate_cases
from engine.errors import EngineError, InvalidInput
from engine.moves.permissions import permits
from engine.queries.process_versions import MOST_AT_ONCE, migration_prospects, process_line, process_lines
from engine.texts import is_blank
from web.pages.login import keep_token
from web.pages.posted import text_of
from web.visits import Visit, requires
from web.visits.refusals import status_of
from web.visits.site import site
from web.wiring import transactions_of

page = Blueprint("processes", __name__)
MOST_TYPED, LONGEST_REASON = 1000, 200


class NothingToMigrate(InvalidInput):
    """No case was ticked, or no reason given."""

    code = "migration.nothing_chosen"


@page.get("/processes")
@requires("see_processes")
def diagrams(visit: Visit) -> Any:
    """Every diagram: its versions, and how many cases run on each."""
    return render_template(
        "processes.html", visit=visit, lines=process_lines(visit.session, visit.actor),
        may_migrate=permits("migrate_case", visit.actor),
    )  # fmt: skip


@page.get("/processes/<key>/migrations")
@requires("migrate_case")
def trial(visit: Visit, key: str) -> Any:
    """迁移试运行: which cases could go over and which could not, and why; nothing is changed."""
    return _page(visit, key)


@page.post("/processes/<key>/migrations")
@requires("migrate_case")
def carry_out(visit: Visit, key: str) -> Any:
    """执行: the ticked cases, each in a transaction of its own, after the password was given again."""
    prospects = migration_prospects(visit.session, visit.actor, key)
    names = {each.case_id: each.name for each in prospects}
    chosen = [number for number in names if str(number) in request.form.getlist("case")]
    reason = text_of("reason", LONGEST_REASON).strip()
    if not chosen or is_blank(reason):
        return _page(visit, key, NothingToMigrate("没有选案卷或没有写原因，没有迁移。请选择案卷并写明原因。"))
    arrival, response = visit.arrival, make_response()
    if not arrival.sign_in.is_proven(arrival.now):
        password, code = (request.form.get(name, "")[:MOST_TYPED] for name in ("password", "code"))
        refusal = prove(visit.session, arrival.sign_in, password, code, at=arrival.now, keys=site().keys)
        if refusal is not None:
            return _page(visit, key, refusal)
        keep_token(response, visit.jurisdiction, renew_token(visit.session, arrival.sign_in))
    moved = migrate_cases(
        transactions_of(visit.database, visit.jurisdiction), chosen, reason=reason, by=visit.actor, at=visit.at
    )
    moved.sort(key=lambda each: each.refusal is None)
    response.set_data(render_template("migration_done.html", visit=visit, key=key, moved=moved, names=names))
    return response


def _page(visit: Visit, key: str, refusal: EngineError | None = None) -> Any:
    prospects = migration_prospects(visit.session, visit.actor, key)
    return render_template(
        "migration.html", visit=visit, line=process_line(visit.session, visit.actor, key), refusal=refusal,
        possible=[each for each in prospects if each.possible], stuck=[each for each in prospects if not each.possible],
        most=MOST_AT_ONCE, reason=text_of("reason", LONGEST_REASON),
        proven=visit.arrival.sign_in.is_proven(visit.arrival.now),
    ), 200 if refusal is None else status_of(refusal)  # fmt: skip
