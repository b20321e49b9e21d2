"""公开评价结果: the list says what was made public, when and where; here only the ground where the table is silent."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from engine.commands import publish as command
from engine.directory import Actor
from engine.moves.receipts import Receipt
from engine.queries.task_card import TaskCard
from web.pages.steps.asked import Control, Field, Given
from web.visits import Visit


def fields(visit: Visit, card: TaskCard) -> tuple[Field, ...]:
    """The ground of a publication the jurisdiction does not lay down."""
    return (Field("ground", "公开的依据", Control.LONG, hint="本区规定没有说公开的必填，其余不填"),)


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
    """Put on record what was made public or withheld."""
    return command(
        session, task_id, given.outcome.content or {}, reason=given.text("ground") or None,
        by=by, at=at, key=key, expected=expected,
    )  # fmt: skip
