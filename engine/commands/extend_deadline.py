"""延长期限: one deadline, or one kind of deadline of a whole year, in one statement each."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from engine.audit import Event
from engine.cases import Case
from engine.clock import end_of_day
from engine.commands.move import Move
from engine.commands.repeating import done_before
from engine.commands.writing import record_outside_cases
from engine.deadlines.model import Deadline, DeadlineState
from engine.directory import Actor, Role
from engine.errors import InvalidInput, NotFound, WrongState
from engine.reviews import ReasonMissing
from engine.tasks import Task, TaskState


class DeadlineNotFound(NotFound):
    """No such deadline in this jurisdiction."""

    code = "deadline.not_found"


class DeadlineNotPending(WrongState):
    """The deadline was met, fired or dropped."""

    code = "deadline.not_pending"


class DateRefused(InvalidInput):
    """A deadline only moves later."""

    code = "deadline.date_refused"


def extend_deadline(
    session: Session, deadline_id: UUID, until: date, *, reason: str, by: Actor, at: datetime, key: str | None = None
) -> Deadline:
    """Move one pending deadline to a later day, with a reason; the task shows the new day at once."""
    by.must_hold(Role.PERFORMANCE_OFFICE)
    found = session.execute(
        select(Deadline, Case).join(Case, Case.id == Deadline.case_id).where(Deadline.id == deadline_id),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if found is None:
        raise DeadlineNotFound("没有这个期限，或者它不属于本地区。请从案卷重新打开。", deadline_id=str(deadline_id))
    deadline, case = found
    if done_before(session, by.jurisdiction, key, "extend_deadline", at, {"deadline_id": str(deadline_id)}) is not None:
        return deadline
    if deadline.state != DeadlineState.PENDING:
        raise DeadlineNotPending("这个期限已经办结或已届满，不能再延长。请刷新案卷查看。", state=deadline.state)
    _refuse_bad(reason, until, deadline.due_on)
    move = Move(session, case, by, at)
    days = {"before": deadline.due_on.isoformat(), "after": until.isoformat()}
    move.record("deadline.extended", deadline=deadline.name, **days, reason=reason)
    move.write()
    deadline.due_on, deadline.due_at = until, end_of_day(until)
    session.flush()
    _show_on_tasks(session, [deadline.task_id])
    return deadline


def extend_all(
    session: Session, fiscal_year: int, name: str, until: date, *, reason: str, by: Actor, at: datetime
) -> int:
    """Move every pending deadline of that name in a year to a later day; gives how many moved."""
    by.must_hold(Role.PERFORMANCE_OFFICE)
    _refuse_bad(reason, until, None)
    meant = (
        Deadline.jurisdiction == by.jurisdiction,
        Deadline.name == name,
        Deadline.state == DeadlineState.PENDING.value,
        Deadline.due_on < until,
    )
    cases = select(Deadline.case_id).where(*meant)
    of_the_year = select(Case.id).where(Case.fiscal_year == fiscal_year, Case.id.in_(cases)).order_by(Case.id)
    locked = session.scalars(of_the_year.with_for_update(key_share=True)).all()
    moved = session.scalars(
        update(Deadline)
        .where(Deadline.case_id.in_(locked), *meant)
        .values(due_on=until, due_at=end_of_day(until))
        .returning(Deadline.task_id)
        .execution_options(synchronize_session=False)
    ).all()
    _show_on_tasks(session, moved)
    facts = {
        "deadline": name,
        "fiscal_year": fiscal_year,
        "after": until.isoformat(),
        "count": len(moved),
        "reason": reason,
    }
    record_outside_cases(session, by.jurisdiction, [Event("deadline.extended", facts)], by=by, at=at)
    return len(moved)


def _show_on_tasks(session: Session, task_ids: Sequence[UUID | None]) -> None:
    """Open tasks are due on the earliest of their dates, one that has passed included."""
    dates = (DeadlineState.PENDING.value, DeadlineState.FIRED.value)
    earliest = select(func.min(Deadline.due_on)).where(Deadline.task_id == Task.id, Deadline.state.in_(dates))
    session.execute(
        update(Task)
        .where(Task.id.in_([task for task in task_ids if task]), Task.state == TaskState.OPEN.value)
        .values(due_on=earliest.scalar_subquery())
        .execution_options(synchronize_session=False)
    )


def _refuse_bad(reason: str, until: date, before: date | None) -> None:
    if not reason.strip():
        raise ReasonMissing("延长期限要写明原因，没有办理。请补充。")
    if before is not None and until <= before:
        raise DateRefused(f"新的截止日应晚于{before:%Y-%m-%d}，没有办理。", until=until.isoformat())
