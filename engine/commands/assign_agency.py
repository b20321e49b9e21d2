"""委派机构: a step that puts one agency on one case (CH-11, HX-25)."""

from dataclasses import astuple
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.moves.engagement import Engagement, engage
from engine.moves.finishing import finish
from engine.moves.move import Move
from engine.moves.outcome import Outcome
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked
from engine.tasks import Task


def assign_agency(
    session: Session,
    task_id: UUID,
    engagement: Engagement,
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Finish a step “委派机构”: the agency's tasks of this case lie with it from now on."""

    def also(move: Move, task: Task) -> None:
        engage(move, engagement, stage=task.process, task_id=task.id)

    asked = Asked("assign_agency", by, at, key, expected, {"task": task_id, "engagement": astuple(engagement)})
    return finish(session, asked, task_id, Outcome("recorded"), named="assign_agency", also=also)
