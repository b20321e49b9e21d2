"""One case as somebody needs it who is about to change its course: where it stands, what is open, where it could go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases import Case, CaseNotFound
from engine.deadlines.model import Deadline
from engine.directory import Actor, Unit
from engine.moves.fund_lines import lines_of
from engine.queries.case_card import positions_of
from engine.queries.case_walk import BY_PEOPLE
from engine.queries.deadline_reasons import DeadlineUnknown
from engine.queries.scope import visible_to
from engine.stages import diagrams_of, step_name
from engine.store.base import table_of
from engine.tasks import Task
from engine.words import Role, TaskState

_cases, _tasks = table_of(Case).c, table_of(Task).c
IN_REPAIR = (Role.OPERATOR,)
"""Offices that see every case in this read: they put right what went wrong, and see no more than that."""


@dataclass(frozen=True, slots=True)
class OpenStep:
    """Somebody's open task: what it is called, which office has it, until when."""

    name: str
    role: Role
    due_on: date | None


@dataclass(frozen=True, slots=True)
class LineInHand:
    """One of the sums a case is financed from, in 万元."""

    number: int
    name: str
    amount_wan: Decimal


@dataclass(frozen=True, slots=True)
class CaseInHand:
    """The head of a case, what is open in it, and its `version`, which the next command is handed as `expected`.

    `facts` are what is known of its object.
    """

    case_id: int
    code: str
    name: str
    unit: str
    fiscal_year: int
    amount_wan: Decimal
    agency: str | None
    state: str
    version: int
    diagrams_id: int
    open: tuple[OpenStep, ...]
    lines: tuple[LineInHand, ...] = ()
    object_kind: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DayInHand:
    """One pending deadline and its case."""

    deadline_id: UUID
    name: str
    started_on: date
    due_on: date | None
    state: str
    case: CaseInHand


def case_in_hand(session: Session, actor: Actor, case_id: int) -> CaseInHand:
    """A case the actor may see, or may put right; refuses one that is not there for them."""
    case = _seen(session, actor, case_id)
    tasks = session.scalars(
        select(Task).where(_tasks.case_id == case_id, _tasks.state == TaskState.OPEN).order_by(_tasks.opened_at)
    )
    units = session.execute(select(Unit.id, Unit.name).where(Unit.id.in_([case.unit_id, case.agency_id])))
    names = {row.id: row.name for row in units}
    return CaseInHand(
        case_id=case.id,
        code=case.code,
        name=case.name,
        unit=names[case.unit_id],
        fiscal_year=case.fiscal_year,
        amount_wan=case.amount_wan,
        agency=names.get(case.agency_id) if case.agency_id is not None else None,
        state=case.state,
        version=case.journal_seq,
        diagrams_id=case.diagrams_id,
        open=tuple(
            OpenStep(step_name(session, case.diagrams_id, task.process, task.element), task.role, task.due_on)
            for task in tasks
        ),
        lines=tuple(LineInHand(*row) for row in lines_of(session, case.id)),
        object_kind=case.object_kind,
        facts=dict(case.facts),
    )


def steps_to_move_to(session: Session, actor: Actor, case_id: int) -> Mapping[str, str]:
    """`process.element` → name and office of every step of people in the diagrams a case stands in now."""
    case = _seen(session, actor, case_id)
    diagrams = diagrams_of(session, case.diagrams_id)
    stands = dict.fromkeys(place.process for place in positions_of(session, case))
    return {
        f"{process}.{step.element_id}": f"{step.name}（{step.lane}）"
        for process in stands
        for step in diagrams.steps(process)
        if step.kind in BY_PEOPLE and not step.per_item
    }


def day_in_hand(session: Session, actor: Actor, deadline_id: UUID) -> DayInHand:
    """A deadline of a case the actor may see; refuses one that is not there for them."""
    deadline = session.get(Deadline, deadline_id)
    if deadline is None:
        raise DeadlineUnknown("没有这个期限，或者案卷已归档。请从案卷重新打开。", deadline_id=str(deadline_id))
    case = case_in_hand(session, actor, deadline.case_id)
    return DayInHand(deadline.id, deadline.name, deadline.started_on, deadline.due_on, deadline.state, case)


def _seen(session: Session, actor: Actor, case_id: int) -> Case:
    case = session.scalar(select(Case).where(_cases.id == case_id, visible_to(actor, whole=IN_REPAIR)))
    if case is None:
        raise CaseNotFound("没有这份案卷，或者您无权查看。请核对编号。", case_id=case_id)
    return case
