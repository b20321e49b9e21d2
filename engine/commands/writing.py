"""How a move reaches the database: one statement a table, each prepared once, the case last to be read and first to be
written."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    LargeBinary,
    Text,
    Uuid,
    bindparam,
    case,
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
from engine.commands.change import Change
from engine.deadlines.model import NOT_OVER, Deadline, DeadlineState
from engine.rectifications import Letter, Rectification
from engine.results.model import Assignment, Candidate, Deliberation, Disclosure, ResultEffect
from engine.reviews import Review
from engine.scores import Score
from engine.store.base import table_of
from engine.store.database import ChangedMeanwhile
from engine.submissions.model import Attachment, Submission, SubmissionState
from engine.tasks import Draft, Task, TaskState

TABLES: dict[str, Any] = {
    table.__tablename__: insert(table_of(table))
    for table in (
        Task, Submission, Review, Deadline, Score, Letter, Rectification, ResultEffect, Candidate, Deliberation,
        Disclosure, Assignment, Attachment, Incident, Draft, Entry,
    )
}  # fmt: skip
TABLES["evaluation_candidates"] = upsert(table_of(Candidate)).on_conflict_do_nothing()
"""Insert statements by table name, in the order in which a move writes them; on next year's list one is only once."""

_tasks, _deadlines, _submissions = table_of(Task), table_of(Deadline), table_of(Submission)
_rectifications, _effects, _letters = table_of(Rectification), table_of(ResultEffect), table_of(Letter)

_lines = table_of(FundLine)
_other_lines = _lines.alias()
_how_many_lines = (
    select(func.count())
    .select_from(_other_lines)
    .where(_other_lines.c.case_id == bindparam("of_case"))
    .scalar_subquery()
)

_task_ids = bindparam("task_ids", type_=ARRAY(Uuid()))
_done = bindparam("done", type_=Uuid())
_is_done = _tasks.c.id == _done
_closed_tasks = (
    update(_tasks)
    .where(
        _tasks.c.id == func.any(_task_ids), _tasks.c.state.not_in((TaskState.COMPLETED.value, TaskState.CLOSED.value))
    )
    .values(
        state=case((_is_done, TaskState.COMPLETED.value), else_=TaskState.CLOSED.value),
        completed_at=case((_is_done, bindparam("completed_at", type_=_tasks.c.completed_at.type))),
        completed_by=case((_is_done, bindparam("completed_by", type_=BigInteger()))),
        acting_for=case((_is_done, bindparam("acting_for", type_=BigInteger()))),
        outcome=case((_is_done, bindparam("outcome", type_=Text()))),
    )
    .cte("closed_tasks")
)
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
    .add_cte(_closed_tasks)
)
"""Tasks that are over and the deadlines that go with them, in one statement a case."""

CHANGES: dict[str, Any] = {
    "task_handed_over": update(_tasks)
    .where(
        _tasks.c.id == bindparam("task_id"),
        _tasks.c.state == TaskState.OPEN.value,
        or_(_tasks.c.unit_id != bindparam("to_unit"), _tasks.c.role != bindparam("to_role")),
    )
    .values(unit_id=bindparam("to_unit"), role=bindparam("to_role"), holder_id=None),
    "submission_judged": update(_submissions)
    .where(_submissions.c.id == bindparam("submission_id"))
    .values(state=bindparam("new_state")),
    "submission_submitted": update(_submissions)
    .where(_submissions.c.id == bindparam("submission_id"))
    .values(state=SubmissionState.SUBMITTED.value, submitted_by=bindparam("person"), submitted_at=bindparam("now")),
    "submission_frozen": update(_submissions)
    .where(_submissions.c.id == bindparam("submission_id"))
    .values(frozen_at=bindparam("now")),
    "only_line_adjusted": update(_lines)
    .where(_lines.c.case_id == bindparam("of_case"), _how_many_lines == 1)
    .values(amount_wan=bindparam("amount")),
    "deadline_fired": update(_deadlines)
    .where(
        _deadlines.c.id == bindparam("deadline_id"),
        _deadlines.c.state == DeadlineState.PENDING.value,
        _deadlines.c.due_at <= bindparam("now"),
    )
    .values(state=DeadlineState.FIRED.value, closed_at=bindparam("now")),
    "rectification": update(_rectifications)
    .where(_rectifications.c.case_id == bindparam("of_case"), _rectifications.c.item == bindparam("of_item"))
    .values(
        state=func.coalesce(bindparam("new_state"), _rectifications.c.state),
        rounds=_rectifications.c.rounds + bindparam("more_rounds"),
        escalations=_rectifications.c.escalations + bindparam("more_escalations"),
        responsible_person=func.coalesce(bindparam("responsible"), _rectifications.c.responsible_person),
        rules_improved=func.coalesce(bindparam("rules_count"), _rectifications.c.rules_improved),
        recovered_wan=func.coalesce(bindparam("recovered"), _rectifications.c.recovered_wan),
        verified_by=func.coalesce(bindparam("verifier"), _rectifications.c.verified_by),
        closed_on=func.coalesce(bindparam("closed"), _rectifications.c.closed_on),
    ),
    "effects_decided": update(_effects)
    .where(_effects.c.case_id == bindparam("of_case"), _effects.c.state == "proposed")
    .values(
        state="decided",
        decided_by=bindparam("person"),
        decided_at=bindparam("now"),
        exception_reason=bindparam("why"),
    ),
    "letter_signed": update(_letters)
    .where(_letters.c.case_id == bindparam("of_case"), _letters.c.signed_at.is_(None))
    .values(signed_by=bindparam("person"), signed_at=bindparam("now")),
}
"""Named changes a move may collect."""

