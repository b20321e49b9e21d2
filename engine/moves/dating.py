"""放假安排确认以后: what waited for the days of a year gets its day, and the reminders that were left open.

Of reminders whose days are over by then one is told, as of days nobody swept.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine.audit.events.deadlines import DeadlineDated
from engine.cases import Case
from engine.clock import day_of
from engine.deadlines import Plan, WorkingCalendar, plan_counted, plan_fixed, replanned
from engine.deadlines.model import Deadline
from engine.deadlines.reminding import reminder_afterwards, reminder_known_now, waits_for_a_year
from engine.directory import Actor
from engine.moves.change import Change
from engine.moves.due import planned_cells
from engine.moves.redating import DayMove, move_days, row_of
from engine.policies import Policy
from engine.stages import library_of
from engine.words import DeadlineState


def waiting_in(jurisdiction: str) -> Select[Deadline]:
    """The deadlines of a jurisdiction that wait for a year, case by case."""
    waits = Deadline.jurisdiction == jurisdiction, *waits_for_a_year()
    return select(Deadline).where(*waits).order_by(Deadline.case_id, Deadline.started_on, Deadline.id)


def date_waiting(
    session: Session, jurisdiction: str, calendar: WorkingCalendar, *, at: datetime, by: Actor | None = None
) -> int:  # fmt: skip
    """Date what can be dated by this calendar, each told in its case; gives how many got their day. Asked again, none.

    No day comes to lie before today. The cases are locked first; whoever has locked some already has them in order.
    """
    ids = set(session.scalars(waiting_in(jurisdiction).with_only_columns(Deadline.case_id).order_by(None)))
    if not ids:
        return 0
    locked = select(Case).where(Case.id.in_(ids)).order_by(Case.id).with_for_update(key_share=True)
    cases = {case.id: case for case in session.scalars(locked.execution_options(populate_existing=True))}
    moves = list(_moves(session, cases, session.scalars(waiting_in(jurisdiction)).all(), calendar, day_of(at)))
    told = {move.case_id for move in moves if move.told is not None}
    move_days(session, [Change(session, cases[case_id], by, at) for case_id in sorted(told)], moves)
    return sum(move.told is not None for move in moves)


def _moves(
    session: Session, cases: dict[int, Case], waiting: Sequence[Deadline], calendar: WorkingCalendar, today: date
) -> Iterator[DayMove]:  # fmt: skip
    for deadline in waiting:
        policy = library_of(session).policy_version(session, cases[deadline.case_id].policy_id)
        plan = plan_again(policy, deadline, calendar)
        due_on = deadline.due_on or (plan.due_on and max(plan.due_on, today))
        cells = planned_cells(plan, due_on, today)
        if deadline.due_on is not None:
            cells |= _reminders(deadline, cells, calendar, today)
        if cells["awaits_year"] == deadline.awaits_year:
            continue
        told = None
        if deadline.due_on is None and plan.due_on is not None and due_on is not None:
            cells |= {"laid_down_on": plan.due_on, "calendar": calendar.version}
            told = DeadlineDated(
                id=deadline.id, deadline=deadline.name, due_on=due_on, year=deadline.awaits_year or due_on.year,
                calendar=calendar.version,
            )  # fmt: skip
        yield DayMove(deadline.id, deadline.case_id, deadline.task_id, cells, told, deadline.on_ledger)


def _reminders(
    deadline: Deadline, cells: Mapping[str, Any], calendar: WorkingCalendar, today: date
) -> dict[str, Any]:  # fmt: skip
    """When one that has its day reminds next; what was known before and has not been told yet stays."""
    if deadline.state == DeadlineState.FIRED:
        known_until = date((deadline.awaits_year or today.year) - 1, 12, 31)
        at, awaits_year = reminder_afterwards(cells["plan"], max(deadline.day, known_until), calendar)
    else:
        at, awaits_year = reminder_known_now(deadline.plan, cells["plan"], today, deadline.day), None
    first = min((each for each in (at, deadline.remind_at) if each is not None), default=None)
    return {"remind_at": first, "awaits_year": cells["awaits_year"] or awaits_year}


def plan_again(policy: Policy, deadline: Deadline, calendar: WorkingCalendar) -> Plan:
    """The plan of a deadline that waits for a year, by this calendar; one that has its day keeps it."""
    row = row_of(policy, deadline.name, deadline.started_on)
    if deadline.due_on is not None:
        return replanned(deadline.started_on, deadline.due_on, row, calendar, remark="")
    if deadline.working_days is not None:
        return plan_counted(deadline.started_on, deadline.working_days, row, calendar)
    return plan_fixed(deadline.started_on, deadline.laid_down_on or deadline.started_on, row, calendar)
