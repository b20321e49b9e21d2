"""What the word of the deadline table does to a case whose day has passed.

A word belongs to the days of steps. What the day of a clock in a diagram does is drawn there, and the row says nothing.
"""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.events.deadlines import SupplementBlocked
from engine.audit.events.tasks import TaskEscalated, TaskOverdue
from engine.clock import day_of
from engine.deadlines.model import Deadline
from engine.errors import WrongState
from engine.moves.change import Change
from engine.moves.disposing import onto_the_list, stand_still
from engine.tasks import Task
from engine.words import Consequence, DeadlineState, TaskState, said_deadline


class SupplementWaits(WrongState):
    """Nothing is added to the budget of a case as long as that step of it is late."""

    code = "budget.supplement_blocked"


def follow(change: Change, deadline: Deadline) -> None:
    """Let happen what the table lays down for a step past its day; a word of an earlier release notes it as overdue."""
    if deadline.consequence is not None:
        FOLLOWS[deadline.consequence](change, deadline)


def must_not_be_blocked(session: Session, case_id: int) -> None:
    """Refuse to add to the budget of a case one of whose steps is late, where the table says so."""
    late = session.scalar(
        select(Deadline.name)
        .join(Task, Task.id == Deadline.task_id)
        .where(
            Deadline.case_id == case_id,
            Deadline.state == DeadlineState.FIRED,
            Deadline.consequence == Consequence.BLOCK_SUPPLEMENT,
            Task.state == TaskState.OPEN,
        )
        .order_by(Deadline.due_at, Deadline.name)
        .limit(1)
    )
    if late is not None:
        raise SupplementWaits(
            f"期限“{said_deadline(late)}”已过还没有办结，按期限表不予追加预算，没有办理。请先办结这一步。",
            case_id=case_id,
            deadline=late,
        )


def _remind(change: Change, deadline: Deadline) -> None:
    """Only the reminders go on, on the days the row names after the day."""


def _mark_overdue(change: Change, deadline: Deadline) -> None:
    change.record(TaskOverdue(deadline=deadline.name, task=deadline.task_id))


def _escalate(change: Change, deadline: Deadline) -> None:
    change.record(TaskEscalated(deadline=deadline.name, task=deadline.task_id))


def _suspend(change: Change, deadline: Deadline) -> None:
    _mark_overdue(change, deadline)
    why = f"期限“{said_deadline(deadline.name)}”已过，{_source(change, deadline)}"
    stand_still(change, why, since=day_of(change.at))


def _list_for_evaluation(change: Change, deadline: Deadline) -> None:
    _mark_overdue(change, deadline)
    onto_the_list(change, f"期限“{said_deadline(deadline.name)}”已过")


def _block_supplement(change: Change, deadline: Deadline) -> None:
    _mark_overdue(change, deadline)
    change.record(SupplementBlocked(id=deadline.id, deadline=deadline.name, task=deadline.task_id))


FOLLOWS: dict[Consequence, Callable[[Change, Deadline], None]] = {
    Consequence.REMIND: _remind,
    Consequence.MARK_OVERDUE: _mark_overdue,
    Consequence.ESCALATE: _escalate,
    Consequence.CLOSE: _mark_overdue,
    Consequence.SUSPEND: _suspend,
    Consequence.CANDIDATE: _list_for_evaluation,
    Consequence.BLOCK_SUPPLEMENT: _block_supplement,
}
"""Word → what it does. Nothing closes a step but a clock in its diagram, so of a step “close” only notes it is late."""


def _source(change: Change, deadline: Deadline) -> str:
    """The row of the table that lays it down."""
    stage, _, step = deadline.name.partition(".")
    row = change.policy.decide("deadline", {"stage": stage, "step": step}, on=deadline.started_on)
    return f"按期限表暂停（依据：{row.source}）"
