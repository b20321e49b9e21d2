"""The chain itself: how one entry hangs on the one before it. An auditor needs nothing but this page and an export."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from engine.audit.events import Event

GENESIS = bytes(32)
"""What the first entry of a chain hangs on."""

_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def link(previous: bytes, entry: Mapping[str, Any]) -> bytes:
    """The hash of an entry: SHA-256 over the previous hash and the entry as canonical JSON.

    `entry` has jurisdiction, case_id, seq, type, payload, by, acting_for, at (an aware datetime), version and stage.
    Entries from before events had versions (None) are hashed without the last two, as they were.
    """
    content = {name: entry[name] for name in ("jurisdiction", "case_id", "seq", "type", "payload", "by", "acting_for")}
    if entry.get("version") is not None:
        content |= {"version": entry["version"], "stage": entry["stage"]}
    content["at"] = entry["at"].astimezone(UTC).isoformat(timespec="microseconds")
    canonical = _canonical(content)
    # half a character passes here and is refused, in words, by the row that would have to keep it
    return hashlib.sha256(previous + canonical.encode(errors="surrogatepass")).digest()


def entries_for(
    events: Iterable[tuple[Event, str | None]],
    *,
    jurisdiction: str,
    case_id: int,
    after: tuple[int, bytes],
    by: int | None,
    acting_for: int | None,
    at: datetime,
) -> tuple[list[dict[str, Any]], tuple[int, bytes]]:
    """Rows for the journal, chained behind `after` (sequence, hash), and the new head.

    Each event comes with the stage in which the case stood, None outside any.
    """
    seq, head = after
    rows = []
    for event, stage in events:
        seq += 1
        row = {
            "jurisdiction": jurisdiction,
            "case_id": case_id,
            "seq": seq,
            "type": event.name,
            "payload": event.payload(),
            "by": by,
            "acting_for": acting_for,
            "at": at,
            "version": event.version,
            "stage": stage,
        }
        head = link(head, row)
        rows.append(row | {"hash": head})
    return rows, (seq, head)


def first_break(entries: Sequence[Mapping[str, Any]]) -> str | None:
    """What is wrong with a chain given in order of `seq`, in a sentence, or None when it holds."""
    head = GENESIS
    for expected, entry in enumerate(entries, start=1):
        if entry["seq"] != expected:
            return f"第{expected}条记录缺失（下一条是第{entry['seq']}条）"
        head = link(head, entry)
        if head != entry["hash"]:
            return (
                f"第{expected}条记录（{entry['type']}，{entry['at']:%Y-%m-%d %H:%M}）与校验值不符，内容或次序被改动过"
            )
    return None
