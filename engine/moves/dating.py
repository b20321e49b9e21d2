"""放假安排确认以后: what waited for the days of a year gets its day, and the reminders that were left open."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session

from engine.audit.events.deadlines import DeadlineDated
from engine.cases import Case
from engine.clock import day_of
from engine.deadlines import Plan, WorkingCalendar, plan_counted, plan_fixed, replanned
from engine.deadlines.model import WAITS_FOR_A_YEAR, Deadline
from engine.directory import Actor
from engine.moves.change import Change
from engine.moves.due import planned_cells
from engine.moves.redating import DayMove, move_days, row_of
from engine.policies import Policy
from engine.stages import library_of


def waiting_in(jurisdiction: str) -> Select[Deadline]:
    """The deadlines of a jurisdiction that wait for a year, case by case."""
    waits = Deadline.jurisdiction == jurisdiction, text(f"deadlines.{WAITS_FOR_A_YEAR}")
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
        if plan.awaits_year == deadline.awaits_year:
            continue
        due_on = deadline.due_on or (plan.due_on and max(plan.due_on, today))
        cells = planned_cells(plan, due_on, today)
        told = None
        if deadline.due_on is None and plan.due_on is not None and due_on is not None:
            cells |= {"laid_down_on": plan.due_on, "calendar": calendar.version}
            told = DeadlineDated(
                id=deadline.id, deadline=deadline.name, due_on=due_on, year=deadline.awaits_year or due_on.year,
                calendar=calendar.version,
            )  # fmt: skip
        yield DayMove(deadline.id, deadline.case_id, deadline.task_id, cells, told, deadline.on_ledger)


def plan_again(policy: Policy, deadline: Deadline, calendar: WorkingCalendar) -> Plan:
    """The plan of a deadline that waits for a year, by this calendar; one that has its day keeps it."""
    row = row_of(policy, deadline.name, deadline.started_on)
    if deadline.due_on is not None:
        return replanned(deadline.started_on, deadline.due_on, row, calendar, remark="")
    if deadline.working_days is not None:
        return plan_counted(deadline.started_on, deadline.working_days, row, calendar)
    return plan_fixed(deadline.started_on, deadline.laid_down_on or deadline.started_on, row, calendar)
