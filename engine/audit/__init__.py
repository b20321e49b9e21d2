"""The append-only journal: what happened, who did it and for whom, each entry hanging on the one before it."""

from engine.audit.chain import GENESIS, entries_for, first_break, link
from engine.audit.events import EVENTS, Event, event_id, kind_of_entry, read_entry
from engine.audit.model import Anchor, ChainHead, Entry

__all__ = [
    "EVENTS",
    "GENESIS",
    "Anchor",
    "ChainHead",
    "Entry",
    "Event",
    "entries_for",
    "event_id",
    "first_break",
    "kind_of_entry",
    "link",
    "read_entry",
]
