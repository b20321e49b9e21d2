"""Handing a message to every case that waits for it, a chunk a transaction."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases import Case, Incident, case_by_id, cases_waiting_for
from engine.directory import Actor
from engine.errors import EngineError, Unavailable
from engine.moves import writing
from engine.moves.firing import fire_all, note_faults
from engine.moves.incidents import Attempt, note_incident
from engine.moves.move import Move, wait_for
from engine.stages.launches import await_arrivals, covers
from engine.stages.model import Launch
from engine.store.database import ChangedMeanwhile
from engine.words import CaseState

CHUNK = 500
"""How many cases move in one transaction."""

Transactions = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many cases moved, and how many are `left` because a part only was asked for."""

    moved: int
    left: int


@dataclass(frozen=True, slots=True)
class _Message:
    """What is handed over: its name, what each case is told with it, and a day given to what it opens."""

    name: str
    variables: Callable[[Case], Mapping[str, Any]]
    due_on: date | None

    def told(self, case: Case) -> dict[str, Any]:
        """All it takes to hand it over once more."""
        due = {"due_on": self.due_on.isoformat()} if self.due_on else {}
        return {"message": self.name, "variables": dict(self.variables(case)), **due}


def deliver_to_waiting(
    transactions: Transactions,
    fiscal_year: int,
    message: str,
    variables: Callable[[Case], Mapping[str, Any]],
    *,
    by: Actor,
    at: datetime,
    scope: Mapping[str, Any] | None = None,
    due_on: date | None = None,
    most: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    note: Callable[[Move], None] = lambda move: None,
) -> Delivered:
    """Hand `message` to every case of the year that waits for it, in chunks; who moved meanwhile is tried again.

    `note` may add to each move before it steps; what opens is due on `due_on`, if a day is given. What is due of a case
    takes effect first. A case that cannot be moved is left standing with an incident. After `most` cases it stops;
    asked again, it goes on with the others.
    """
    with transactions() as session:
        await_arrivals(session, by.jurisdiction, fiscal_year, message)
        waiting_for_it = still_waiting(session, by.jurisdiction, fiscal_year, message, scope or {})
        stuck = stuck_among(session, waiting_for_it) if most is not None else set()
    meant_for = [case_id for case_id in waiting_for_it if case_id not in stuck][:most]
    message_to = _Message(message, variables, due_on)
    done = 0
    for chunk in chunks(meant_for, CHUNK):
        done += _deliver_chunk(transactions, chunk, message_to, by, at, note)
        progress(done, len(meant_for))
    return Delivered(done, len(waiting_for_it) - len(stuck) - len(meant_for))


def still_waiting(
    session: Session, jurisdiction: str, fiscal_year: int, message: str, scope: Mapping[str, Any]
) -> list[int]:
    """The cases of a year in the scope that wait for the message."""
    meant = Launch(scope=dict(scope))
    waiting = cases_waiting_for(jurisdiction, fiscal_year, message)
    rows = session.execute(waiting.with_only_columns(Case.id, Case.object_kind))
    return [row.id for row in rows if covers(meant, row.object_kind, row.id)]


def stuck_among(session: Session, case_ids: Sequence[int]) -> set[int]:
    """Those whose diagram failed before: they are left to 重试, or part after part would meet them first."""
    failed = select(Incident.case_id).where(
        Incident.case_id.in_(case_ids), Incident.state == "open", Incident.command == "deliver_message"
    )
    return set(session.scalars(failed))


def _deliver_chunk(
    transactions: Transactions,
    case_ids: Sequence[int],
    message: _Message,
    by: Actor,
    at: datetime,
    note: Callable[[Move], None],
    tries: int = 5,
) -> int:
    """How many moved. Where one was changed meanwhile or cannot be moved, the others are tried without it."""
    try:
        with transactions() as session:
            moves = list(_moves(session, case_ids, message, by, at, note))
            writing.write(moves)
            return len(moves)
    except Unavailable:
        raise
    except EngineError as refusal:
        if len(case_ids) > 1:
            half = len(case_ids) // 2
            halves = (case_ids[:half], case_ids[half:])
            return sum(_deliver_chunk(transactions, part, message, by, at, note) for part in halves)
        if isinstance(refusal, ChangedMeanwhile):
            if tries == 1:
                raise
            return _deliver_chunk(transactions, case_ids, message, by, at, note, tries - 1)
        with transactions() as session:
            told = message.told(case_by_id(session, case_ids[0]))
            note_incident(session, Attempt("deliver_message", told, case_id=case_ids[0], by=by), refusal, at=at)
        return 0


def _moves(
    session: Session,
    case_ids: Sequence[int],
    message: _Message,
    by: Actor,
    at: datetime,
    note: Callable[[Move], None],
) -> Iterator[Move]:
    cases = session.scalars(select(Case).where(Case.id.in_(case_ids)).order_by(Case.id)).all()
    faults = fire_all(session, cases, at).faults
    note_faults(session, faults, at)
    stuck = {fault.case_id for fault in faults}
    for case in cases:
        catch = wait_for(case.waits, message.name)
        if catch is not None and case.state == CaseState.ACTIVE and case.id not in stuck:
            move = Move(session, case, by, at)
            note(move)
            move.deliver(catch, message.variables(case), message.due_on)
            yield move


def chunks(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """The numbers in their order, `size` at a time."""
    remaining = iter(ids)
    while chunk := list(islice(remaining, size)):
        yield chunk
