"""A step taken in a transaction of its own, safe against a failing diagram."""

from datetime import datetime
from uuid import UUID

from engine.directory import Actor
from engine.moves.attempts import completed_safely
from engine.moves.outcome import Outcome
from engine.moves.receipts import Receipt
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
    return completed_safely(database, jurisdiction, task_id, outcome, by=by, at=at, key=key, expected=expected)
