"""查毒: ask the scanner about a file that was taken without its word; a virus is told in the case's history."""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.audit.events.papers import AttachmentInfected
from engine.cases import Case
from engine.directory import Actor
from engine.errors import NotFound
from engine.moves.move import note
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, on_case
from engine.store.base import table_of
from engine.submissions import Attachment
from engine.submissions.file_store import FileStore
from engine.words import Scan

_files = table_of(Attachment)
SETTLED = (Scan.CLEAN, Scan.INFECTED)
"""After these nobody asks again."""


class NothingToScan(NotFound):
    """No such file in this jurisdiction."""

    code = "attachment.nothing_to_scan"


def scan_attachment(session: Session, store: FileStore, attachment_id: int, *, by: Actor, at: datetime) -> Receipt:
    """Ask about one file, whatever became of its case; `gave` has what the scanner said.

    The scanner is asked before anything is locked. What carries a virus is kept and handed out no more.
    """
    file = session.get(Attachment, attachment_id)
    if file is None:
        raise NothingToScan("没有这个附件，或者它不属于本地区。请刷新后再试。", attachment=attachment_id)

    def work(case: Case) -> dict[str, Any]:
        verdict = store.scan(file.sha256)
        told = {"scan": verdict.scan, "scan_told": verdict.told, "scanned_at": at}
        mine = _files.c.id == attachment_id, _files.c.scan.not_in(SETTLED)
        changed = session.execute(update(_files).where(*mine).values(told)).rowcount  # type: ignore[attr-defined]
        if changed and verdict.scan is Scan.INFECTED:
            event = AttachmentInfected(
                slot=file.slot, file_name=file.name, sha256=file.sha256, found=verdict.told or ""
            )
            note(session, case, by, at, event)
        return {"attachment": attachment_id, "scan": verdict.scan.value}

    return on_case(session, Asked("scan_attachment", by, at), file.case_id, work)
