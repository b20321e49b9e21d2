"""恢复: the working days a case stood still are given back to its deadlines, each as its row of the table says."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from engine.audit import Entry
from engine.audit.events.cases import CaseSuspended
from engine.audit.events.deadlines import DeadlineGivenBack
from engine.cases import Case
from engine.clock import day_of, last_instant
from engine.deadlines import shifted, working_days_between
from engine.deadlines.model import NOT_OVER, Deadline
from engine.moves.change import Change
from engine.moves.due import calendar_of
from engine.moves.redating import DayMove, cells_on
from engine.policies import Policy
from engine.words import Suspension


def given_back(change: Change) -> Sequence[DayMove]:
    """What becomes of the days of a suspended case that goes on in this change.

    A day moves by as many working days as the case stood still, the day it was suspended on not counted; none comes to
    lie in the past by it. What was due before the case was suspended, and what runs on, stays.
    """
    session, case = change.session, change.case
    since, today = _suspended_at(session, case), day_of(change.at)
    if since is None:
        return ()
    days = working_days_between(day_of(since), today, calendar_of(session))
    return tuple(_moves(change, since, days, today)) if days else ()


def _moves(change: Change, since: datetime, days: int, today: date) -> Iterator[DayMove]:
    session = change.session
    running = select(Deadline).where(
        Deadline.case_id == change.case.id, text(f"deadlines.{NOT_OVER}"), Deadline.due_at > since
    )
    for deadline in session.scalars(running.order_by(Deadline.due_at, Deadline.name, Deadline.id)):
        if _is_taken_away(change, deadline) or not _is_given_back(change.policy, deadline):
            continue
        after = max(today, shifted(deadline.due_on, days, calendar_of(session)))
        cells = cells_on(session, change.policy, deadline.name, deadline.started_on, after, today)
        told = DeadlineGivenBack(
            id=deadline.id, deadline=deadline.name, before=deadline.due_on, after=after, days=days
        )  # fmt: skip
        yield DayMove(deadline.id, deadline.case_id, deadline.task_id, cells, told, deadline.on_ledger)


def _is_taken_away(change: Change, deadline: Deadline) -> bool:
    """Whether a launch the case joins in this change took its task, or its own clock, away."""
    return deadline.task_id in change.closed_tasks or deadline.timer in change.closed_timers


def _is_given_back(policy: Policy, deadline: Deadline) -> bool:
    """By the row of the table; where none says anything, the time is given back."""
    stage, _, step = deadline.name.partition(".")
    laid_down = policy.decide("deadline", {"stage": stage, "step": step}, on=deadline.started_on)
    return laid_down.outputs.get("suspension") != Suspension.RUNS_ON


def _suspended_at(session: Session, case: Case) -> datetime | None:
    """Since when it stands still; its journal knows."""
    told = select(Entry).where(Entry.case_id == case.id, Entry.type == CaseSuspended.name)
    last = session.scalars(told.order_by(Entry.seq.desc()).limit(1)).one_or_none()
    if last is None:
        return None
    since = last.payload.get("since")  # a day the clock suspended it from, however late it came by
    return last.at if since is None else last_instant(date.fromisoformat(since) - timedelta(days=1))
