"""A later day for a deadline: what is refused, and how the task shows it."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from engine.clock import first_late
from engine.deadlines import UnconfirmedYear, replanned
from engine.deadlines.model import Deadline
from engine.deadlines.reminding import kept_days, next_reminder
from engine.errors import InvalidInput
from engine.moves.due import calendar_of
from engine.moves.years import FISCAL_YEARS
from engine.policies import Policy
from engine.reviews import ReasonMissing
from engine.tasks import Task
from engine.texts import is_blank
from engine.words import DeadlineState, TaskState


class DateRefused(InvalidInput):
    """A deadline only moves later."""

    code = "deadline.date_refused"


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


def moved_to(session: Session, policy: Policy, name: str, started_on: date, until: date, today: date) -> dict[str, Any]:
    """The cells of a deadline moved to `until`: its reminder days are counted from there; those after `today` come.

    In a year whose working days are not confirmed no reminder day can be counted; then there are none.
    """
    stage, _, step = name.partition(".")
    laid_down = policy.decide("deadline", {"stage": stage, "step": step}, on=started_on)
    try:
        plan = replanned(started_on, until, laid_down.outputs, calendar_of(session), remark="")
        days = kept_days(reminder.on for reminder in plan.reminders)
    except UnconfirmedYear:
        days = []
    kept = {"reminders": days}
    return {
        "due_on": until, "due_at": first_late(until), "plan": kept, "remind_at": next_reminder(kept, today, until),
    }  # fmt: skip


def refuse_bad_extension(reason: str, until: date, before: date | None) -> None:
    if is_blank(reason):
        raise ReasonMissing("延长期限要写明原因，没有办理。请补充。")
    if until.year not in FISCAL_YEARS:
        raise DateRefused(f"{until:%Y-%m-%d}不是可用的截止日，没有办理。请核对年份。", until=until.isoformat())
    if before is not None and until <= before:
        raise DateRefused(f"新的截止日应晚于{before:%Y-%m-%d}，没有办理。", until=until.isoformat())
