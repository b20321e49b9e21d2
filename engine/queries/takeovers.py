"""请求接手 as people see it: who would like a task that somebody has in hand, and what became of one's own request."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import Session, aliased

from engine.directory import Actor, Appointment, Person
from engine.store.base import table_of
from engine.tasks import TakeoverRequest, Task
from engine.words import Role, TaskState

HEADS = frozenset({Role.UNIT_HEAD, Role.BUREAU_LEADER})
"""Who hands over what lies in the hands of the unit's people, and so hears who asked for it."""
_requests, _tasks, _appointments = table_of(TakeoverRequest).c, table_of(Task).c, table_of(Appointment).c


@dataclass(frozen=True, slots=True)
class Takeover:
    """One request: who would like the task since when, and why; `answer` is the holder's, where it was declined."""

    id: int
    task_id: UUID
    person_id: int
    person: str
    asked_at: datetime
    reason: str
    over_at: datetime | None
    declined_by: str | None
    answer: str | None

    @property
    def waits(self) -> bool:
        """Whether it has no answer yet."""
        return self.over_at is None


def takeovers_of(session: Session, actor: Actor, task_ids: Collection[UUID]) -> Mapping[UUID, tuple[Takeover, ...]]:
    """The requests about these tasks that wait, for whoever has the task in hand or heads the unit, the first first.

    Who asked finds their own last one, also when it was declined. None is told of a task that is done, lies in the
    pool or went into other hands, nor of somebody who has left the office.
    """
    if not task_ids:
        return {}
    rows = [Takeover(*row) for row in session.execute(_asked(actor, task_ids))]
    return {task_id: tuple(_told(list(of_task))) for task_id, of_task in groupby(rows, key=lambda each: each.task_id)}


def _told(requests: list[Takeover]) -> list[Takeover]:
    """What waits, and of one's own that were declined the last, unless one has asked again."""
    last = {each.person_id: each.id for each in requests}
    return [each for each in requests if each.waits or last[each.person_id] == each.id]


def _asked(actor: Actor, task_ids: Collection[UUID]) -> Select[Any]:
    asker, decliner = aliased(Person), aliased(Person)
    mine = _requests.asked_by.in_(actor.persons)
    theirs = true() if actor.roles & HEADS else _tasks.holder_id.in_(actor.persons)
    return (
        select(
            _requests.id, _requests.task_id, _requests.asked_by, asker.name, _requests.asked_at, _requests.reason,
            _requests.over_at, decliner.name.label("decliner"), _requests.answer,
        )
        .join(Task, _tasks.id == _requests.task_id)
        .join(asker, asker.id == _requests.asked_by)
        .outerjoin(decliner, decliner.id == _requests.declined_by)
        .where(
            _requests.jurisdiction == actor.jurisdiction,
            _requests.task_id.in_(list(task_ids)),
            _tasks.unit_id == actor.unit_id,
            _tasks.state == TaskState.OPEN,
            _tasks.holder_id == _requests.holder_id,
            _in_office(_tasks.holder_id),
            _in_office(_requests.asked_by),
            or_(_requests.over_at.is_(None) & (theirs | mine), _requests.declined_by.is_not(None) & mine),
        )
        .order_by(_requests.task_id, _requests.id)
    )  # fmt: skip


def _in_office(person_id: Any) -> ColumnElement[bool]:
    """Whether that person holds the office the task lies with."""
    return (
        select(_appointments.id)
        .where(
            _appointments.person_id == person_id,
            _appointments.unit_id == _tasks.unit_id,
            _appointments.role == _tasks.role,
        )
        .exists()
    )
