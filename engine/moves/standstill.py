"""What lets a case stand still, go on, or end before its time."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine import process
from engine.audit.events.cases import CaseCancelled, CaseResumed, CaseSuspended
from engine.cases import Case, CaseNotActive, CaseState, case_by_id
from engine.deadlines.model import Deadline, DeadlineState
from engine.directory import Actor, Role
from engine.moves.move import Move
from engine.moves.repeating import done_before
from engine.reviews import ReasonMissing
from engine.tasks import Task, TaskState

_EVENTS = {"suspend": CaseSuspended, "resume": CaseResumed, "cancel": CaseCancelled}


def change_state(
    session: Session,
    case_id: int,
    command: str,
    needed: CaseState | None,
    to: CaseState,
    reason: str,
    by: Actor,
    at: datetime,
    key: str | None,
) -> Case:
    by.must_hold(Role.PERFORMANCE_OFFICE)
    case = case_by_id(session, case_id)
    if done_before(session, by.jurisdiction, key, command, at, {"case_id": case_id}) is not None:
        return case
    if not reason.strip():
        raise ReasonMissing("暂停、恢复和取消案卷都要写明原因，没有办理。请补充。", case_id=case_id)
    if needed is CaseState.SUSPENDED and case.state != CaseState.SUSPENDED:
        raise CaseNotActive("案卷没有暂停，不需要恢复。请刷新案卷查看当前状态。", case_id=case_id, state=case.state)
    if needed is not CaseState.SUSPENDED and case.state not in (CaseState.ACTIVE, CaseState.SUSPENDED):
        case.must_be_active()
    if needed is CaseState.ACTIVE:
        case.must_be_active()
    move = Move(session, case, by, at)
    event = _EVENTS[command](reason=reason)
    if to is CaseState.CANCELLED:
        move.end(to, event)
    else:
        move.case_values |= {"state": to.value}
        move.record(event)
    if to is CaseState.ACTIVE:
        move.join_launches(process.look(move.diagrams, move.state).opened_catches)
    move.write()
    if to is CaseState.CANCELLED:
        _take_everything_back(session, case, at)
    return case


def _take_everything_back(session: Session, case: Case, at: datetime) -> None:
    session.execute(
        update(Task)
        .where(Task.case_id == case.id, Task.state == TaskState.OPEN.value)
        .values(state=TaskState.CLOSED.value)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Deadline)
        .where(Deadline.case_id == case.id, Deadline.state == DeadlineState.PENDING.value)
        .values(state=DeadlineState.DROPPED.value, closed_at=at)
        .execution_options(synchronize_session=False)
    )


def open_tasks_of(session: Session, case: Case) -> list[Task]:
    """The steps of a case somebody can work on now."""
    return list(
        session.scalars(
            select(Task).where(Task.case_id == case.id, Task.state == TaskState.OPEN.value).order_by(Task.opened_at)
        )
    )
