"""Everything that is due in a jurisdiction takes effect, many cases a transaction."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import func, select, text, union_all, update
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.deadlines.due import takes_effect, without_fault
from engine.deadlines.model import NOT_OVER, OVER, Deadline
from engine.deadlines.reminding import reminds, reminds_afterwards, reminds_no_more
from engine.moves import writing
from engine.moves.delivering import Transactions, chunks
from engine.moves.faults import in_words, lies_with_database
from engine.moves.firing import Fault, fire_all, note_faults, remind_in
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
        _remind_no_more(session, at)
        waiting = _cases_due(session, at, most)
    fired = looked_at = 0
    for case_ids in chunks(waiting, chunk):
        fired += _fire_together(transactions, case_ids, at)
        looked_at += len(case_ids)
        progress(looked_at, len(waiting))
    return fired


def _remind_no_more(session: Session, at: datetime) -> None:
    """What reminds of work that is over by now is not looked at again; another sweep may be doing the same."""
    over = select(Deadline.id).where(*reminds_no_more(at)).with_for_update(skip_locked=True)
    emptied = update(Deadline).where(Deadline.id.in_(over)).values(remind_at=None)
    session.execute(emptied, execution_options={"synchronize_session": False})


def _cases_due(session: Session, at: datetime, most: int | None) -> Sequence[int]:
    due = select(Deadline.case_id, Deadline.due_at.label("since")).where(*takes_effect(at))
    to_remind = select(Deadline.case_id, Deadline.remind_at.label("since")).where(*reminds(at))
    passed = select(Deadline.case_id, Deadline.remind_at.label("since")).where(*reminds_afterwards(at))
    waiting = union_all(due, to_remind, passed).subquery().c
    longest_first = select(waiting.case_id).group_by(waiting.case_id).order_by(func.min(waiting.since), waiting.case_id)
    return session.scalars(longest_first.limit(most)).all()


def _fire_together(transactions: Transactions, case_ids: Sequence[int], at: datetime) -> int:
    """How many took effect; of those that could not there are incidents then.

    What undoes the whole transaction is looked for by halves, until only the case it lies with is left.
    """
    try:
        return _fire_all(transactions, case_ids, at)
    except Exception as reason:
        if lies_with_database(reason):
            raise
        if len(case_ids) > 1:
            half = len(case_ids) // 2
            return sum(_fire_together(transactions, part, at) for part in (case_ids[:half], case_ids[half:]))
        with transactions() as session:
            note_faults(session, [Fault(None, case_ids[0], in_words(reason))], at)
        return 0


def _fire_all(transactions: Transactions, case_ids: Sequence[int], at: datetime) -> int:
    with transactions() as session:
        cases = _claimed(session, case_ids)
        fired = fire_all(session, cases, at)
        stuck = {fault.case_id for fault in fired.faults}
        _remind(session, [case for case in cases if case.id not in stuck], at)
    if fired.faults:
        with transactions() as session:
            note_faults(session, fired.faults, at)
    return len(fired.moves)


def _claimed(session: Session, case_ids: Sequence[int]) -> Sequence[Case]:
    """Those of the cases that can go on and nobody is at work on; nobody else can move them now.

    What is due of them is asked only then: what another sweep did up to that moment is no longer due.
    """
    free = (
        select(Case)
        .where(Case.id.in_(case_ids), Case.state != CaseState.SUSPENDED, without_fault(Case.id))
        .order_by(Case.id)
        .with_for_update(skip_locked=True, key_share=True)
    )
    return session.scalars(free).all()


def _remind(session: Session, cases: Iterable[Case], at: datetime) -> None:
    """Remind of what has its reminder day now, before the day or after it."""
    going_on = {case.id: case for case in cases if case.state != CaseState.SUSPENDED}
    found: list[Deadline] = []
    for kept, which in ((NOT_OVER, reminds(at)), (OVER, reminds_afterwards(at))):
        rows = select(Deadline).where(Deadline.case_id.in_(going_on), text(f"deadlines.{kept}"), *which)
        found += session.scalars(rows, execution_options={"populate_existing": True})
    found.sort(key=lambda deadline: (deadline.case_id, deadline.due_at, deadline.name, deadline.id))
    moves = []
    for case_id, to_remind in groupby(found, lambda deadline: deadline.case_id):
        moves.append(Move(session, going_on[case_id], None, at))
        for deadline in to_remind:
            remind_in(moves[-1], deadline)
    writing.write(moves)
