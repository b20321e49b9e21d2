"""该催谁: the open tasks that are past their day, the oldest first, with who has them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor, Person, Unit
from engine.queries.scope import visible_to
from engine.queries.year_counts import EVERYTHING, Share, of_share
from engine.stages import step_name
from engine.store.base import table_of
from engine.tasks import Task
from engine.words import CaseState, Role, TaskState

_cases, _tasks = table_of(Case).c, table_of(Task).c


@dataclass(frozen=True, slots=True)
class OverdueTask:
    """One task past its day: whose case, which step, and with whom it lies (`holder` None: in the office's pool)."""

    task_id: UUID
    case_id: int
    code: str
    name: str
    fiscal_year: int
    unit: str
    with_unit: str
    role: Role
    holder: str | None
    step: str
    due_on: date
    amount_wan: Decimal


@dataclass(frozen=True, slots=True)
class OverdueTasks:
    """How many there are, in how many cases, and the first of them."""

    tasks: int
    cases: int
    first: tuple[OverdueTask, ...]


def overdue_tasks(
    session: Session, actor: Actor, *, on: date, share: Share = EVERYTHING, most: int = 10
) -> OverdueTasks:
    """What is past its day in the moving cases the actor may see, of every year; `on` is today.

    The longest overdue first, then the most money.
    """
    late = (
        visible_to(actor),
        _tasks.jurisdiction == actor.jurisdiction,
        _tasks.state == TaskState.OPEN,
        _tasks.due_on < on,
        _cases.state == CaseState.ACTIVE,
        of_share(share),
    )
    counted = select(func.count(), func.count(_tasks.case_id.distinct())).join(Case, _cases.id == _tasks.case_id)
    tasks, cases = session.execute(counted.join(Unit, Unit.id == _cases.unit_id).where(*late)).one()
    with_unit = table_of(Unit).alias("with_unit")
    rows = session.execute(
        select(
            _tasks.id, _tasks.case_id, _cases.code, _cases.name, _cases.fiscal_year, Unit.name.label("unit"),
            with_unit.c.name.label("with_unit"), _tasks.role, Person.name.label("holder"), _tasks.process,
            _tasks.element, _tasks.due_on, _cases.amount_wan, _cases.diagrams_id,
        )
        .join(Case, _cases.id == _tasks.case_id)
        .join(Unit, Unit.id == _cases.unit_id)
        .join(with_unit, with_unit.c.id == _tasks.unit_id)
        .outerjoin(Person, Person.id == _tasks.holder_id)
        .where(*late)
        .order_by(_tasks.due_on, _cases.amount_wan.desc(), _tasks.id)
        .limit(most)
    )  # fmt: skip
    first = tuple(
        OverdueTask(
            row.id, row.case_id, row.code, row.name, row.fiscal_year, row.unit, row.with_unit, row.role, row.holder,
            step_name(session, row.diagrams_id, row.process, row.element), row.due_on, row.amount_wan,
        )
        for row in rows
    )  # fmt: skip
    return OverdueTasks(tasks, cases, first)
