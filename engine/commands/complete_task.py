"""办结: a person finishes a step, and the case moves on."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.moves.finishing import finish
from engine.moves.outcome import Outcome
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked


def complete_task(
    session: Session,
    task_id: UUID,
    outcome: Outcome,
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Close a task and move its case on; the same `key` again gives the same receipt and changes nothing.

    Refuses a task that is not open or not `by`'s, a form with findings, an outcome the diagram does not know.
    """
    asked = Asked("complete_task", by, at, key, expected, {"task": task_id, **outcome.told()})
    return finish(session, asked, task_id, outcome)
