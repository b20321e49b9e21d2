"""A date has passed: what the tables lay down for it happens, once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.events.deadlines import DeadlineFired, DeadlineReminded
from engine.audit.events.tasks import TaskEscalated, TaskOverdue
from engine.cases import Case
from engine.clock import day_of
from engine.deadlines.model import Deadline
from engine.deadlines.reminding import latest_reminder, next_reminder
from engine.moves import updates
from engine.moves.move import Move
from engine.words import CaseState, DeadlineState


def fire_one(session: Session, deadline_id: UUID, *, at: datetime) -> bool:
    """Carry out what follows from a deadline that is due; False when it was met, fired or extended meanwhile.

    Claims case and deadline first (whoever is at work on the case is left alone, and the next sweep comes by), so each
    deadline takes effect once. Those of a case that stands still wait.
    """
    claimed = session.execute(
        select(Deadline, Case)
        .join(Case, Case.id == Deadline.case_id)
        .where(
            Deadline.id == deadline_id,
            Deadline.state == DeadlineState.PENDING,
            Deadline.due_at <= at,
            Case.state == CaseState.ACTIVE,
        )
        .with_for_update(of=[Case, Deadline], skip_locked=True, key_share=True),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if claimed is None:
        return False
    deadline, case = claimed
    move = Move(session, case, None, at)
    fire_in(move, deadline)
    move.write()
    return True


def fire_due(move: Move) -> None:
    """Let everything of this case that is due by now take effect, before anything else happens to it."""
    due = move.session.scalars(
        select(Deadline)
        .where(
            Deadline.case_id == move.case.id,
            Deadline.state == DeadlineState.PENDING,
            Deadline.due_at <= move.at,
        )
        .order_by(Deadline.due_at, Deadline.name)
    )
    for deadline in due:
        fire_in(move, deadline)


def remind_in(move: Move, deadline: Deadline) -> None:
    """Record that whoever has to keep a deadline is reminded of it, once for all its reminder days up to today.

    Nothing happens to one whose task or timer another deadline took away in the same move.
    """
    if deadline.remind_at is None or _taken_away(move, deadline):
        return
    today = day_of(move.at)
    updates.remind(move, deadline.id, deadline.remind_at, next_reminder(deadline.plan, today, deadline.due_on))
    move.record(
        DeadlineReminded(
            id=deadline.id,
            deadline=deadline.name,
            due_on=deadline.due_on,
            task=deadline.task_id,
            on=latest_reminder(deadline.plan, today),
        )
    )


def _taken_away(move: Move, deadline: Deadline) -> bool:
    return deadline.task_id in move.closed_tasks or deadline.timer in move.closed_timers


def fire_in(move: Move, deadline: Deadline) -> None:
    """One deadline's effect within a move: its timer goes off, or its consequence is noted.

    Nothing happens to one whose task or timer another deadline took away in the same move.
    """
    if _taken_away(move, deadline):
        return
    updates.fire(move, deadline.id, move.at)
    move.record(
        DeadlineFired(
            id=deadline.id,
            deadline=deadline.name,
            due_on=deadline.due_on,
            consequence=deadline.consequence,
            task=deadline.task_id,
        )  # fmt: skip
    )
    if deadline.timer is not None:
        move.fire(deadline.timer)
        if deadline.timer in move.closed_timers:  # it fired: nothing is left to be dropped
            move.closed_timers.remove(deadline.timer)
    elif deadline.consequence == "escalate":
        move.record(TaskEscalated(deadline=deadline.name, task=deadline.task_id))
    elif deadline.consequence in ("mark_overdue", "close", "suspend"):
        move.record(TaskOverdue(deadline=deadline.name, task=deadline.task_id))
