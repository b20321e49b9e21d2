"""The journal as a file an auditor can take away: JSON lines that `tools/verify_journal.py` checks without us."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.chains import chains_of
from engine.audit.contents import THINGS, lines_by_case, rows_of
from engine.audit.digests import plain
from engine.audit.model import Anchor
from engine.audit.verify import AT_ONCE, OWN_CHAIN, heads_of

FORMAT = "jixiao-journal/2"


def export_lines(session: Session, jurisdiction: str, *, at: datetime, with_papers: bool = False) -> Iterator[str]:
    """One JSON document a line: what this is, every entry by chain and sequence, every head, every anchor, every case
    with its amount, the end. With papers also every paper, score, opinion and execution figure, and the fund lines
    of the cases: what the digests in the entries are over.

    Hashes are hexadecimal, instants UTC with microseconds, amounts text. The last line counts the others by kind, so a
    cut file shows.
    """
    counts: Counter[str] = Counter()
    for document in _documents(session, jurisdiction, at, with_papers):
        counts[document["kind"]] += 1
        yield json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    yield json.dumps({"kind": "end", "counts": counts}, separators=(",", ":"))


def _documents(session: Session, jurisdiction: str, at: datetime, with_papers: bool) -> Iterator[dict[str, Any]]:
    opening = {"format": FORMAT, "jurisdiction": jurisdiction, "exported_at": _instant(at), "with_papers": with_papers}
    yield {"kind": "journal", **opening}
    for _, chain in chains_of(session, jurisdiction):
        yield from ({"kind": "entry", **_plain(entry)} for entry in chain)
    heads = heads_of(session, jurisdiction)
    for case_id, (seq, head) in sorted(heads.items()):
        yield {"kind": "head", "case_id": case_id, "seq": seq, "hash": head.hex()}
    anchors = session.scalars(select(Anchor).where(Anchor.jurisdiction == jurisdiction).order_by(Anchor.day))
    for anchor in anchors:
        yield {"kind": "anchor", "day": anchor.day.isoformat(), "entries": anchor.entries, "hash": anchor.hash.hex()}
    cases = iter(sorted(heads.keys() - {OWN_CHAIN}))
    while some := list(islice(cases, AT_ONCE)):
        yield from _held_by(session, some, with_papers)


def _held_by(session: Session, cases: Sequence[int], with_papers: bool) -> Iterator[dict[str, Any]]:
    lines = lines_by_case(session, cases) if with_papers else {}
    for row in rows_of(session, "case", cases):
        told = {"lines": lines[row["id"]]} if with_papers else {}
        yield {
            "kind": "case",
            "case_id": row["id"],
            "code": row["code"],
            "amount_wan": plain(row["amount_wan"]),
            **told,
        }
    for what, thing in THINGS.items() if with_papers else ():
        for row in rows_of(session, what, cases):
            name = {"case_id": row["case_id"], "id": row[thing.named_by].hex}
            yield {"kind": what, **name, "content": thing.content(row)}


def _plain(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {**entry, "at": _instant(entry["at"]), "hash": entry["hash"].hex()}


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
