"""异常: automatic steps that failed and were not put right yet; for those who run the system."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases import Case, Incident
from engine.directory import Actor, Unit
from engine.queries import cursor
from engine.queries.scope import of_visible_case
from engine.stages import step_name
from engine.store.base import table_of
from engine.words import Role

_cases, _incidents = table_of(Case).c, table_of(Incident).c


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """One fault: what was tried, where in the diagram it failed (`step` is its name), why, how often."""

    id: int
    case_id: int
    code: str
    case_name: str
    unit: str
    task_id: UUID | None
    command: str
    element: str | None
    message: str
    state: str
    attempts: int
    raised_at: datetime
    resolved_at: datetime | None
    step: str | None


def incidents(
    session: Session,
    actor: Actor,
    *,
    open_only: bool = True,
    case_id: int | None = None,
    among: Collection[int] | None = None,
    limit: int = 50,
    after: str | None = None,
) -> cursor.Page[IncidentLine]:
    """The faults of the cases the actor may see (the operator: of all), the latest first; `among` these numbers."""
    found = (
        select(
            _incidents.id, _incidents.case_id, _cases.code, _cases.name, Unit.name.label("unit"), _incidents.task_id,
            _incidents.command, _incidents.element, _incidents.message, _incidents.state, _incidents.attempts,
            _incidents.raised_at, _incidents.resolved_at,
            _cases.diagrams_id,
        )
        .join(Case, _cases.id == _incidents.case_id)
        .join(Unit, Unit.id == _cases.unit_id)
        .where(
            of_visible_case(_incidents.case_id, actor, whole=(Role.OPERATOR,)),
            _incidents.jurisdiction == actor.jurisdiction,
        )
    )  # fmt: skip
    if open_only:
        found = found.where(_incidents.state == "open")
    if case_id is not None:
        found = found.where(_incidents.case_id == case_id)
    if among is not None:
        found = found.where(_incidents.id.in_(among))
    filters = (open_only, case_id) if among is None else (open_only, case_id, *sorted(among))
    return cursor.turn(
        session, found, (_incidents.id,), lambda row: _line(session, row),
        name="incidents", filters=filters, limit=limit, after=after,
    )  # fmt: skip


def _line(session: Session, row: Any) -> IncidentLine:
    process, _, element = (row.element or "").partition(".")
    told = row._asdict()
    diagrams_id = told.pop("diagrams_id")
    named = {"code": told["code"], "case_name": told.pop("name")}
    return IncidentLine(
        **told | named, step=step_name(session, diagrams_id, process, element) if element else row.element
    )
