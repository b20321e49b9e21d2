"""How a move reaches the database: one statement a table, each prepared once, the case last to be read and first to be
written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    LargeBinary,
    Table,
    Text,
    Uuid,
    bindparam,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from engine.audit import Entry, entries_for
from engine.audit.model import ChainHead
from engine.cases import Case, FundLine, Incident
from engine.deadlines.model import NOT_OVER, Deadline
from engine.indicators import IndicatorUse
from engine.moves import updates
from engine.moves.change import Change
from engine.moves.conflicts import changed_since
from engine.moves.doubting import MARK
from engine.moves.receipts import Opened, Written, written_in
from engine.notifications import to_be_told
from engine.rectifications import Letter, Rectification
from engine.results.model import Assignment, Candidate, Deliberation, Disclosure, ResultEffect
from engine.reviews import Review
from engine.scores import Score
from engine.stages import library_of
from engine.store.archives import ARCHIVE
from engine.store.base import table_of
from engine.store.database import ChangedMeanwhile, beside
from engine.store.wire import Order, in_one_trip
from engine.submissions.model import Attachment, PaperText, Submission
from engine.tasks import Draft, Task
from engine.words import DeadlineState, Role, TaskState

_INSERTS: dict[Table, Any] = {
    table_of(entity): insert(table_of(entity))
    for entity in (
        FundLine, Task, Submission, Review, Deadline, Score, Letter, Rectification, ResultEffect, Candidate,
        Deliberation, Disclosure, Assignment, Attachment, Incident, Draft, PaperText, Entry,
    )
}  # fmt: skip
_INSERTS |= {
    table_of(entity): upsert(table_of(entity)).on_conflict_do_nothing() for entity in (Candidate, IndicatorUse)
}
"""How a row gets into its table, in the order in which a move writes them; on next year's list one is only once, and an
indicator is used once in a case."""

_JOURNAL = table_of(Entry)
_tasks, _deadlines = table_of(Task), table_of(Deadline)

_task_ids = bindparam("task_ids", type_=ARRAY(Uuid()))
_done = bindparam("done", type_=Uuid())
_is_done = _tasks.c.id == _done
_closed_tasks = (
    update(_tasks)
    .where(_tasks.c.id == func.any(_task_ids), _tasks.c.state.not_in((TaskState.COMPLETED, TaskState.CLOSED)))
    .values(
        state=case((_is_done, TaskState.COMPLETED.value), else_=TaskState.CLOSED.value),
        completed_at=case((_is_done, bindparam("completed_at", type_=_tasks.c.completed_at.type))),
        completed_by=case((_is_done, bindparam("completed_by", type_=BigInteger()))),
        acting_for=case((_is_done, bindparam("acting_for", type_=BigInteger()))),
        outcome=case((_is_done, bindparam("outcome", type_=Text()))),
        paper_id=None,
        doubt_rank=None,
    )
    .cte("closed_tasks")
)
_drafts = table_of(Draft)
_handed_in = delete(_drafts).where(_drafts.c.task_id == _done).cte("handed_in")
_CLOSE = (
    update(_deadlines)
    .where(
        _deadlines.c.case_id == bindparam("of_case"),
        text(f"deadlines.{NOT_OVER}"),
        or_(
            _deadlines.c.task_id == func.any(_task_ids),
            _deadlines.c.timer == func.any(bindparam("timers", type_=ARRAY(LargeBinary()))),
        ),
    )
    .values(
        state=case((_deadlines.c.task_id == _done, DeadlineState.MET.value), else_=DeadlineState.DROPPED.value),
        closed_at=bindparam("now"),
    )
    .add_cte(_closed_tasks, _handed_in)
)
"""Tasks that are over and the deadlines that go with them, in one statement a case.

