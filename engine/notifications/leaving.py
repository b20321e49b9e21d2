"""Leaving behind, with a change, that somebody is to be told of it."""

from collections.abc import Iterable, Mapping
from typing import Any

from engine.notifications.messages import TELLING
from engine.store.deferring import deferred
from engine.store.wire import Order

TELL = "tell"
"""The job: `entries` are the numbers of journal entries, by the number of their case (0: the jurisdiction's chain)."""


def to_be_told(entries: Iterable[Mapping[str, Any]]) -> Order | None:
    """The one job for all these rows of the journal, all of one jurisdiction; None where nobody is told of any."""
    telling = [entry for entry in entries if entry["type"] in TELLING]
    if not telling:
        return None
    by_case: dict[str, list[int]] = {}
    for entry in telling:
        by_case.setdefault(str(entry["case_id"]), []).append(entry["seq"])
    return deferred(TELL, telling[0]["jurisdiction"], {"entries": by_case})
