"""代办: an operator does a step for somebody who cannot. A reason and a second person, both on record."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.moves.finishing import finish
from engine.moves.move import Move
from engine.moves.outcome import Outcome
from engine.moves.permissions import must_be_permitted
from engine.moves.reading import standing
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked
from engine.moves.second_person import must_be_second
from engine.moves.standing_in import in_their_name, must_be_absent, must_be_plain, told, with_what_was_saved
from engine.reviews import ReasonMissing
from engine.stages import diagrams_of
from engine.tasks import Task
from engine.texts import is_blank


def stand_in(
    session: Session,
    task_id: UUID,
    person_id: int,
    outcome: Outcome,
    *,
    reason: str,
    second: Actor,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Finish a task for that person, as whoever acts for them; `second` agrees, and neither is the person.

    A step that files a form files what the person saved. Refuses a person without the task or its office, steps with a
    command of their own, and everything that would be refused to the person; who filed still does not review.
    """
    must_be_permitted("stand_in", by)
    if is_blank(reason):
        raise ReasonMissing("代办要写明原因，没有办理。请补充。", task_id=str(task_id))
    found = standing(session, task_id)
    whose = in_their_name(by, found.task, person_id)
    must_be_second(second, whose, "代办")
    content = {"task": task_id, "person": person_id, "why": reason, "second": second.person_id, **outcome.told()}
    asked = Asked("complete_task", whose, at, key, expected, content)
    if found.task.completed_at is None:
        found.task.must_be_open()
        element = diagrams_of(session, found.case.diagrams_id).element(found.task.process, found.task.element)
        must_be_plain(element)
        must_be_absent(session, found, by, person_id)
        outcome = with_what_was_saved(session, found, element, outcome)

    def also(move: Move, task: Task) -> Mapping[str, Any] | None:
        told(move, task, person_id, reason, second.person_id)
        return None

    return finish(session, asked, task_id, outcome, also=also)
