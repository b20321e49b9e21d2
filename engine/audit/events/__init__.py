"""Everything that can happen, one frozen class each; journal, history, webhooks and API read the same ones.

`EVENTS` maps the name on the wire to its class. `read_entry` gives the event of a journal row, old ones included.
"""

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from engine.audit.events import (
    calendars,
    cases,
    deadlines,
    directory,
    evaluations,
    execution,
    filings,
    indicators,
    money,
    notices,
    objects,
    papers,
    publication,
    rectifications,
    tasks,
)
from engine.audit.events.event import Event
from engine.audit.events.words import Words
from engine.errors import DefinitionError

_ROOMS: tuple[ModuleType, ...] = (
    cases, tasks, papers, deadlines, money, evaluations, rectifications, publication, directory,
    indicators, filings, calendars, execution, notices, objects,
)  # fmt: skip
EVENTS: Mapping[str, type[Event]] = {
    kind.name: kind
    for room in _ROOMS
    for kind in vars(room).values()
    if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event
}
"""Name on the wire → the class of the event."""

WAITING = tuple(kind.name for kind in (tasks.TaskOpened, tasks.TaskClosed, deadlines.DeadlineSet))
"""What a move tells last: the work and the days that wait now, not what was done."""

BEFORE_VERSIONS = 0
"""The version of entries written before events had one; a few names stood for two things then."""


class UnknownEvent(DefinitionError):
    """The journal holds an event of a later release."""

    code = "audit.unknown_event"


def event_id(jurisdiction: str, case_id: int, seq: int) -> str:
    """The one name of an event everywhere, known before its row is written; `case_id` 0 is the jurisdiction's chain.

    >>> event_id("huaxi", 12, 7)
    'huaxi.12.7'
    """
    return f"{jurisdiction}.{case_id}.{seq}"


def read_entry(name: str, version: int | None, payload: Mapping[str, Any]) -> Event:
    """The event of a journal entry; without version (or 0) one written before events had versions."""
    return kind_of_entry(name, version, payload).read(payload, version or BEFORE_VERSIONS)


def kind_of_entry(name: str, version: int | None, payload: Mapping[str, Any]) -> type[Event]:
    """Which event a journal entry is, for those who want no more than its name and title."""
    kind = EVENTS.get(name)
    if not version:
        kind = _before_versions(name, payload) or kind
    if kind is None or (version or BEFORE_VERSIONS) > kind.version:
        raise UnknownEvent(f"日志里有本版本不认识的事件“{name}”。请升级程序后再看。", name=name, version=version)
    return kind


def _before_versions(name: str, payload: Mapping[str, Any]) -> type[Event] | None:
    """What a name with two shapes stood for: draws, plans and extensions, for one case or for all."""
    told_a_case = {
        "sample.drawn": evaluations.CaseSampled,
        "sample.skipped": evaluations.CaseNotDrawn,
        "evaluation.planned": evaluations.CasePlanned,
    }
    if name in told_a_case and "frame" not in payload:
        return told_a_case[name]
    return deadlines.DeadlinesExtended if name == "deadline.extended" and "count" in payload else None


__all__ = [
    "BEFORE_VERSIONS", "EVENTS", "WAITING", "Event", "UnknownEvent", "Words", "event_id", "kind_of_entry", "read_entry",
]  # fmt: skip
