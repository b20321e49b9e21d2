"""`jixiao audit`: recomputing the journal of every jurisdiction, anchoring it, and taking it away as a file."""

from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.audit.anchoring import anchor_what_is_over
from engine.audit.export import export_lines
from engine.audit.keeping import AnchorKeeper, FileKeeper
from engine.audit.verify import jurisdictions, verify
from engine.errors import NotFound
from engine.files import new_file
from engine.policies import load_policies
from engine.rehearsal.demo import demo_clock
from engine.stages import Library
from engine.store import Database
from web.demo import demo_logins
from web.settings import Settings
from web.wiring import logins_of, open_database

NO_CASES = "还没有案卷，没有可以校验的记录。"
NOTHING_TO_ANCHOR = "没有要锚定的：过完的日子都已锚定，或者还没有记录。"


class NoAnchors(NotFound):
    """There is no file of anchors where somebody said it was."""

    code = "audit.no_anchors"


def verify_all(
    settings: Settings, jurisdiction: str | None, at: datetime, anchors: Path | None = None, *, demo: bool = False
) -> dict[str, Any]:
    """Each chain of one jurisdiction, or of all there are; `anchors` is the file in which anchors are kept besides.

    Without it the file of this installation is asked, where there is one; a demo has none.
    """
    if anchors is None and not demo and settings.anchors.exists():
        anchors = settings.anchors
    name = None if jurisdiction is None else load_policies(settings.bpmn).named(jurisdiction).name
    if anchors is not None and not anchors.exists():
        raise NoAnchors(f"没有找到锚点留存文件“{anchors}”，没有校验。请核对路径。", file=str(anchors))
    with closing(_opened(settings, at, demo=demo)) as database:
        return verification_of(database, name, None if anchors is None else FileKeeper(anchors))


def verification_of(database: Database, jurisdiction: str | None, keeper: AnchorKeeper | None = None) -> dict[str, Any]:
    """What recomputing found, as a document with the same in words."""
    with database.upkeep() as session:
        everywhere = {*jurisdictions(session), *(keeper.jurisdictions() if keeper else ())}
        names = [jurisdiction] if jurisdiction else sorted(everywhere)
        found = [verify(session, name, keeper) for name in names]
    breaks = [
        {"jurisdiction": broken.jurisdiction, "case_id": broken.case_id, "message": broken.message}
        for one in found
        for broken in one.breaks
    ]
    entries, chains = sum(one.entries for one in found), sum(one.chains for one in found)
    words = [f"已重算 {chains} 条链、{entries} 条记录。{'' if breaks else '连续，没有改动。'}" if chains else NO_CASES]
    words += [f"✕ {each['jurisdiction']} 案卷 {each['case_id'] or '（本级）'}：{each['message']}" for each in breaks]
    return {"ok": not breaks, "chains": chains, "entries": entries, "breaks": breaks, "words": "\n".join(words)}


def anchor_all(settings: Settings, at: datetime) -> dict[str, Any]:
    """Anchor what is over in every jurisdiction, in the database and in the file of anchors."""
    with closing(_opened(settings, at, demo=False)) as database:
        return anchored_in(database, FileKeeper(settings.anchors), at) | {"file": str(settings.anchors)}


def anchored_in(database: Database, keeper: AnchorKeeper, at: datetime) -> dict[str, Any]:
    """What was anchored, jurisdiction by jurisdiction, as a document with the same in words; stops at a refusal."""
    library: Library = database.parts["library"]
    titles = library.policies.titles()
    anchored: dict[str, list[str]] = {}
    for name in sorted(library.policy_ids):
        with database.transaction(name) as session:
            days = [anchor.day for anchor in anchor_what_is_over(session, name, at=at, keeper=keeper)]
        if days:
            anchored[name] = [day.isoformat() for day in days]
    words = [f"{titles.get(name, name)}：已锚定 {days[-1]}（{len(days)} 天）。" for name, days in anchored.items()]
    return {"ok": True, "anchored": anchored, "words": "\n".join(words) or NOTHING_TO_ANCHOR}


def export_journal(
    settings: Settings,
    jurisdiction: str,
    file: Path,
    at: datetime,
    *,
    with_papers: bool = False,
    force: bool = False,
    demo: bool = False,
) -> dict[str, Any]:
    """Write the jurisdiction's journal to `file`, whole or not at all: {"entries", "file", "words"}.

    With papers the file also holds what the digests in the entries are over. A file that is there is replaced only by
    `force`.
    """
    policy = load_policies(settings.bpmn).named(jurisdiction)
    entries = 0
    with (
        new_file(file, force=force) as journal,
        closing(_opened(settings, at, demo=demo)) as database,
        database.upkeep() as session,
    ):
        for line in export_lines(session, policy.name, at=at, with_papers=with_papers):
            journal.write(line + "\n")
            entries += line.startswith('{"kind":"entry"')
    words = f"已导出 {entries} 条记录到 {file}。" if entries else f"{policy.title}还没有案卷，{file} 里没有记录。"
    return {"entries": entries, "file": str(file), "words": words}


def _opened(settings: Settings, at: datetime, *, demo: bool) -> Database:
    """The database of this installation, or the one a demo made."""
    if demo:
        return open_database(demo_logins(settings), settings.bpmn, demo_clock().now())
    return open_database(logins_of(settings), settings.bpmn, at)
