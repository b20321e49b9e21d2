"""附件: the files of a case, slot by slot, those of earlier rounds under their round."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor, Person
from engine.errors import NotFound, WrongState
from engine.moves.permissions import must_be_let_in
from engine.queries import cursor
from engine.queries.scope import visible_to
from engine.stages import step_name
from engine.store.archives import all_of
from engine.store.base import table_of
from engine.submissions import Attachment
from engine.tasks import Task
from engine.words import Scan

_cases, _files = table_of(Case).c, table_of(Attachment).c


@dataclass(frozen=True, slots=True)
class AttachmentLine:
    """One file; `round` and `step` are those of the task it was added to, None where it was added outside a task.

    `scan` is what a virus scanner said at `scanned_at`, `scan_told` the signatures or the virus it named.
    """

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
    scan: Scan
    scanned_at: datetime | None
    scan_told: str | None
    step: str | None


@dataclass(frozen=True, slots=True)
class KeptFile:
    """What is needed to hand a file out: its name, its kind, and the hash its bytes lie under."""

    name: str
    media_type: str
    sha256: str


@dataclass(frozen=True, slots=True)
class FilesToScan:
    """How many files no scanner has passed, how many carry a virus, and which to ask about first."""

    unscanned: int
    infected: int
    next: tuple[int, ...]


class AttachmentUnknown(NotFound):
    """No such file, or none of a case this person may see."""

    code = "attachment.not_found"


class AttachmentHeldBack(WrongState):
    """A virus was found in the file after it had been taken."""

    code = "attachment.held_back"


def attachment_file(session: Session, actor: Actor, attachment_id: int) -> KeptFile:
    """The file of that number, if it belongs to a case the actor may see. Refuses one that carries a virus."""
    row = session.execute(
        select(_files.name, _files.media_type, _files.sha256, _files.scan, _files.scan_told)
        .join(Case, _cases.id == _files.case_id)
        .where(_files.id == attachment_id, visible_to(actor))
    ).one_or_none()
    if row is None:
        raise AttachmentUnknown("没有这个附件，或者您无权查看。请从案卷重新打开。", attachment=attachment_id)
    if row.scan is Scan.INFECTED:
        raise AttachmentHeldBack(
            f"“{row.name}”查出病毒（{row.scan_told}），不再提供下载。请联系上传的人，换成没有病毒的文件另行上传。",
            attachment=attachment_id,
        )
    return KeptFile(row.name, row.media_type, row.sha256)


def files_to_scan(session: Session, actor: Actor, *, limit: int = 100) -> FilesToScan:
    """The files of the actor's jurisdiction that are not known to be safe; those not asked about for longest first."""
    must_be_let_in("scan_attachment", actor)
    here, waiting = _files.jurisdiction == actor.jurisdiction, _files.scan.not_in((Scan.CLEAN, Scan.INFECTED))
    not_clean = _files.scan != Scan.CLEAN
    counts = session.execute(
        select(func.count().filter(waiting), func.count().filter(_files.scan == Scan.INFECTED)).where(here, not_clean)
    ).one()
    order = _files.scanned_at.asc().nulls_first(), _files.id
    chosen = session.scalars(select(_files.id).where(here, not_clean, waiting).order_by(*order).limit(limit)).all()
    return FilesToScan(counts[0], counts[1], tuple(chosen))


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
            _files.scan, _files.scanned_at, _files.scan_told, task.process, task.element, _cases.diagrams_id,
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
