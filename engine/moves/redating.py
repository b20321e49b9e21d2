"""A deadline falls on another day, the same way whoever moves it: its reminders, its case and its task follow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from engine.audit.events import Event
from engine.deadlines import replanned
from engine.deadlines.model import Deadline
from engine.moves import writing
from engine.moves.change import Change
from engine.moves.due import calendar_of, planned_cells
from engine.policies import Policy
from engine.rectifications import Rectification
from engine.tasks import Task
from engine.words import DeadlineState, TaskState


@dataclass(frozen=True, slots=True)
class DayMove:
    """One deadline: what its row will hold (nothing where its day stays), and what its case tells of it, if anything.

    The day of a problem (`rectification_id`) moves in the ledger too.
    """

    deadline_id: UUID
    case_id: int
    task_id: UUID | None
    cells: Mapping[str, Any]
    told: Event | None
    rectification_id: int | None = None


def move_days(session: Session, changes: Sequence[Change], moves: Sequence[DayMove]) -> None:
    """Write what the moves say of these cases, one change a case; nobody else may be at work on them."""
    of_case = {change.case.id: change for change in changes}
    for move in moves:
        if move.told is not None:
            of_case[move.case_id].record(move.told)
    writing.write(changes)
    moved = [move for move in moves if move.cells]
    if moved:
        session.execute(update(Deadline), [{"id": move.deadline_id, **move.cells} for move in moved])
        for move in moved:
            _as_written(session, move)
        show_on_tasks(session, [move.task_id for move in moved])
    if problems := [move for move in moved if move.rectification_id is not None]:
        days = [{"id": move.rectification_id, "due_on": move.cells["due_on"]} for move in problems]
        session.execute(update(Rectification), days)


def _as_written(session: Session, move: DayMove) -> None:
    """Whoever has the row before them sees it as it is now."""
    known = session.identity_map.get(identity_key(Deadline, move.deadline_id))
    for name, value in move.cells.items() if known is not None else ():
        set_committed_value(known, name, value)


def cells_on(
    session: Session, policy: Policy, name: str, started_on: date, until: date, today: date
) -> dict[str, Any]:  # fmt: skip
    """The cells of a deadline that falls on `until`: reminder days are counted from there, those after `today` come."""
    plan = replanned(started_on, until, row_of(policy, name, started_on), calendar_of(session), remark="")
    return planned_cells(plan, until, today)


def row_of(policy: Policy, name: str, started_on: date) -> Mapping[str, Any]:
    """What the table says of a deadline that began on that day; every output None where it says nothing."""
    stage, _, step = name.partition(".")
    return policy.decide("deadline", {"stage": stage, "step": step}, on=started_on).outputs


def show_on_tasks(session: Session, task_ids: Sequence[UUID | None]) -> None:
    """Open tasks are due on the earliest of their dates, one that has passed included."""
    dates = (DeadlineState.PENDING, DeadlineState.FIRED)
    earliest = select(func.min(Deadline.due_on)).where(Deadline.task_id == Task.id, Deadline.state.in_(dates))
    session.execute(
        update(Task)
        .where(Task.id.in_([task for task in task_ids if task]), Task.state == TaskState.OPEN)
        .values(due_on=earliest.scalar_subquery())
        .execution_options(synchronize_session=False)
    )
