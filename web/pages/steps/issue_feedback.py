"""发出反馈意见函: everything the letter says stands in its form, 文号 and dates among it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from engine.commands import issue_feedback as command
from engine.directory import Actor
from engine.moves.receipts import Receipt
from engine.queries.task_card import TaskCard
from engine.words import OutcomeWord
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
    """Issue the letter as its form has it, or hand it up to be signed."""
    told = given.outcome
    for_signature = told.word == OutcomeWord.FOR_SIGNATURE
    return command(
        session, task_id, told.content or {}, for_signature=for_signature, by=by, at=at, key=key, expected=expected
    )
