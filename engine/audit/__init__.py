"""The append-only journal: what happened, who did it and for whom, each entry hanging on the one before it."""

from engine.audit.chain import GENESIS, entries_for, first_break, link
from engine.audit.model import Anchor, ChainHead, Entry
from engine.audit.untyped import EVENTS, Event

__all__ = ["EVENTS", "GENESIS", "Anchor", "ChainHead", "Entry", "Event", "entries_for", "first_break", "link"]
