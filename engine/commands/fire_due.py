"""Everything that is due in a jurisdiction takes effect, many cases a transaction."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import func, or_, select, text, union_all
from sqlalchemy.orm import Session

from engine.audit.events.deadlines import DeadlineFired
from engine.cases import Case
from engine.deadlines.due import held_by_nothing, takes_effect
from engine.deadlines.model import NOT_OVER, Deadline
from engine.deadlines.reminding import reminds
from engine.errors import EngineError
from engine.moves import writing
from engine.moves.delivering import Transactions, chunks
from engine.moves.firing import fire_in, fire_one, remind_in
from engine.moves.incidents import Attempt, note_incident
from engine.moves.move import Move
from engine.words import CaseState

CHUNK = 200
"""How many cases move in one transaction; who wants to work on one of them waits until it is over."""


def fire_due(
    transactions: Transactions,
    *,
    at: datetime,
    most: int | None = None,
    chunk: int = CHUNK,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Let all that is due by `at` take effect, `chunk` cases a transaction; gives how many deadlines did.

    What is due of one case takes effect together, in the order of its days; then who has to keep its other days is
    reminded of those whose reminder day has come, once for all the days nobody swept.

    The cases that have waited longest come first, at most `most` of them. Whoever is at work on a case is left
    alone, and the next sweep comes by; so is a case another sweep has in hands. A case whose diagram fails is left
    standing with an incident, and no sweep comes by until that is put right. Interrupted, it can simply be asked
    again. `transactions` opens a transaction of the jurisdiction; `progress` hears how many cases of how many were
    looked at.
    """
    with transactions() as session:
        waiting = _cases_due(session, at, most)
    fired = looked_at = 0
    for case_ids in chunks(waiting, chunk):
        fired += _fire_together(transactions, case_ids, at)
        looked_at += len(case_ids)
        progress(looked_at, len(waiting))
    return fired


def _cases_due(session: Session, at: datetime, most: int | None) -> Sequence[int]:
    due = select(Deadline.case_id, Deadline.due_at.label("since")).where(*takes_effect(at))
    to_remind = select(Deadline.case_id, Deadline.remind_at.label("since")).where(*reminds(at))
    waiting = union_all(due, to_remind).subquery().c
    longest_first = select(waiting.case_id).group_by(waiting.case_id).order_by(func.min(waiting.since), waiting.case_id)
    return session.scalars(longest_first.limit(most)).all()


def _fire_together(transactions: Transactions, case_ids: Sequence[int], at: datetime) -> int:
    """How many took effect; the cases whose diagram fails are gone through afterwards, one deadline after the other."""
    moves, stuck = [], []
    with transactions() as session:
        cases = _claimed(session, case_ids)
        for case_id, due in groupby(_due_of(session, list(cases), at), lambda deadline: deadline.case_id):
            move = Move(session, cases[case_id], None, at)
            try:
                for deadline in due:
                    (fire_in if deadline.due_at <= at else remind_in)(move, deadline)
            except EngineError:
                stuck.append(case_id)
            else:
                moves.append(move)
        writing.write(moves)
    fired = sum(isinstance(event, DeadlineFired) for move in moves for event, _ in move.events)
    return fired + sum(_fire_up_to_the_fault(transactions, case_id, at) for case_id in stuck)


def _claimed(session: Session, case_ids: Sequence[int]) -> dict[int, Case]:
    """Those of the cases that are active and nobody is at work on; nobody else can move them now."""
    free = (
        select(Case)
        .where(Case.id.in_(case_ids), Case.state == CaseState.ACTIVE)
        .order_by(Case.id)
        .with_for_update(skip_locked=True, key_share=True)
    )
    return {case.id: case for case in session.scalars(free)}


def _due_of(session: Session, case_ids: Sequence[int], at: datetime) -> Sequence[Deadline]:
    """What is due of claimed cases, reminders included, case by case in the order of its days.

    Asked only once they are claimed: what another sweep did up to that moment is no longer due.
    """
    now = or_(Deadline.due_at <= at, Deadline.remind_at <= at)
    due = select(Deadline).where(Deadline.case_id.in_(case_ids), text(f"deadlines.{NOT_OVER}"), *held_by_nothing(), now)
    return session.scalars(due.order_by(Deadline.case_id, Deadline.due_at, Deadline.name)).all()


def _fire_up_to_the_fault(transactions: Transactions, case_id: int, at: datetime) -> int:
    """How many of a case took effect before one failed, of which there is an incident now."""
    with transactions() as session:
        due = [deadline.id for deadline in _due_of(session, [case_id], at) if deadline.due_at <= at]
    fired = 0
    for deadline_id in due:
        try:
            with transactions() as session:
                fired += fire_one(session, deadline_id, at=at)
        except EngineError as fault:
            attempt = Attempt("fire_deadline", {"deadline_id": str(deadline_id)}, deadline_id=deadline_id)
            with transactions() as session:
                note_incident(session, attempt, fault, at=at)
            break
    return fired
