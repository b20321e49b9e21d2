"""A step that ends with `complete_task`: its form and the questions of the diagram are all it asks."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from engine.commands.complete_task import complete_task
from engine.directory import Actor
from engine.moves.receipts import Receipt
from engine.queries.task_card import TaskCard
from web.pages.steps.asked import Field, Given
from web.visits import Visit


def fields(visit: Visit, card: TaskCard) -> tuple[Field, ...]:
    """Nothing besides."""
    return ()


def carry_out(
    session: Session,
    task_id: UUID,
    given: Given,
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Close the task with its outcome."""
    return complete_task(session, task_id, given.outcome, by=by, at=at, key=key, expected=expected)
