"""代办: what an operator could do in a case for those who cannot, step by step."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.moves.asking import OpenQuestion, moves_open_to
from engine.moves.permissions import must_be_let_in
from engine.moves.reading import standing
from engine.moves.standing_in import absent_people, in_their_name
from engine.queries.case_in_hand import case_in_hand
from engine.stages import step_name
from engine.store.base import table_of
from engine.tasks import Task
from engine.words import TaskState

_tasks = table_of(Task).c


@dataclass(frozen=True, slots=True)
class StandIn:
    """One way to end one open task for one person; `files` is the title of the saved form it files, if it does."""

    task_id: UUID
    step: str
    item: str | None
    person_id: int
    person: str
    word: str
    label: str
    files: str | None
    questions: tuple[OpenQuestion, ...]


def stand_ins(session: Session, actor: Actor, case_id: int, *, at: datetime) -> tuple[StandIn, ...]:
    """Every open task of a case the actor may put right, with the people it can be done for and how it can end.

    Steps with a command of their own are left out: they are done by those whose they are.
    """
    must_be_let_in("stand_in", actor)
    case = case_in_hand(session, actor, case_id)
    ids = session.scalars(
        select(Task.id).where(_tasks.case_id == case.case_id, _tasks.state == TaskState.OPEN).order_by(_tasks.opened_at)
    ).all()
    return tuple(way for task_id in ids for way in _ways(session, actor, task_id, at))


def _ways(session: Session, actor: Actor, task_id: UUID, at: datetime) -> Iterator[StandIn]:
    found = standing(session, task_id)
    step = step_name(session, found.case.diagrams_id, found.task.process, found.task.element)
    for absent in absent_people(session, found, actor):
        for move in moves_open_to(session, task_id, in_their_name(actor, found.task, absent.person_id), at=at):
            if move.command == "complete_task":
                yield StandIn(
                    task_id, step, found.task.item, absent.person_id, absent.name, move.word, move.label,
                    move.form_title, move.questions,
                )  # fmt: skip
