"""转办: a task goes to a colleague of the same unit and office."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.events.tasks import TaskTransferred
from engine.directory import Actor, Appointment, Role
from engine.errors import InvalidInput
from engine.moves.holding import hold, note
from engine.moves.reading import standing
from engine.tasks import Task


class CannotTakeOver(InvalidInput):
    """The colleague does not hold the office the task needs."""

    code = "task.cannot_take_over"


def transfer(session: Session, task_id: UUID, to_person_id: int, *, reason: str, by: Actor, at: datetime) -> Task:
    """转办: hand a task to a colleague of the same unit and office, with a reason."""
    found = standing(session, task_id)
    found.task.must_be_open()
    found.case.must_be_active()
    if by.unit_id != found.task.unit_id:
        found.task.must_be_for(by)
    if found.task.holder_id is not None and not by.is_or_stands_for(found.task.holder_id):
        by.must_hold(Role.UNIT_HEAD, Role.BUREAU_LEADER)
    elif found.task.holder_id is None:
        found.task.must_be_for(by)
    able = session.scalar(
        select(Appointment.id).where(
            Appointment.person_id == to_person_id,
            Appointment.unit_id == found.task.unit_id,
            Appointment.role == found.task.role,
        )
    )
    if able is None:
        raise CannotTakeOver("接办人不在这个单位的对应岗位，没有转办。请选择同一岗位的同事。", person=to_person_id)
    if not reason.strip():
        raise CannotTakeOver("转办需要写明原因，没有转办。请补充。")
    event = TaskTransferred(task=task_id, to=to_person_id, reason=reason, step=found.task.step)
    note(session, found.case, by, at, event)
    hold(session, found.task, found.task.holder_id, to_person_id)
    return found.task
