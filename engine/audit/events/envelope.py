"""An event with all that goes around it: when, who, of which case, object, unit and stage; what other systems get."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import BigInteger, bindparam, column, func, select, table
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from engine.audit.events import event_id, read_entry


class Told(Protocol):
    """A journal entry, as far as an envelope needs it; `version` is None on entries written before there were any."""

    @property
    def jurisdiction(self) -> str: ...
    @property
    def case_id(self) -> int: ...
    @property
    def seq(self) -> int: ...
    @property
    def type(self) -> str: ...
    @property
    def version(self) -> int | None: ...
    @property
    def payload(self) -> Mapping[str, Any]: ...
    @property
    def by(self) -> int | None: ...
    @property
    def acting_for(self) -> int | None: ...
    @property
    def at(self) -> datetime: ...
    @property
    def stage(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Envelope:
    """One event as it leaves the house. `by` and `acting_for` are persons, None for the system; `sequence` counts
    within the case; an event of the jurisdiction itself has no case, object or unit. `data` is the event's payload.
    """

    id: str
    name: str
    version: int
    title: str
    at: datetime
    by: int | None
    acting_for: int | None
    jurisdiction: str
    case_id: int | None
    case_code: str | None
    object_kind: str | None
    object_name: str | None
    unit_id: int | None
    unit_name: str | None
    stage: str | None
    sequence: int
    data: Mapping[str, Any]


# Cases and units live floors above this room; an envelope reads them as plain columns.
_cases = table("cases", *map(column, ("id", "code", "object_kind", "name", "unit_id")))
_units = table("units", *map(column, ("id", "name")))
_SUBJECTS = (
    select(
        _cases.c.id,
        _cases.c.code.label("case_code"),
        _cases.c.object_kind,
        _cases.c.name.label("object_name"),
        _cases.c.unit_id,
        _units.c.name.label("unit_name"),
    )
    .join_from(_cases, _units, _units.c.id == _cases.c.unit_id)
    .where(_cases.c.id == func.any(bindparam("cases", type_=ARRAY(BigInteger()))))
)
_OF_NO_CASE = dict.fromkeys(("case_code", "object_kind", "object_name", "unit_id", "unit_name"))


def envelopes(session: Session, entries: Iterable[Told]) -> list[Envelope]:
    """The entries in their envelopes, in their order; one statement for all their cases and units."""
    listed: Sequence[Told] = list(entries)
    ids = sorted({entry.case_id for entry in listed if entry.case_id})
    rows = session.execute(_SUBJECTS, {"cases": ids}).mappings() if ids else ()
    subjects = {row["id"]: {name: row[name] for name in _OF_NO_CASE} for row in rows}
    return [_envelope(entry, subjects.get(entry.case_id, _OF_NO_CASE)) for entry in listed]


def _envelope(entry: Told, subject: Mapping[str, Any]) -> Envelope:
    event = read_entry(entry.type, entry.version, entry.payload)
    return Envelope(
        id=event_id(entry.jurisdiction, entry.case_id, entry.seq),
        name=event.name,
        version=entry.version or event.version,
        title=event.title,
        at=entry.at,
        by=entry.by,
        acting_for=entry.acting_for,
        jurisdiction=entry.jurisdiction,
        case_id=entry.case_id or None,
        stage=entry.stage,
        sequence=entry.seq,
        data=event.payload(),
        **subject,
    )
