"""By when a problem that stands in no letter has to be put right, and who hears of it when it is not."""

from datetime import date, timedelta
from uuid import uuid4

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from engine.audit.events.deadlines import DeadlineNotLaidDown
from engine.audit.events.rectifications import RectificationEscalated
from engine.clock import day_of
from engine.deadlines import UnconfirmedYear, shifted, working_days_between
from engine.deadlines.model import Deadline
from engine.deadlines.problems import AGAIN, CHAIN, RECTIFY, VERIFY
from engine.moves import updates
from engine.moves.change import Change
from engine.moves.due import calendar_of, day_told, deadline_row, row_on
from engine.policies import Policy
from engine.rectifications import Rectification
from engine.stages import library_in_force
from engine.store.archives import all_of
from engine.words import DeadlineState


def await_rectified(change: Change, problem: Rectification) -> None:
    """The unit has until the day of the ledger."""
    _open_day(change, problem, RECTIFY, problem.due_on)


def await_verified(change: Change, problem: Rectification) -> None:
    """The unit has reported: its day is kept, and finance has one now."""
    _close_days(change, problem)
    _open_day(change, problem, VERIFY)


def await_rectified_again(change: Change, problem: Rectification, reported_on: date) -> None:
    """The report was returned: the ledger has a day to go on with, and the unit until then."""
    _close_days(change, problem)
    assert problem.due_on is not None
    problem.due_on = day_again(change, problem.due_on, reported_on)
    change.session.flush()
    await_rectified(change, problem)


def await_rectified_until(change: Change, problem: Rectification, until: date) -> None:
    """The unit has until a later day, which the ledger shows; nobody hears of the earlier one any more."""
    _close_days(change, problem, DeadlineState.DROPPED)
    problem.due_on = until
    change.session.flush()
    await_rectified(change, problem)


def latest_day_of(change: Change, problem: Rectification) -> date:
    """How far its day may be put off: as many days after the one first written as the table in force lets it."""
    rows = all_of(Deadline)
    first = change.session.scalar(
        select(func.min(rows.laid_down_on)).where(rows.rectification_id == problem.id, rows.name == RECTIFY)
    )
    first = first or problem.due_on or problem.opened_on
    table = tables_in_force(change.session, change.case.jurisdiction)
    most = table.decide("deadline", _of(RECTIFY), on=day_of(change.at)).outputs["longest_extension"]
    return date(first.year + 1, 12, 31) if most is None else first + timedelta(days=int(most))


def nothing_awaited(change: Change, problem: Rectification) -> None:
    """The problem is struck off."""
    _close_days(change, problem)


def escalate_problem(change: Change, deadline: Deadline) -> None:
    """A day of an open problem has passed: the next office hears of it, and has a day of its own to see it done."""
    problem = change.session.get_one(Rectification, deadline.rectification_id)
    if problem.is_over:
        return
    passed = CHAIN[deadline.name]
    updates.rectify(change, problem.item, escalations=1, escalated_to=passed.office)
    change.record(RectificationEscalated(item=problem.item, due_on=deadline.day, office=passed.office))
    _open_day(change, problem, passed.next)


def day_again(change: Change, due_on: date, reported_on: date) -> date:
    """By when a returned problem has to be put right: while finance looked at it nothing ran.

    The working days that were left on `reported_on` are left again today, and a table may add some. One that was late
    by then, and has no days added, stays late by its old day; so does one whose days nobody can count yet.
    """
    calendar, today = calendar_of(change.session), day_of(change.at)
    tables = tables_in_force(change.session, change.case.jurisdiction)
    more = tables.decide("deadline", _of(AGAIN), on=today).outputs["working_days"]
    if due_on < reported_on and more is None:
        return due_on
    try:
        left = working_days_between(reported_on, due_on, calendar)
        return shifted(today, left + int(more or 0), calendar)
    except UnconfirmedYear:
        return due_on


def _open_day(change: Change, problem: Rectification, name: str, day: date | None = None) -> None:
    """A deadline of the problem, on `day` or as the tables in force lay it down: the case may be years old."""
    policy = tables_in_force(change.session, change.case.jurisdiction)
    if day is None:
        found = deadline_row(change.session, change.case, policy, name, change.at)
    else:
        found = row_on(change.session, change.case, policy, name, change.at, day)
    if found is None:
        change.record(DeadlineNotLaidDown(deadline=name))
        return
    row, ground = found
    row |= {"id": uuid4(), "task_id": None, "timer": None, "rectification_id": problem.id}
    change.new_deadlines[row["id"]] = row
    change.days[row["id"]] = day_told(row, ground)


def _close_days(change: Change, problem: Rectification, as_: DeadlineState = DeadlineState.MET) -> None:
    """Whatever was awaited of the problem was done, or is not awaited any more; nobody has to be told of it."""
    kept = case((Deadline.name.in_((RECTIFY, VERIFY)), as_), else_=DeadlineState.DROPPED)
    change.session.execute(
        update(Deadline)
        .where(
            Deadline.rectification_id == problem.id,
            Deadline.task_id.is_(None),
            Deadline.state == DeadlineState.PENDING,
        )
        .values(state=kept, closed_at=change.at, remind_at=None)
        .execution_options(synchronize_session=False)
    )


def tables_in_force(session: Session, jurisdiction: str) -> Policy:
    """What the days of problems outside letters are laid down by: not the tables of their case, which may be old."""
    library = library_in_force(session)
    return library.policy_version(session, library.policy_ids[jurisdiction])


def _of(name: str) -> dict[str, str]:
    stage, _, step = name.partition(".")
    return {"stage": stage, "step": step}
