"""登记审议: which body sat when over the result, and what it said."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from engine.commands import record_deliberation as command
from engine.directory import Actor
from engine.moves.receipts import Receipt
from engine.moves.sittings import Sitting
from engine.queries.publication_gate import bodies_of_step
from engine.queries.task_card import TaskCard
from engine.words import DeliberationResult
from web.pages.steps.asked import Control, Field, Given, Unreadable
from web.visits import Visit


def fields(visit: Visit, card: TaskCard) -> tuple[Field, ...]:
    """The body the jurisdiction's table names stands first; the opinion is asked where it did not pass."""
    bodies = {body.value: body.label for body in bodies_of_step(visit.session, visit.actor, card, visit.today)}
    return (
        Field("body", "审议程序", Control.ONE_OF, bodies, usual=next(iter(bodies), "")),
        Field("held_on", "会议日期", Control.DAY, hint="如 2022-10-12，在会后登记"),
        Field("opinion", "审议意见", Control.LONG, hint="须修改的必填"),
    )


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
    """Put the sitting on record."""
    said = given.outcome.answers.get("deliberation")
    if said not in set(DeliberationResult):
        raise Unreadable("没有选择审议结果，没有登记。请选择“通过”或“须修改”。", field="deliberation")
    sitting = Sitting(
        body=given.text("body"),
        held_on=given.day("held_on", "会议日期"),
        passed=said == DeliberationResult.PASSED,
        opinion=given.text("opinion") or None,
    )
    return command(session, task_id, sitting, by=by, at=at, key=key, expected=expected)
