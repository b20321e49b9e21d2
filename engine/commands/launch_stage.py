"""工作部署: open a stage for all cases of a year that wait for it; whoever arrives later goes on at once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit import Event
from engine.cases import Case, CaseState, case_by_id
from engine.commands import writing
from engine.commands.incidents import Attempt, note_incident
from engine.commands.move import Move, wait_for
from engine.commands.repeating import done_before
from engine.commands.writing import record_outside_cases
from engine.directory import Actor, Role
from engine.errors import InvalidInput
from engine.process import ProcessIncident
from engine.stages.launches import await_arrivals, covers
from engine.stages.model import Launch
from engine.store.database import ChangedMeanwhile

MESSAGES = {
    "monitoring": "monitoring.launched",
    "self_evaluation": "self_evaluation.launched",
    "result_use": "result_use.launched",
}
CHUNK = 500

Transactions = Callable[[], AbstractContextManager[Session]]


class StageNotLaunchable(InvalidInput):
    """The stage begins by itself or by a draw."""

    code = "stage.not_launchable"


def announce(
    session: Session,
    fiscal_year: int,
    stage: str,
    *,
    by: Actor,
    at: datetime,
    scope: Mapping[str, Any] | None = None,
    key: str | None = None,
) -> Launch | None:
    """Put the launch on record; None when this key did so before. From now on cases that arrive go on at once."""
    by.must_hold(Role.PERFORMANCE_OFFICE)
    if stage not in MESSAGES:
        choices = "、".join(MESSAGES)
        raise StageNotLaunchable(f"环节“{stage}”不用部署，它随流程或抽样开始。可选：{choices}。", stage=stage)
    asked = {"stage": stage, "fiscal_year": fiscal_year}
    if done_before(session, by.jurisdiction, key, "launch_stage", at, asked) is not None:
        return None
    launch = Launch(
        jurisdiction=by.jurisdiction, fiscal_year=fiscal_year, message=MESSAGES[stage], scope=dict(scope or {}),
        variables={}, launched_by=by.person_id, launched_at=at,
    )  # fmt: skip
    session.add(launch)
    session.flush()
    facts = {"stage": stage, "fiscal_year": fiscal_year, "scope": launch.scope}
    record_outside_cases(session, by.jurisdiction, [Event("stage.launched", facts)], by=by, at=at)
    return launch


def launch_stage(
    transactions: Transactions,
    fiscal_year: int,
    stage: str,
    *,
    by: Actor,
    at: datetime,
    scope: Mapping[str, Any] | None = None,
    key: str | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Announce a stage and open it for every waiting case, a chunk a transaction; gives how many cases moved.

    Interrupted, it can simply be asked again: cases that moved no longer wait. `transactions` opens a transaction of
    the jurisdiction.
    """
    with transactions() as session:
        announce(session, fiscal_year, stage, by=by, at=at, scope=scope, key=key)
    return deliver_to_waiting(
        transactions,
        fiscal_year,
        MESSAGES[stage],
        lambda case: {},
        by=by,
        at=at,
        scope=scope,
        progress=progress,
        note=lambda move: move.record("stage.launched", stage=stage, fiscal_year=fiscal_year),
    )


def deliver_to_waiting(
    transactions: Transactions,
    fiscal_year: int,
    message: str,
    variables: Callable[[Case], Mapping[str, Any]],
    *,
    by: Actor,
    at: datetime,
    scope: Mapping[str, Any] | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    note: Callable[[Move], None] = lambda move: None,
) -> int:
    """Hand `message` to every case of the year that waits for it, in chunks; who moved meanwhile is tried again.

    `note` may add to each move before it steps. A case whose diagram fails is left standing with an incident.
    """
    meant = Launch(scope=dict(scope or {}))
    with transactions() as session:
        await_arrivals(session, by.jurisdiction, fiscal_year, message)
        waiting = [
            row.id
            for row in session.execute(
                select(Case.id, Case.object_kind, Case.waits)
                .where(
                    Case.jurisdiction == by.jurisdiction,
                    Case.fiscal_year == fiscal_year,
                    Case.state == CaseState.ACTIVE.value,
                )
                .order_by(Case.id)
            )
            if covers(meant, row.object_kind, row.id) and wait_for(row.waits, message)
        ]
    done = 0
    for chunk in _chunks(waiting, CHUNK):
        done += _deliver_chunk(transactions, chunk, message, variables, by, at, note)
        progress(done, len(waiting))
    return done


def _deliver_chunk(
    transactions: Transactions,
    case_ids: Sequence[int],
    message: str,
    variables: Callable[[Case], Mapping[str, Any]],
    by: Actor,
    at: datetime,
    note: Callable[[Move], None],
    tries: int = 5,
) -> int:
    """How many moved. Where one was changed meanwhile or its diagram fails, the others are tried without it."""
    try:
        with transactions() as session:
            moves = list(_moves(session, case_ids, message, variables, by, at, note))
            writing.write(moves)
            return len(moves)
    except (ChangedMeanwhile, ProcessIncident) as refusal:
        if len(case_ids) > 1:
            half = len(case_ids) // 2
            halves = (case_ids[:half], case_ids[half:])
            return sum(_deliver_chunk(transactions, part, message, variables, by, at, note) for part in halves)
        if isinstance(refusal, ChangedMeanwhile):
            if tries == 1:
                raise
            return _deliver_chunk(transactions, case_ids, message, variables, by, at, note, tries - 1)
        with transactions() as session:
            told = {"message": message, "variables": dict(variables(case_by_id(session, case_ids[0])))}
            note_incident(session, Attempt("deliver_message", told, case_id=case_ids[0], by=by), refusal, at=at)
        return 0


def _moves(
    session: Session,
    case_ids: Sequence[int],
    message: str,
    variables: Callable[[Case], Mapping[str, Any]],
    by: Actor,
    at: datetime,
    note: Callable[[Move], None],
) -> Iterator[Move]:
    for case in session.scalars(select(Case).where(Case.id.in_(case_ids)).order_by(Case.id)):
        catch = wait_for(case.waits, message)
        if catch is not None and case.state == CaseState.ACTIVE:
            move = Move(session, case, by, at)
            note(move)
            move.deliver(catch, variables(case))
            yield move


def _chunks(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    remaining = iter(ids)
    while chunk := list(islice(remaining, size)):
        yield chunk
