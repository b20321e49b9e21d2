"""A step taken in a transaction of its own, safe against a failing diagram."""

from datetime import datetime
from uuid import UUID

from engine.directory import Actor
from engine.moves.attempts import completed_safely
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
    asked = Asked("complete_task", by, at, key, expected, {"task": task_id, **outcome.told()})
    return completed_safely(database, jurisdiction, asked, task_id, outcome)
