"""The journal as a file an auditor can take away: JSON lines that `tools/verify_journal.py` checks without us."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.model import Anchor
from engine.audit.verify import chains_of, heads_of

FORMAT = "jixiao-journal/1"


def export_lines(session: Session, jurisdiction: str, *, at: datetime) -> Iterator[str]:
    """One JSON document a line: what this is, every entry by chain and sequence, every head, every anchor, the end.

    Hashes are hexadecimal, instants UTC with microseconds. The last line counts the others, so a cut file shows.
    """
    yield _line("journal", format=FORMAT, jurisdiction=jurisdiction, exported_at=_instant(at))
    entries = 0
    for _, chain in chains_of(session, jurisdiction):
        for entry in chain:
            entries += 1
            yield _line("entry", **_plain(entry))
    heads = heads_of(session, jurisdiction)
    for case_id, (seq, head) in sorted(heads.items()):
        yield _line("head", case_id=case_id, seq=seq, hash=head.hex())
    anchors = session.scalars(select(Anchor).where(Anchor.jurisdiction == jurisdiction).order_by(Anchor.day)).all()
    for anchor in anchors:
        yield _line("anchor", day=anchor.day.isoformat(), entries=anchor.entries, hash=anchor.hash.hex())
    yield _line("end", entries=entries, heads=len(heads), anchors=len(anchors))


def _line(kind: str, **content: Any) -> str:
    return json.dumps({"kind": kind, **content}, ensure_ascii=False, separators=(",", ":"))


def _plain(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {**entry, "at": _instant(entry["at"]), "hash": entry["hash"].hex()}


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
