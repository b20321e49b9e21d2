"""验收评价报告: the report before one's eyes, taken or sent back; nothing is asked besides reason and remarks."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from engine.commands import accept_evaluation as command
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
    """Accept the report, or return it to the agency."""
    told = given.outcome
    return command(
        session, task_id, accepted=told.word == "approved", reason=told.reason, remarks=told.remarks,
        by=by, at=at, key=key, expected=expected,
    )  # fmt: skip
