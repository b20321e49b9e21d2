"""What a command gives back: what happened, what opens next with whom and until when, and the ids of the events."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit import Entry, event_id, kind_of_entry
from engine.store.archives import all_of
from engine.words import Role


@dataclass(frozen=True, slots=True)
class Happened:
    """One event: its id on the wire, its name, what people call it, and its facts."""

    id: str
    name: str
    title: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Opened:
    """One step that now waits: `step` is process.element, `name` its Chinese name; `due_on` None has no date."""

    task_id: UUID
    step: str
    name: str
    unit_id: int
    role: Role
    item: str | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer of a command.

    `version` is the case's after it, to be handed in with the next command as `expected`; `gave` are the numbers of
    what the command made (task, submission, sample …). `repeated` says that the same request was carried out before
    and nothing was done this time.
    """

    command: str
    case_id: int | None = None
    version: int | None = None
    events: tuple[Happened, ...] = ()
    opened: tuple[Opened, ...] = ()
    gave: Mapping[str, Any] = field(default_factory=dict)
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What one write left behind: rows of the journal and the steps it opened."""

    entries: Sequence[Mapping[str, Any]]
    opened: Sequence[Opened]


def written_in(session: Session) -> list[Written]:
    """Everything written so far in this transaction, in order; what is to follow from it can be deferred with it."""
    found: list[Written] = session.info.setdefault("written", [])
    return found


def receipt_for(
    command: str, case_id: int | None, version: int | None, written: Iterable[Written], gave: Mapping[str, Any]
) -> Receipt:
    """The receipt over some writes; a step opened and taken back within them does not count as open."""
    written = list(written)
    return Receipt(
        command=command,
        case_id=case_id,
        version=version,
        events=tuple(_happened(entry) for each in written for entry in each.entries),
        opened=tuple(opened for each in written for opened in each.opened),
        gave=dict(gave),
    )


def as_answer(receipt: Receipt) -> dict[str, Any]:
    """The receipt as it is kept under a key: the events by their ids only, the journal has the rest."""
    return {
        "case": receipt.case_id,
        "version": receipt.version,
        "events": [event.id for event in receipt.events],
        "opened": [
            [each.task_id.hex, each.step, each.name, each.unit_id, each.role.value, each.item,
             each.due_on.isoformat() if each.due_on else None]
            for each in receipt.opened
        ],
        "gave": dict(receipt.gave),
    }  # fmt: skip


def from_answer(session: Session, command: str, answer: Mapping[str, Any]) -> Receipt:
    """The receipt given the first time, told again."""
    return Receipt(
        command=command,
        case_id=answer["case"],
        version=answer["version"],
        events=tuple(_told_again(session, answer["events"])),
        opened=tuple(
            Opened(UUID(hex=task), step, name, unit, Role(role), item, date.fromisoformat(due) if due else None)
            for task, step, name, unit, role, item, due in answer["opened"]
        ),
        gave=answer["gave"],
        repeated=True,
    )


def _told_again(session: Session, ids: Sequence[str]) -> Iterable[Happened]:
    wanted: dict[tuple[str, int], list[int]] = {}
    for id_ in ids:
        jurisdiction, number, seq = id_.rsplit(".", 2)
        wanted.setdefault((jurisdiction, int(number)), []).append(int(seq))
    for (jurisdiction, case_id), numbers in wanted.items():
        entry = all_of(Entry)
        rows = session.execute(
            select(entry.jurisdiction, entry.case_id, entry.seq, entry.type, entry.version, entry.payload)
            .where(entry.jurisdiction == jurisdiction, entry.case_id == case_id, entry.seq.in_(numbers))
            .order_by(entry.seq)
        )
        yield from (_happened(dict(row._mapping)) for row in rows)


def _happened(entry: Mapping[str, Any]) -> Happened:
    kind = kind_of_entry(entry["type"], entry.get("version"), entry["payload"])
    id_ = event_id(entry["jurisdiction"], entry["case_id"], entry["seq"])
    return Happened(id_, kind.name, kind.title, entry["payload"])
