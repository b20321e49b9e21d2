"""When the diagram cannot be carried on: the case stays as it was, the fault is on record, no word is lost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NoReturn, TypeVar
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine.audit.events.cases import IncidentRaised, IncidentResolved
from engine.cases import Case, Incident, case_by_id
from engine.deadlines.model import Deadline
from engine.directory import Actor
from engine.errors import EngineError, WrongState
from engine.moves.move import Move, note
from engine.process import ProcessIncident
from engine.store import Database, retrying
from engine.store.archives import row_by_id
from engine.tasks import Draft, Task
from engine.words import IncidentState

_T = TypeVar("_T")


class CaseStuck(WrongState):
    """The step was not carried out, because the diagram behind it failed; `incident` is the number to quote."""

    code = "incident.case_stuck"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A command as it was asked for: its name, what it was about, and as JSON all it takes to do it again."""

    command: str
    arguments: Mapping[str, Any]
    case_id: int | None = None
    task_id: UUID | None = None
    deadline_id: UUID | None = None
    by: Actor | None = None
    content: Mapping[str, Any] | None = field(default=None, repr=False)


def guarded(
    database: Database, jurisdiction: str, work: Callable[[Session], _T], attempt: Attempt, *, at: datetime
) -> _T:
    """What `work` gives, in one transaction; when the diagram fails, an incident instead and a refusal that says so."""
    try:
        return retrying(database, jurisdiction, work)
    except ProcessIncident as fault:
        _refuse(database, jurisdiction, attempt, fault, at)


def _refuse(database: Database, jurisdiction: str, attempt: Attempt, fault: ProcessIncident, at: datetime) -> NoReturn:
    incident = retrying(database, jurisdiction, lambda session: note_incident(session, attempt, fault, at=at))
    kept = "您填写的内容已存为草稿。" if attempt.content is not None else ""
    raise CaseStuck(
        f"流程在这一步之后不能自动继续，没有办理，案卷保持原状。{kept}"
        f"请把异常编号{incident.id}告诉运维人员，处理后再办。",
        incident=incident.id,
        case_id=incident.case_id,
        element=incident.element,
    ) from fault


def note_incident(session: Session, attempt: Attempt, fault: EngineError, *, at: datetime) -> Incident:
    """Put a fault on record; the same command failing at the same place again only counts one attempt more."""
    case = _case_of(session, attempt)
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:case))"), {"case": f"incident {case.id}"})
    typed_into = attempt.task_id if case.closed_at is None else None
    if attempt.content is not None and typed_into is not None and attempt.by is not None:
        _keep_typed(session, typed_into, attempt.content, attempt.by, at)
    place = [str(fault.facts[part]) for part in ("process_id", "element_id") if fault.facts.get(part)]
    element = ".".join(place) or None
    known = session.scalar(
        select(Incident).where(
            Incident.case_id == case.id,
            Incident.command == attempt.command,
            Incident.task_id.is_not_distinct_from(attempt.task_id),
            Incident.element.is_not_distinct_from(element),
            Incident.state == "open",
        )
    )
    if known is None:
        return _first_time(session, case, attempt, fault, element, at)
    known.attempts += 1
    known.arguments = dict(attempt.arguments)
    known.message = fault.message
    session.flush()
    return known


def _case_of(session: Session, attempt: Attempt) -> Case:
    case_id = attempt.case_id
    if attempt.task_id is not None:
        task = row_by_id(session, Task, attempt.task_id)
        case_id = task.case_id if task is not None else case_id
    elif attempt.deadline_id is not None:
        deadline = row_by_id(session, Deadline, attempt.deadline_id)
        case_id = deadline.case_id if deadline is not None else case_id
    assert case_id is not None
    return case_by_id(session, case_id)


def _first_time(
    session: Session, case: Case, attempt: Attempt, fault: EngineError, element: str | None, at: datetime
) -> Incident:
    incident = Incident(
        jurisdiction=case.jurisdiction, case_id=case.id, task_id=attempt.task_id, command=attempt.command,
        arguments=dict(attempt.arguments), element=element, message=fault.message, raised_at=at,
    )  # fmt: skip
    session.add(incident)
    session.flush()
    move = Move(session, case, attempt.by, at)
    command, reason = attempt.command, fault.message
    move.record(IncidentRaised(incident=incident.id, command=command, element=element, reason=reason))
    move.write()
    return incident


def _keep_typed(session: Session, task_id: UUID, content: Mapping[str, Any], by: Actor, at: datetime) -> None:
    """The person's words as their draft; a colleague's draft of the same task is left alone (the incident has both)."""
    row = {
        "task_id": task_id, "jurisdiction": by.jurisdiction,
        "content": dict(content), "saved_by": by.person_id, "saved_at": at,
    }  # fmt: skip
    session.execute(
        insert(Draft)
        .values(row)
        .on_conflict_do_update(
            index_elements=[Draft.task_id],
            set_={"version": Draft.version + 1, "content": dict(content), "saved_at": at},
            where=Draft.saved_by == by.person_id,
        )
    )


def resolve(session: Session, incident: Incident, *, by: Actor, at: datetime, how: str) -> None:
    """Note that an incident is over; call it in the transaction that put things right."""
    incident.state, incident.resolved_at = IncidentState.RESOLVED, at
    session.flush()
    note(session, case_by_id(session, incident.case_id), by, at, IncidentResolved(incident=incident.id, how=how))


def resolve_all(session: Session, case: Case, *commands: str, by: Actor, at: datetime, how: str) -> None:
    """The same for every open incident of a case, or those of some commands only."""
    of_it = select(Incident).where(Incident.case_id == case.id, Incident.state == IncidentState.OPEN)
    for incident in session.scalars(of_it.order_by(Incident.id)).all():
        if not commands or incident.command in commands:
            resolve(session, incident, by=by, at=at, how=how)
