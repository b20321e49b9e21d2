"""A date has passed: what the tables lay down for it happens, once, in the order of the days, whoever asks and when.

What a late firing opens is dated from the day that passed, never from the hour at which somebody looked; so what it
opens may be over itself, and then takes effect in its turn.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from engine import process
from engine.audit.events.deadlines import DeadlineFired, DeadlineReminded
from engine.cases import Case
from engine.clock import day_of, start_of_day
from engine.deadlines.model import NOT_OVER, Deadline
from engine.deadlines.problems import CHAIN
from engine.deadlines.reminding import (
    Following,
    latest_afterwards,
    latest_reminder,
    next_reminder,
    reminder_afterwards,
)
from engine.errors import DefinitionError, EngineError
from engine.moves import updates, writing
from engine.moves.consequences import follow
from engine.moves.due import calendar_of
from engine.moves.faults import ends_transaction, in_words
from engine.moves.incidents import Attempt, note_incident
from engine.moves.move import Move
from engine.moves.problems import escalate_problem
from engine.stages import diagrams_of
from engine.tasks import Task
from engine.words import CaseState, DeadlineState

MOST_IN_A_ROW = 1000
"""So many dates of one case do not pass before somebody looks, unless a diagram goes in circles."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A deadline that could not take effect, and why; what is due of its case after it waits.

    Without a deadline it is not known which of the case it was.
    """

    deadline_id: UUID | None
    case_id: int
    reason: EngineError


@dataclass(frozen=True, slots=True)
class Fired:
    """What took effect, a written move for every deadline, and what could not."""

    moves: list[Move] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def taken(self) -> set[UUID]:
        """The tasks that were taken away."""
        return {task for move in self.moves for task in move.closed_tasks}


def fire_all(session: Session, cases: Iterable[Case], at: datetime) -> Fired:
    """Let everything of these cases that is due by `at` take effect and write it, with what becomes due by that.

    A move for every deadline: the next one finds the case as this one left it. A case one of whose deadlines fails
    stands where the one before left it. Somebody at work on a case meanwhile has this refused.
    """
    fired, waiting = Fired(), [case for case in cases if case.state != CaseState.SUSPENDED]
    for _ in range(MOST_IN_A_ROW):
        due = due_of(session, waiting, at)
        if not due:
            return fired
        first = [(Move(session, case, None, at), due[case.id][0]) for case in waiting if case.id in due]
        together = [move for move, deadline in first if _takes_effect(move, deadline, fired.faults)]
        writing.write(together)
        fired.moves.extend(together)
        waiting = [move.case for move in together if move.case.state != CaseState.SUSPENDED]
    for deadlines in due_of(session, waiting, at).values():
        fired.faults.append(_fault(deadlines[0], _goes_in_circles(deadlines[0])))
    return fired


def fire_first(session: Session, case: Case, at: datetime) -> Fired:
    """`fire_all` before something else happens to a case; raises the fault, if there is one."""
    fired = fire_all(session, [case], at)
    for fault in fired.faults:
        raise fault.reason
    if fired.moves:
        _read_anew(session)
    return fired


def note_faults(session: Session, faults: Iterable[Fault], at: datetime) -> None:
    """Put what could not take effect on record, each as an incident of its case."""
    for fault in faults:
        told = {"deadline_id": str(fault.deadline_id)} if fault.deadline_id is not None else {}
        note_incident(session, Attempt("fire_deadline", told, case_id=fault.case_id), fault.reason, at=at)


def fire_one(session: Session, deadline_id: UUID, *, at: datetime) -> bool:
    """`fire_first` for the case of a deadline that is due; False when it was met, fired or extended meanwhile.

    Claims case and deadline first (whoever is at work on the case is left alone, and the next sweep comes by), so each
    deadline takes effect once. Those of a case that stands still wait.
    """
    case = session.scalar(
        select(Case)
        .join(Deadline, Case.id == Deadline.case_id)
        .where(
            Deadline.id == deadline_id,
            Deadline.state == DeadlineState.PENDING,
            Deadline.due_at <= at,
            Case.state != CaseState.SUSPENDED,
        )
        .with_for_update(of=[Case, Deadline], skip_locked=True, key_share=True),
        execution_options={"populate_existing": True},
    )
    if case is None:
        return False
    fire_first(session, case, at)
    return True


def foresee(move: Move) -> None:
    """What is due of the case by now takes effect in memory: for who asks whether a step will still be there."""
    for deadline in due_of(move.session, [move.case], move.at).get(move.case.id, ()):
        fire_in(move, deadline)


def due_of(session: Session, cases: Sequence[Case], at: datetime) -> dict[int, list[Deadline]]:
    """What is due of each of these cases, in the order in which it takes effect: that of its days.

    On the same day what only notes that it has passed comes before what takes the step away; then by name and item.
    """
    if not cases:
        return {}
    of = {case.id: case for case in cases}
    rows = session.execute(
        select(Deadline, Task.item)
        .outerjoin(Task, Task.id == Deadline.task_id)
        .where(Deadline.case_id.in_(of), text(f"deadlines.{NOT_OVER}"), Deadline.due_at <= at)
        .order_by(Deadline.case_id),
        execution_options={"populate_existing": True},
    )
    due = {}
    for case_id, found in groupby(((row[0], row[1]) for row in rows), lambda each: each[0].case_id):
        due[case_id] = _in_order(session, of[case_id], list(found))
    return due


def _in_order(session: Session, case: Case, due: list[tuple[Deadline, str | None]]) -> list[Deadline]:
    on_one_day = len({deadline.day for deadline, _ in due}) < len(due)
    take_away = _interrupting(session, case) if on_one_day else frozenset()

    def rank(each: tuple[Deadline, str | None]) -> tuple[date, bool, str, str, date, UUID]:
        deadline, item = each
        return deadline.day, deadline.timer in take_away, deadline.name, item or "", deadline.started_on, deadline.id

    return [deadline for deadline, _ in sorted(due, key=rank)]


def _interrupting(session: Session, case: Case) -> frozenset[bytes]:
    """The clocks of the case that take a step away when they go off."""
    timers = process.look(diagrams_of(session, case.diagrams_id), case.process_state).opened_timers
    return frozenset(timer.key for timer in timers if timer.interrupting)


def _takes_effect(move: Move, deadline: Deadline, faults: list[Fault]) -> bool:
    """Whether a deadline took effect in the move; where it failed that is a fault more, and the move is nothing."""
    try:
        fire_in(move, deadline)
    except Exception as reason:
        if ends_transaction(reason):
            raise
        faults.append(_fault(deadline, in_words(reason)))
        return False
    return True


def _fault(deadline: Deadline, reason: EngineError) -> Fault:
    return Fault(deadline.id, deadline.case_id, reason)


def _read_anew(session: Session) -> None:
    """Whoever looked at a day or a task before sees what became of it."""
    for row in session.identity_map.values():
        if isinstance(row, Deadline | Task):
            session.expire(row)


def _goes_in_circles(deadline: Deadline) -> DefinitionError:
    return DefinitionError(
        f"案卷的期限一个接一个届满，{MOST_IN_A_ROW}个以后还没有完，流程图或期限表在转圈。请检查后由运维重试。",
        case_id=deadline.case_id,
        deadline=deadline.name,
    )


def remind_in(move: Move, deadline: Deadline) -> None:
    """Record that whoever has to keep a deadline is reminded of it, once for all its reminder days up to today."""
    if deadline.remind_at is None:
        return
    today, plan = day_of(move.at), deadline.plan
    if deadline.state == DeadlineState.FIRED:
        calendar = calendar_of(move.session)
        on, following = latest_afterwards(plan, today, calendar), reminder_afterwards(plan, today, calendar)
    else:
        on, following = latest_reminder(plan, today), Following(next_reminder(plan, today, deadline.day))
    updates.remind(move, deadline.id, deadline.remind_at, following)
    name, due_on, task = deadline.name, deadline.day, deadline.task_id
    on = on or day_of(deadline.remind_at)
    move.record(DeadlineReminded(id=deadline.id, deadline=name, due_on=due_on, task=task, on=on))


def fire_in(move: Move, deadline: Deadline) -> None:
    """One deadline's effect within a move, as of the day after it: its timer goes off, or what the table says happens.

    Nothing happens to one whose task or timer another deadline took away in the same move.
    """
    if deadline.task_id in move.closed_tasks or deadline.timer in move.closed_timers:
        return
    move.record(
        DeadlineFired(
            id=deadline.id,
            deadline=deadline.name,
            due_on=deadline.day,
            consequence="" if deadline.timer else deadline.consequence or "",  # rows of clocks once had a word
            task=deadline.task_id,
        )  # fmt: skip
    )
    with move.as_of(_late_since(deadline)):
        _set_off(move, deadline)
    updates.fire(move, deadline.id, _reminded_next(move, deadline))


def _reminded_next(move: Move, deadline: Deadline) -> Following:
    """When who let the day pass is reminded first; nobody where the work was taken away."""
    if deadline.task_id is None or deadline.task_id in move.closed_tasks:
        return Following(None)
    return reminder_afterwards(deadline.plan, deadline.day, calendar_of(move.session))


def _late_since(deadline: Deadline) -> datetime:
    """The first instant after the day; after the day on which it began, should that have been over already."""
    return start_of_day(max(deadline.day + timedelta(days=1), deadline.started_on))


def _set_off(move: Move, deadline: Deadline) -> None:
    if deadline.stands_alone and deadline.name in CHAIN:
        escalate_problem(move, deadline)
    elif deadline.timer is not None:
        move.fire(deadline.timer)
        if deadline.timer in move.closed_timers:  # it fired: nothing is left to be dropped
            move.closed_timers.remove(deadline.timer)
    else:
        follow(move, deadline)
