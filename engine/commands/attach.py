"""附件: put a file with a task; its bytes lie in the store under their hash, the row says whose it is and for what."""

from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy.orm import Session

from engine.audit.events.papers import AttachmentAdded
from engine.directory import Actor
from engine.errors import InvalidInput
from engine.moves.holding import on_task
from engine.moves.move import note
from engine.moves.reading import Standing
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked
from engine.submissions import Attachment
from engine.submissions.file_store import FileStore
from engine.texts import is_blank
from engine.words import Scan

LONGEST_SLOT = 100


class SlotRefused(InvalidInput):
    """An attachment says which required paper it is."""

    code = "attachment.slot_refused"


def attach(
    session: Session,
    store: FileStore,
    task_id: UUID,
    slot: str,
    name: str,
    content: BinaryIO,
    *,
    by: Actor,
    at: datetime,
) -> Receipt:
    """Keep a file with an open task of `by`. `slot` names the paper (佐证、评价报告 …); `gave` has its number.

    Refuses a kind, size or unpacked size that is not taken, and a virus. The bytes are kept first, before anything is
    locked: should the row not be written,
    they lie in the store unused, and no row ever points at bytes that are not there.
    """

    def work(found: Standing) -> dict[str, Any]:
        found.must_be_for(by)
        if is_blank(slot) or len(slot) > LONGEST_SLOT:
            raise SlotRefused(f"请写明这是哪一份材料（不超过{LONGEST_SLOT}字），没有上传。")
        kept = store.keep(content, name)
        attachment = Attachment(
            jurisdiction=found.case.jurisdiction, case_id=found.case.id, task_id=task_id, slot=slot.strip(),
            name=kept.file.name, media_type=kept.file.media_type, size_bytes=kept.file.size_bytes, sha256=kept.sha256,
            added_by=by.person_id, added_at=at, scan=kept.verdict.scan, scan_told=kept.verdict.told,
            scanned_at=None if kept.verdict.scan is Scan.UNASKED else at,
        )  # fmt: skip
        session.add(attachment)
        session.flush()
        slot_, name_ = attachment.slot, attachment.name
        event = AttachmentAdded(task=task_id, slot=slot_, file_name=name_, sha256=kept.sha256)
        note(session, found.case, by, at, event)
        return {"attachment": attachment.id, "sha256": kept.sha256}

    return on_task(session, Asked("attach", by, at), task_id, work)