The draft of the task that was done is a version now and goes; what was typed into one that was taken back stays.
"""

_cases = table_of(Case)
_WRITTEN = (
    "process_state", "stage", "forms", "waits", "journal_seq", "journal_head", "amount_wan", "asked_wan",
    "settled_wan", "agency_id", "facts", "state", "closed_at", "diagrams_id", "policy_id",
    "without_result",
)  # fmt: skip
_UPDATE_CASE = (
    update(_cases)
    .where(_cases.c.id == bindparam("of_case"), _cases.c.version == bindparam("of_version"))
    .values(version=_cases.c.version + 1, **{name: bindparam(f"new_{name}") for name in _WRITTEN})
)
_INSERT_CASE = insert(_cases)


@dataclass(frozen=True, slots=True)
class Plan:
    """Some moves as statements in their order, and what will be left behind when they are carried out."""

    moves: Sequence[Change]
    written: Written
    orders: Sequence[Order]


def write(moves: Sequence[Change]) -> None:
    """Everything the moves collected, in one trip; refuses when a case moved on meanwhile."""
    if moves:
        carry_out(planned(moves))


def planned(moves: Sequence[Change]) -> Plan:
    """What is to be written of some moves, at least one, each table in one statement; nothing is written yet."""
    entries = [entry for move in moves for entry in _chain(move)]
    opened = [_opened(move, row) for move in moves for row in move.new_tasks.values()]
    return Plan(moves, Written(entries, opened), list(_orders(moves, entries)))


def carry_out(plan: Plan, *also: Order) -> None:
    """Write what was planned, and what else is to go `also` with it, in one trip."""
    session = plan.moves[0].session
    in_one_trip(session, *plan.orders, *also)
    for move in plan.moves:
        if not move.begins:
            for name, value in {**move.case_values, "version": move.case.version + 1}.items():
                set_committed_value(move.case, name, value)
    written_in(session).append(plan.written)


def _orders(moves: Sequence[Change], entries: list[dict[str, Any]]) -> Iterator[Order]:
    for move in moves:
        move.case_values |= {
            "process_state": move.state, "stage": move.stage, "forms": move.forms, "waits": move.waits,
        }  # fmt: skip
    if begun := [_whole_row(move) for move in moves if move.begins]:
        yield Order(_INSERT_CASE, begun)
    if changed := [move for move in moves if not move.begins]:
        yield Order(_UPDATE_CASE, [_case_change(move) for move in changed], partial(_who_was_faster, changed))
    for change in updates.IN_ORDER:
        if asked := [values for move in moves for values in move.updates.get(change, ())]:
            yield Order(change.statement, asked, partial(ChangedMeanwhile, change.refusal) if change.refusal else None)
    # after the deadlines that fired: what fired is not dropped with the timer it set off
    if closed := [_closed(move) for move in moves if move.closed_tasks or move.closed_timers]:
        yield Order(_CLOSE, closed)
    for table, statement in _INSERTS.items():
        if rows := entries if table is _JOURNAL else [row for move in moves for row in _rows(move, table)]:
            yield Order(statement, rows)
    judging = [id_ for move in moves for id_, row in move.new_tasks.items() if row["paper_id"] and row["doubt_rank"]]
    if judging:
        yield Order(MARK, [{"judging": id_} for id_ in judging])  # after the papers and their texts
    if telling := to_be_told(entries):
        yield telling
    if over := [{"archived": move.case.id} for move in moves if move.ends]:
        yield Order(ARCHIVE, over)  # last: what this move writes is packed too


def _who_was_faster(moves: Sequence[Change]) -> ChangedMeanwhile:
    """The refusal for the first of these cases that went on meanwhile, told by what others have committed."""
    cases = {move.case.id: move.case for move in moves}
    with beside(moves[0].session) as session:
        rows = session.execute(select(_cases.c.id, _cases.c.version).where(_cases.c.id.in_(cases)))
        standing = {row.id: row.version for row in rows}
        late = [case for case in cases.values() if standing.get(case.id) != case.version]
        case = (late or list(cases.values()))[0]
        return changed_since(session, case, case.journal_seq)


def _opened(move: Change, row: Mapping[str, Any]) -> Opened:
    name = library_of(move.session).diagrams_version(move.session, _diagrams_of(move))
    element = name.element(row["process"], row["element"])
    step = f"{row['process']}.{row['element']}"
    return Opened(row["id"], step, element.name, row["unit_id"], Role(row["role"]), row["item"], row["due_on"])


def _diagrams_of(move: Change) -> int:
    return int(move.case_values.get("diagrams_id", move.case.diagrams_id))


def _rows(move: Change, table: Table) -> Iterable[dict[str, Any]]:
    if table is _tasks:
        return move.new_tasks.values()
    if table is _deadlines:
        return move.new_deadlines.values()
    return move.rows.get(table, ())


def _chain(move: Change) -> list[dict[str, Any]]:
    """The move's events as journal rows; the case's head moves on with them."""
    subject = move.case
    entries, (seq, head) = entries_for(
        move.told(),
        jurisdiction=subject.jurisdiction,
        case_id=subject.id,
        after=(subject.journal_seq, subject.journal_head),
        by=move.by.person_id if move.by else None,
        acting_for=move.by.acting_for if move.by else None,
        at=move.at,
    )
    move.case_values |= {"journal_seq": seq, "journal_head": head}
    return entries


def _case_change(move: Change) -> dict[str, Any]:
    subject = move.case
    values = {f"new_{name}": move.case_values.get(name, getattr(subject, name)) for name in _WRITTEN}
    return {"of_case": subject.id, "of_version": subject.version, **values}


def _whole_row(move: Change) -> dict[str, Any]:
    for name, value in move.case_values.items():
        setattr(move.case, name, value)
    return {column.name: getattr(move.case, column.name) for column in _cases.columns}


def _closed(move: Change) -> dict[str, Any]:
    done = next((row for row in move.closed_tasks.values() if row["state"] == TaskState.COMPLETED), None)
    how = {name: done[name] if done else None for name in ("completed_at", "completed_by", "acting_for", "outcome")}
    return {
        "of_case": move.case.id,
        "task_ids": list(move.closed_tasks),
        "timers": move.closed_timers,
        "done": done["task_id"] if done else None,
        "now": move.at,
        **how,
    }


def record_outside_cases(session: Session, jurisdiction: str, events: Iterable[Any], *, by: Any, at: Any) -> None:
    """Journal entries of the jurisdiction's own chain: launches, samples, deliberations of a year."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:chain))"), {"chain": f"journal {jurisdiction}"})
    last = session.scalar(select(ChainHead).where(ChainHead.jurisdiction == jurisdiction))
    if last is None:
        last = ChainHead(jurisdiction=jurisdiction, seq=0, head=bytes(32))
        session.add(last)
    entries, (seq, head) = entries_for(
        [(event, None) for event in events], jurisdiction=jurisdiction, case_id=0, after=(last.seq, last.head),
        by=by.person_id if by else None, acting_for=by.acting_for if by else None, at=at,
    )  # fmt: skip
    last.seq, last.head = seq, head
    session.flush()
    session.execute(_INSERTS[_JOURNAL], entries)
    if telling := to_be_told(entries):
        in_one_trip(session, telling)
    written_in(session).append(Written(entries, ()))
