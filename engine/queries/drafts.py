"""草稿: what somebody typed into a task so far, and how it differs from what a colleague has."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Table, or_, select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor, Person
from engine.errors import NotFound
from engine.queries.scope import Seat, seats_of
from engine.stages import step_drawn
from engine.store.archives import archived_case, table_of_all
from engine.store.base import table_of
from engine.submissions.forms import FORMS, FieldChange, diff_of_drafts
from engine.tasks import Draft, Task

_cases = table_of(Case).c


class DraftUnknown(NotFound):
    """Nobody kept a draft of this task, or not this person's office."""

    code = "draft.not_found"


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """The draft of a task: which form, which version of the draft, by whom and when."""

    task_id: UUID
    form: str | None
    version: int
    content: Mapping[str, Any]
    saved_by_id: int
    saved_by: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class DraftConflict:
    """Two contents of one draft: the one that is kept, the one somebody wanted to keep, and field by field what differs
    (from the kept one to the other)."""

    kept: KeptDraft
    mine: Mapping[str, Any]
    changes: tuple[FieldChange, ...]


def draft_of(session: Session, actor: Actor, task_id: UUID, seats: Sequence[Seat] = ()) -> KeptDraft:
    """The draft of a task of the actor's own office; a draft is nobody else's business."""
    kept = partial(_kept, task_id=task_id, actor=actor, desks=seats_of(actor, seats))
    row = session.execute(kept(table_of(Draft), table_of(Task))).one_or_none()
    if row is None and (case_id := archived_case(session, task_id)) is not None:
        packed = table_of_all(Draft), table_of_all(Task)
        row = session.execute(kept(*packed).where(*(table.c.case_id == case_id for table in packed))).one_or_none()
    if row is None:
        raise DraftUnknown("这件任务没有草稿，或者不由您的岗位办理。请从待办重新打开。", task_id=str(task_id))
    step = step_drawn(session, row.diagrams_id, row.process, row.element).step
    form = step.form_for(row.object_kind)
    return KeptDraft(task_id, form, row.version, row.content, row.saved_by, row.name, row.saved_at)


def _kept(drafts: Table, tasks: Table, *, task_id: UUID, actor: Actor, desks: Iterable[Seat]) -> Select[Any]:
    """The draft with who saved it and the step it is for, if the task lies on one of the desks."""
    draft, task = drafts.c, tasks.c
    own = [(task.unit_id == seat.unit_id) & task.role.in_(sorted(role.value for role in seat.roles)) for seat in desks]
    return (
        select(
            draft.version, draft.content, draft.saved_by, draft.saved_at, Person.name.label("name"),
            task.process, task.element, _cases.diagrams_id, _cases.object_kind,
        )
        .select_from(drafts.join(tasks, task.id == draft.task_id))
        .join(Case, _cases.id == task.case_id)
        .join(Person, Person.id == draft.saved_by)
        .where(draft.task_id == task_id, draft.jurisdiction == actor.jurisdiction, or_(*own))
    )  # fmt: skip


def draft_conflict(
    session: Session, actor: Actor, task_id: UUID, mine: Mapping[str, Any], seats: Sequence[Seat] = ()
) -> DraftConflict:
    """What a colleague kept meanwhile beside what this person typed, field by field."""
    kept = draft_of(session, actor, task_id, seats)
    return DraftConflict(kept, dict(mine), tuple(_changes(kept, mine)))


def _changes(kept: KeptDraft, mine: Mapping[str, Any]) -> Iterable[FieldChange]:
    """Field by field as the form has them; of a step that fills in none there is nothing to compare."""
    return diff_of_drafts(FORMS[kept.form], kept.content, mine) if kept.form else ()
