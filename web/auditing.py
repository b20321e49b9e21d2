"""`jixiao audit`: recomputing the journal of every jurisdiction, and taking it away as a file."""

from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.audit.export import export_lines
from engine.audit.keeping import AnchorKeeper, FileKeeper
from engine.audit.verify import jurisdictions, verify
from engine.errors import NotFound
from engine.files import new_file
from engine.policies import load_policies
from engine.store import Database
from web.settings import Settings
from web.wiring import database_url, open_database


class NoAnchors(NotFound):
    """There is no file of anchors where somebody said it was."""

    code = "audit.no_anchors"


def verify_all(
    settings: Settings, jurisdiction: str | None, at: datetime, anchors: Path | None = None
) -> dict[str, Any]:
    """Each chain of one jurisdiction, or of all there are; `anchors` is the file in which anchors are kept besides."""
    if jurisdiction is not None:
        load_policies(settings.bpmn).of(jurisdiction)
    with closing(open_database(database_url(settings), settings.bpmn, at)) as database:
        return verification_of(database, jurisdiction, None if anchors is None else FileKeeper(anchors))


def verification_of(database: Database, jurisdiction: str | None, keeper: AnchorKeeper | None = None) -> dict[str, Any]:
    """What recomputing found, as a document with the same in words."""
    with database.upkeep() as session:
        names = [jurisdiction] if jurisdiction else jurisdictions(session)
        found = [verify(session, name, keeper) for name in names]
    breaks = [
        {"jurisdiction": broken.jurisdiction, "case_id": broken.case_id, "message": broken.message}
        for one in found
        for broken in one.breaks
    ]
    entries, chains = sum(one.entries for one in found), sum(one.chains for one in found)
    words = [f"已重算 {chains} 条链、{entries} 条记录。" + ("连续，没有改动。" if not breaks else "")]
    words += [f"✕ {each['jurisdiction']} 案卷 {each['case_id'] or '（本级）'}：{each['message']}" for each in breaks]
    return {"ok": not breaks, "chains": chains, "entries": entries, "breaks": breaks, "words": "\n".join(words)}


def export_journal(
    settings: Settings, jurisdiction: str, file: Path, at: datetime, *, with_papers: bool = False, force: bool = False
) -> int:
    """Write the jurisdiction's journal to `file`, whole or not at all; gives the number of entries.

    With papers the file also holds what the digests in the entries are over. A file that is there is replaced only by
    `force`.
    """
    load_policies(settings.bpmn).of(jurisdiction)
    entries = 0
    with (
        new_file(file, force=force) as journal,
        closing(open_database(database_url(settings), settings.bpmn, at)) as database,
        database.upkeep() as session,
    ):
        for line in export_lines(session, jurisdiction, at=at, with_papers=with_papers):
            journal.write(line + "\n")
            entries += line.startswith('{"kind":"entry"')
    return entries
