"""A step taken so that nothing is lost when it fails, and how one that failed is done again from its incident."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine.cases import Case, Incident, case_by_id
from engine.directory import Actor
from engine.moves.faults import in_words, lies_with_database
from engine.moves.finishing import finish
from engine.moves.firing import fire_first
from engine.moves.incidents import Attempt, guarded
from engine.moves.lateness import hands_in_late
from engine.moves.lost_days import lost_days
from engine.moves.move import Move, wait_for
from engine.moves.outcome import Outcome
from engine.moves.reading import standing
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked
from engine.stages import diagrams_of
from engine.store import Database
from engine.words import Role, TaskState

FAILED_BEFORE = "按时办理时系统出错，没有办成；由运维人员重试办结"


def completed_safely(database: Database, jurisdiction: str, asked: Asked, task_id: UUID, outcome: Outcome) -> Receipt:
    """A step taken in a transaction of its own; when the diagram fails, an incident and the form as a draft."""
    arguments = {"outcome": outcome.told(), "by": told_actor(asked.by), "key": asked.key}
    attempt = Attempt("complete_task", arguments, task_id=task_id, by=asked.by, content=outcome.content)
    return guarded(database, jurisdiction, lambda s: finish(s, asked, task_id, outcome), attempt, at=asked.at)


def _complete_again(session: Session, incident: Incident, by: Actor, at: datetime) -> None:
    assert incident.task_id is not None
    if standing(session, incident.task_id).task.state == TaskState.OPEN:
        told = incident.arguments
        whose, outcome = actor_told(told["by"]), Outcome(**told["outcome"])
        content = {"task": incident.task_id, **outcome.told()}
        asked = Asked("complete_task", whose, at, told["key"], content=content)
        outcome = replace(outcome, reason=outcome.reason or _why_late(session, incident.task_id, outcome, at))
        finish(session, asked, incident.task_id, outcome)


def _why_late(session: Session, task_id: UUID, outcome: Outcome, at: datetime) -> str | None:
    """The reason of what would only be late because it failed; what was late when it was tried has its own."""
    found = standing(session, task_id)
    element = diagrams_of(session, found.case.diagrams_id).element(found.task.process, found.task.element)
    return FAILED_BEFORE if hands_in_late(found.task, found.case, element, outcome.word, at) else None


def _fire_again(session: Session, incident: Incident, by: Actor, at: datetime) -> None:
    case = session.get_one(Case, incident.case_id, with_for_update={"key_share": True})
    try:
        fire_first(session, case, at)
    except Exception as reason:
        if lies_with_database(reason):
            raise
        raise in_words(reason) from reason


def _check_again(session: Session, incident: Incident, by: Actor, at: datetime) -> None:
    fire_first(session, session.get_one(Case, incident.case_id, with_for_update={"key_share": True}), at)
    for day in lost_days(session, at, incident.case_id):
        if day.attempt.task_id == incident.task_id:
            raise day.reason


def _deliver_again(session: Session, incident: Incident, by: Actor, at: datetime) -> None:
    case = case_by_id(session, incident.case_id)
    fire_first(session, case, at)
    catch = wait_for(case.waits, incident.arguments["message"])
    if catch is not None:
        case.must_be_active()
        move = Move(session, case, by, at)
        due = incident.arguments.get("due_on")
        move.deliver(catch, incident.arguments["variables"], date.fromisoformat(due) if due else None)
        move.write()


AGAIN: dict[str, Callable[[Session, Incident, Actor, datetime], None]] = {
    "complete_task": _complete_again,
    "fire_deadline": _fire_again,
    "deliver_message": _deliver_again,
    "check_days": _check_again,
}
"""Commands an operator can run again; each does nothing where the thing was done meanwhile."""


def attempt_of(incident: Incident) -> Attempt:
    """The attempt an incident remembers, so that a new failure counts on the same incident."""
    return Attempt(incident.command, incident.arguments, case_id=incident.case_id, task_id=incident.task_id)


def told_actor(by: Actor) -> dict[str, Any]:
    """An actor as JSON, with the offices held when the step was taken."""
    return {
        "person_id": by.person_id,
        "name": by.name,
        "jurisdiction": by.jurisdiction,
        "unit_id": by.unit_id,
        "roles": sorted(by.roles),
        "acting_for": by.acting_for,
    }


def actor_told(told: Mapping[str, Any]) -> Actor:
    """The actor that `told_actor` wrote down."""
    return Actor(**{**told, "roles": frozenset(Role(role) for role in told["roles"])})
