"""A step taken in a transaction of its own, safe against a failing diagram."""

from datetime import datetime
from uuid import UUID

from engine.directory import Actor
from engine.moves.attempts import told_actor
from engine.moves.finishing import finish
from engine.moves.incidents import Attempt, guarded
from engine.moves.outcome import Outcome
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked
from engine.store import Database


def complete_guarded(
    database: Database,
    jurisdiction: str,
    task_id: UUID,
    outcome: Outcome,
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """`complete_task` in a transaction of its own; when the diagram fails, an incident and the form as a draft."""
    told = outcome.told()
    asked = Asked("complete_task", by, at, key, expected, {"task": task_id, **told})
    arguments = {"outcome": told, "by": told_actor(by), "key": key}
    attempt = Attempt("complete_task", arguments, task_id=task_id, by=by, content=outcome.content)
    return guarded(database, jurisdiction, lambda s: finish(s, asked, task_id, outcome), attempt, at=at)
