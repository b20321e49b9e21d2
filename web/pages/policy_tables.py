"""决策表: what is laid down here today, row by row, each with its source and how firmly it stands."""

from typing import Any

from flask import Blueprint, render_template

from engine.queries.decision_tables import decision_table, decision_tables
from engine.words import RowStatus
from web.visits import Visit, requires

page = Blueprint("policy_tables", __name__)


@page.get("/policies/tables")
@requires("see_policies")
def tables(visit: Visit) -> Any:
    """All tables, those of the jurisdiction itself first."""
    lines = decision_tables(visit.session, visit.actor)
    return render_template("policy_tables.html", visit=visit, lines=lines, statuses=RowStatus)


@page.get("/policies/tables/<key>")
@requires("see_policies")
def one(visit: Visit, key: str) -> Any:
    """One table as people read it."""
    return render_template("policy_table.html", visit=visit, table=decision_table(visit.session, visit.actor, key))
