"""附件: the files of a case, slot by slot, those of earlier rounds under their round."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor, Person
from engine.errors import NotFound
from engine.queries import cursor
from engine.queries.scope import visible_to
from engine.queries.steps import step_name
from engine.store.archives import all_of
from engine.store.base import table_of
from engine.submissions import Attachment
from engine.tasks import Task

_cases, _files = table_of(Case).c, table_of(Attachment).c


@dataclass(frozen=True, slots=True)
class AttachmentLine:
    """One file; `round` and `step` are those of the task it was added to, None where it was added outside a task."""

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
    step: str | None


@dataclass(frozen=True, slots=True)
class KeptFile:
    """What is needed to hand a file out: its name, its kind, and the hash its bytes lie under."""

    name: str
    media_type: str
    sha256: str


class AttachmentUnknown(NotFound):
    """No such file, or none of a case this person may see."""

    code = "attachment.not_found"


def attachment_file(session: Session, actor: Actor, attachment_id: int) -> KeptFile:
    """The file of that number, if it belongs to a case the actor may see."""
    row = session.execute(
        select(_files.name, _files.media_type, _files.sha256)
        .join(Case, _cases.id == _files.case_id)
        .where(_files.id == attachment_id, visible_to(actor))
    ).one_or_none()
    if row is None:
        raise AttachmentUnknown("没有这个附件，或者您无权查看。请从案卷重新打开。", attachment=attachment_id)
    return KeptFile(*row)


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
            task.process, task.element, _cases.diagrams_id,
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
        session, found, (_files.id,), partial(_line, session),
        name="attachments", filters=(case_id, task_id, slot), limit=limit, after=after,
    )  # fmt: skip


def _line(session: Session, row: Any) -> AttachmentLine:
    step = step_name(session, row.diagrams_id, row.process, row.element) if row.process is not None else None
    return AttachmentLine(*[*row[:-3], step])
