"""附件: the files of a case, slot by slot, those of earlier rounds under their round."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor, Person
from engine.queries import cursor
from engine.queries.scope import visible_to
from engine.store.archives import all_of
from engine.store.base import table_of
from engine.submissions import Attachment
from engine.tasks import Task

_cases, _files = table_of(Case).c, table_of(Attachment).c


@dataclass(frozen=True, slots=True)
class AttachmentLine:
    """One file; `round` is that of the task it was added to, None where it was added outside a task."""

    id: int
    case_id: int
    task_id: UUID | None
    round: int | None
    slot: str
    name: str
    media_type: str
    size_bytes: int
    sha256: str
    added_by: str
    added_at: datetime


def attachments(
    session: Session,
    actor: Actor,
    case_id: int,
    *,
    task_id: UUID | None = None,
    slot: str | None = None,
    limit: int = 100,
    after: str | None = None,
) -> cursor.Page[AttachmentLine]:
    """The files of one case the actor may see, the latest first."""
    task = all_of(Task)
    found = (
        select(
            _files.id, _files.case_id, _files.task_id, task.round, _files.slot, _files.name, _files.media_type,
            _files.size_bytes, _files.sha256, Person.name.label("added_by"), _files.added_at,
        )
        .join(Case, _cases.id == _files.case_id)
        .join(Person, Person.id == _files.added_by)
        .outerjoin(task, (task.id == _files.task_id) & (task.case_id == case_id))
        .where(visible_to(actor), _files.case_id == case_id)
    )  # fmt: skip
    if task_id is not None:
        found = found.where(_files.task_id == task_id)
    if slot is not None:
        found = found.where(_files.slot == slot)
    return cursor.turn(
        session, found, (_files.id,), lambda row: AttachmentLine(*row),
        name="attachments", filters=(case_id, task_id, slot), limit=limit, after=after,
    )  # fmt: skip
