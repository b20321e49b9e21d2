"""核验整改: the report on one problem, struck off or sent back; nothing is asked besides reason and remarks."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from engine.commands import close_rectification as command
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
    """Strike the problem off, or return the report to the unit."""
    told = given.outcome
    return command(
        session, task_id, accepted=told.word == "approved", reason=told.reason, remarks=told.remarks,
        by=by, at=at, key=key, expected=expected,
    )  # fmt: skip
