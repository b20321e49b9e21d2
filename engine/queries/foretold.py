"""What a trial tells a person about to press the button: what is taken back, what goes on record."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit import EVENTS, read_entry
from engine.audit.events import Event
from engine.audit.events.deadlines import DeadlineSet
from engine.audit.events.tasks import TaskClosed, TaskOpened, TaskStoodInFor
from engine.directory import Actor, Person
from engine.moves.receipts import Receipt
from engine.queries.scope import WHOLE_TENANT, visible_case
from engine.queries.telling import words_for
from engine.stages import step_name, step_names
from engine.tasks import Task
from engine.words import Role

_CHANGE_CASES = WHOLE_TENANT | {Role.OPERATOR}
_ELSEWHERE = (TaskOpened, TaskClosed, DeadlineSet)
"""Told by the steps that open and those that are taken back."""


@dataclass(frozen=True, slots=True)
class Foretold:
    """Steps taken back, and what goes on record besides, each as title and sentence."""

    taken_back: tuple[str, ...]
    recorded: tuple[tuple[str, str], ...]


def foretold(session: Session, actor: Actor, receipt: Receipt, diagrams_id: int) -> Foretold:
    """The receipt of a command that was tried in this session, in the words of the diagrams a case runs on.

    For the offices that change the course of cases, and for those who see the one it is about; ask it after the trial
    was taken back.
    """
    if receipt.case_id is None or not actor.roles.isdisjoint(_CHANGE_CASES):
        actor.must_hold(*(role for role in Role if role in _CHANGE_CASES))
    else:
        visible_case(session, actor, receipt.case_id)
    events = [read_entry(happened.name, EVENTS[happened.name].version, happened.facts) for happened in receipt.events]
    closed = [event.task for event in events if isinstance(event, TaskClosed)]
    words = words_for(step_names(session, diagrams_id), _people(session, events))
    told = [(event.title, event.sentence(words)) for event in events if not isinstance(event, _ELSEWHERE)]
    return Foretold(tuple(_steps(session, closed, diagrams_id)), tuple(told))


def _people(session: Session, events: Iterable[Event]) -> dict[int, str]:
    """Names of those a step would be done for; who will agree has not been named yet."""
    ids = {event.person for event in events if isinstance(event, TaskStoodInFor)}
    rows: Any = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))).all() if ids else ()
    return {0: "另一人", **{row.id: row.name for row in rows}}


def _steps(session: Session, ids: list[UUID], diagrams_id: int) -> list[str]:
    tasks = session.scalars(select(Task).where(Task.id.in_(ids)).order_by(Task.opened_at)) if ids else ()
    return [step_name(session, diagrams_id, task.process, task.element) for task in tasks]
