"""What is promised about every event, as a file: `python -m tests.contract.event_book` adds what is new to it.

It never changes what stands there; a promise is taken back only by hand, with a reason in the changelog.
"""

import json
from pathlib import Path
from typing import Any

from engine.audit.events import EVENTS, Event
from engine.audit.events.event import parts_of

BOOK = Path(__file__).parent / "events.json"


def promised() -> dict[str, Any]:
    """Name → version, fields (kind, with ? behind it where it may be missing) and a sample payload, as committed."""
    read: dict[str, Any] = json.loads(BOOK.read_text(encoding="utf-8"))
    return read


def described(kind: type[Event]) -> dict[str, Any]:
    """The same of the class as it is."""
    fields = {part.key: part.kind if part.required else f"{part.kind}?" for part in parts_of(kind)}
    return {"version": kind.version, "fields": fields, "sample": kind.sample().payload()}


def with_what_is_new(book: dict[str, Any]) -> dict[str, Any]:
    """The book with events and fields it does not have yet; a field added to a known event may be missing."""
    for name, kind in EVENTS.items():
        today = described(kind)
        kept = book.setdefault(name, today)
        kept["fields"] = {field: f"{what.rstrip('?')}?" for field, what in today["fields"].items()} | kept["fields"]
    return dict(sorted(book.items()))


if __name__ == "__main__":
    pages = with_what_is_new(promised() if BOOK.exists() else {})
    BOOK.write_text(json.dumps(pages, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