_cases = table_of(Case)
_WRITTEN = (
    "process_state", "stage", "forms", "waits", "journal_seq", "journal_head", "amount_wan", "agency_id", "facts",
    "state", "closed_at", "diagrams_id", "policy_id",
)  # fmt: skip
_UPDATE_CASE = (
    update(_cases)
    .where(_cases.c.id == bindparam("of_case"), _cases.c.version == bindparam("of_version"))
    .values(version=_cases.c.version + 1, **{name: bindparam(f"new_{name}") for name in _WRITTEN})
)
_INSERT_CASE = insert(_cases)


def write(moves: Sequence[Change]) -> None:
    """Everything the moves collected, each table in one statement; refuses when a case moved on meanwhile."""
    if not moves:
        return
    session = moves[0].session
    entries = [entry for move in moves for entry in _chain(move)]
    _write_cases(session, moves)
    for name, statement in CHANGES.items():
        changes = [change for move in moves for change in move.changes.get(name, ())]
        hit = _run(session, statement, changes)
        if name == "deadline_fired" and hit != len(changes):
            raise ChangedMeanwhile("期限刚被延长或已处理，这一步没有写入。请刷新后再试；填写的内容已保留。")
    # after "deadline_fired": what fired is not dropped with the timer it set off
    _run(session, _CLOSE, [_closed(move) for move in moves if move.closed_tasks or move.closed_timers])
    for table, statement in TABLES.items():
        rows = [row for move in moves for row in _rows(move, table)]
        _run(session, statement, entries if table == "journal" else rows)


def _run(session: Session, statement: Any, rows: list[dict[str, Any]]) -> int:
    """How many rows the statement touched."""
    return session.connection().execute(statement, rows).rowcount if rows else 0


def _rows(move: Change, table: str) -> Iterable[dict[str, Any]]:
    if table == "tasks":
        return move.new_tasks.values()
    if table == "deadlines":
        return move.new_deadlines.values()
    return move.rows.get(table, ())


def _chain(move: Change) -> list[dict[str, Any]]:
    """The move's events as journal rows; the case's head moves on with them."""
    subject = move.case
    entries, (seq, head) = entries_for(
        move.events,
        jurisdiction=subject.jurisdiction,
        case_id=subject.id,
        after=(subject.journal_seq, subject.journal_head),
        by=move.by.person_id if move.by else None,
        acting_for=move.by.acting_for if move.by else None,
        at=move.at,
    )
    move.case_values |= {"journal_seq": seq, "journal_head": head}
    return entries


def _write_cases(session: Session, moves: Sequence[Change]) -> None:
    for move in moves:
        move.case_values |= {
            "process_state": move.state, "stage": move.stage, "forms": move.forms, "waits": move.waits,
        }  # fmt: skip
    begun = [_whole_row(move) for move in moves if move.begins]
    _run(session, _INSERT_CASE, begun)
    changed = [move for move in moves if not move.begins]
    if not changed:
        return
    written = session.connection().execute(_UPDATE_CASE, [_case_change(move) for move in changed])
    if written.rowcount != len(changed):
        raise ChangedMeanwhile("这份案卷刚被别人更新，您的办理没有写入。请刷新后再试；填写的内容已保留。")
    for move in changed:
        for name, value in {**move.case_values, "version": move.case.version + 1}.items():
            set_committed_value(move.case, name, value)


def _case_change(move: Change) -> dict[str, Any]:
    subject = move.case
    values = {f"new_{name}": move.case_values.get(name, getattr(subject, name)) for name in _WRITTEN}
    return {"of_case": subject.id, "of_version": subject.version, **values}


def _whole_row(move: Change) -> dict[str, Any]:
    for name, value in move.case_values.items():
        setattr(move.case, name, value)
    return {column.name: getattr(move.case, column.name) for column in _cases.columns}


def _closed(move: Change) -> dict[str, Any]:
    done = next((row for row in move.closed_tasks.values() if row["state"] == TaskState.COMPLETED.value), None)
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
        events, jurisdiction=jurisdiction, case_id=0, after=(last.seq, last.head),
        by=by.person_id if by else None, acting_for=by.acting_for if by else None, at=at,
    )  # fmt: skip
    last.seq, last.head = seq, head
    session.flush()
    session.execute(TABLES["journal"], entries)
