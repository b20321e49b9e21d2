"""上一步: who did what before a task was opened; from the journal, one read for a page of tasks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, case, cast, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from engine.audit import Entry, read_entry
from engine.audit.events import WAITING
from engine.audit.events.papers import SubmissionApproved, SubmissionFilled, SubmissionReturned, SubmissionSubmitted
from engine.audit.events.tasks import TaskCompleted, TaskOpened
from engine.cases import Case
from engine.directory import Actor, Person
from engine.queries.scope import visible_to
from engine.stages import step_name
from engine.store.base import table_of
from engine.tasks import Task
from engine.words import TaskState

_journal, _tasks, _cases = table_of(Entry).c, table_of(Task).c, table_of(Case).c
STEPS = tuple(
    kind.name for kind in (SubmissionFilled, SubmissionSubmitted, SubmissionReturned, SubmissionApproved, TaskCompleted)
)
"""Entries that tell of a step done; where a move has one, the rest of it followed from that."""
LONGEST_MOVE = 20
"""So many entries that say what was done are looked at; the work and the days that follow from a move are told last."""


@dataclass(frozen=True, slots=True)
class StepBefore:
    """What was done, as its kind is called, in which step (None: in none), by whom (None: the system), and when."""

    title: str
    step: str | None
    by: str | None
    acting_for: str | None
    at: datetime


def steps_before(session: Session, actor: Actor, task_ids: Collection[UUID]) -> Mapping[UUID, StepBefore]:
    """What led to each of these open tasks that lie in the actor's unit or in cases the actor may see.

    A task the journal does not know to have been opened is left out.
    """
    if not task_ids:
        return {}
    rows = session.execute(_led_to(actor, task_ids))
    return {row.id: _told(session, row) for row in rows}


def _led_to(actor: Actor, task_ids: Collection[UUID]) -> Select[Any]:
    """The entry of each task, found from the end of its case's journal, and from there what was done in that move."""
    doer, absent = aliased(Person), aliased(Person)
    of_case = _journal.jurisdiction == _tasks.jurisdiction, _journal.case_id == _tasks.case_id
    opened = (
        select(_journal.seq, _journal.at)
        .where(
            *of_case,
            _journal.type == TaskOpened.name,
            _journal.payload["task"].astext == func.replace(cast(_tasks.id, Text), "-", ""),
        )
        .order_by(_journal.seq.desc())
        .limit(1)
        .lateral("opened")
    )
    done = (
        select(_journal.seq)
        .where(*of_case, _journal.seq < opened.c.seq, _journal.type.not_in(WAITING))
        .order_by(_journal.seq.desc())
        .limit(1)
        .lateral("done")
    )
    is_step = _journal.type.in_(STEPS)
    led = (
        select(_journal.type, _journal.version, _journal.payload, _journal.at, _journal.by, _journal.acting_for)
        .where(
            *of_case,
            _journal.seq.between(done.c.seq - LONGEST_MOVE, done.c.seq),
            _journal.at == opened.c.at,
            _journal.type.not_in(WAITING),
        )
        .order_by(is_step.desc(), case((is_step, -_journal.seq), else_=_journal.seq))
        .limit(1)
        .lateral("led")
    )
    return (
        select(
            _tasks.id, led.c.type, led.c.version, led.c.payload, led.c.at, doer.name.label("by"),
            absent.name.label("acting_for"), _cases.diagrams_id,
        )
        .select_from(Task)
        .join(Case, _cases.id == _tasks.case_id)
        .join(opened, true())
        .join(done, true())
        .join(led, true())
        .outerjoin(doer, doer.id == led.c.by)
        .outerjoin(absent, absent.id == led.c.acting_for)
        .where(
            _tasks.jurisdiction == actor.jurisdiction,
            _tasks.id.in_(list(task_ids)),
            _tasks.state == TaskState.OPEN,
            or_(_tasks.unit_id == actor.unit_id, visible_to(actor)),
        )
    )  # fmt: skip


def _told(session: Session, row: Any) -> StepBefore:
    place = row.payload.get("step") if row.type in STEPS else None
    process, _, element = str(place or "").partition(".")
    return StepBefore(
        title=read_entry(row.type, row.version, row.payload).title,
        step=step_name(session, row.diagrams_id, process, element) if place else None,
        by=row.by,
        acting_for=row.acting_for,
        at=row.at,
    )
