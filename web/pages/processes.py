"""流程: the diagrams with their versions, and moving running cases to today's."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from engine.accounts import NotSignedIn
from engine.commands.migrate_cases import migrate_cases
from engine.commands.undo_migration import undo_migration
from engine.errors import EngineError, InvalidInput
from engine.moves.migrating import Moved
from engine.moves.permissions import permits
from engine.moves.second_person import SecondPersonNeeded
from engine.queries.process_versions import (
    MOST_AT_ONCE,
    just_migrated,
    migration_prospects,
    process_line,
    process_lines,
)
from engine.texts import is_blank
from web.pages.each_result import Done, Result, worst_first
from web.pages.posted import text_of
from web.pages.proving import refused_proof, second_person
from web.visits import Visit, requires
from web.visits.refusals import status_of
from web.wiring import transactions_of

page = Blueprint("processes", __name__)


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
    """执行: the ticked cases, each in a transaction of its own, after one's password and a second person's."""
    prospects = migration_prospects(visit.session, visit.actor, key)
    names = {each.case_id: each.name for each in prospects}
    chosen = [number for number in names if str(number) in request.form.getlist("case")]
    reason = text_of("reason").strip()
    if not chosen or is_blank(reason):
        return _page(visit, key, NothingToMigrate("没有选案卷或没有写原因，没有迁移。请选择案卷并写明原因。"))
    response = make_response()
    refusal = refused_proof(visit, response)
    if refusal is not None:
        return _page(visit, key, refusal)
    second = second_person(visit)
    if isinstance(second, NotSignedIn):
        return _page(visit, key, second.refusal, response)
    try:
        moved = migrate_cases(
            transactions_of(visit.database, visit.jurisdiction), chosen, reason=reason, second=second,
            by=visit.actor, at=visit.at,
        )  # fmt: skip
    except SecondPersonNeeded as refused:
        return _page(visit, key, refused, response)
    response.set_data(render_template(
        "migration_done.html", visit=visit, key=key, done=_each(moved, names), taken_back=False
    ))  # fmt: skip
    return response


@page.post("/processes/<key>/migrations/withdrawal")
@requires("undo_migration")
def take_back(visit: Visit, key: str) -> Any:
    """撤回迁移: the ticked cases go back to what they were on; one that has moved on stays, and says so."""
    names = {each.case_id: each.name for each in just_migrated(visit.session, visit.actor, key)}
    chosen = [number for number in names if str(number) in request.form.getlist("case")]
    reason = text_of("reason").strip()
    if not chosen or is_blank(reason):
        return _page(visit, key, NothingToMigrate("没有选案卷或没有写原因，没有撤回。请选择案卷并写明原因。"))
    response = make_response()
    refusal = refused_proof(visit, response)
    if refusal is not None:
        return _page(visit, key, refusal)
    gone = [Moved(number, _taken_back(visit, number, reason)) for number in chosen]
    response.set_data(render_template(
        "migration_done.html", visit=visit, key=key, done=_each(gone, names), taken_back=True
    ))  # fmt: skip
    return response


def _each(moved: Iterable[Moved], names: Mapping[int, str]) -> list[Done]:
    """What became of each case."""
    return worst_first(
        Done(names[each.case_id], "", Result.DONE if each.refusal is None else Result.FAILED, each.refusal or "")
        for each in moved
    )


def _taken_back(visit: Visit, case_id: int, reason: str) -> str | None:
    """Why a migration could not be taken back; None where it was."""
    try:
        with visit.session.begin_nested():
            undo_migration(visit.session, case_id, reason=reason, by=visit.actor, at=visit.at)
    except EngineError as refusal:
        return refusal.message
    return None


def _page(visit: Visit, key: str, refusal: EngineError | None = None, response: Response | None = None) -> Any:
    """`response` carries the new token when one's own password was right and something else was not."""
    prospects = migration_prospects(visit.session, visit.actor, key)
    response = response or make_response()
    response.status_code = 200 if refusal is None else status_of(refusal)
    response.set_data(render_template(
        "migration.html", visit=visit, line=process_line(visit.session, visit.actor, key), refusal=refusal,
        possible=[each for each in prospects if each.possible], stuck=[each for each in prospects if not each.possible],
        takeable=just_migrated(visit.session, visit.actor, key), most=MOST_AT_ONCE, reason=text_of("reason"),
        proven=visit.arrival.sign_in.is_proven(visit.arrival.now),
        second_login=request.form.get("second_login", "")[:200],
    ))  # fmt: skip
    return response
