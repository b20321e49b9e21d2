"""转办: a task goes to a colleague of the same unit and office."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.accounts import stopped_now
from engine.audit.events.tasks import TaskTransferred
from engine.directory import Actor, Appointment, Person
from engine.errors import InvalidInput
from engine.moves.holding import hold, on_task
from engine.moves.move import note
from engine.moves.reading import Standing
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked
from engine.tasks import NotYourTask
from engine.texts import is_blank
from engine.words import Role

HEADS = frozenset({Role.UNIT_HEAD, Role.BUREAU_LEADER})


class CannotTakeOver(InvalidInput):
    """The colleague does not hold the office the task needs, or comes in no more."""

    code = "task.cannot_take_over"


def transfer(
    session: Session,
    task_id: UUID,
    to_person_id: int,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """转办: hand a task to a colleague of the same unit and office, with a reason.

    Whoever holds it may, and the head of the unit; a task nobody holds, or whose holder left the office, any colleague
    of the office may also take over.
    """

    def work(found: Standing) -> None:
        _must_be_entitled(session, found, by)
        if not _holds_office(session, found, to_person_id):
            raise CannotTakeOver("接办人不在这个单位的对应岗位，没有转办。请选择同一岗位的同事。", person=to_person_id)
        if stopped_now(session, [to_person_id]):
            raise CannotTakeOver("接办人的账号已停用，没有转办。请选择同一岗位的别的同事。", person=to_person_id)
        if is_blank(reason):
            raise CannotTakeOver("转办需要写明原因，没有转办。请补充。")
        event = TaskTransferred(task=task_id, to=to_person_id, reason=reason, step=found.task.step)
        note(session, found.case, by, at, event)
        hold(session, found.task, to_person_id, at)

    content = {"task": task_id, "to": to_person_id, "reason": reason}
    return on_task(session, Asked("transfer", by, at, key, expected, content), task_id, work)


def _must_be_entitled(session: Session, found: Standing, by: Actor) -> None:
    in_a_colleagues_hands = found.held and not by.is_or_stands_for(found.task.holder_id)
    if not in_a_colleagues_hands or by.unit_id != found.task.unit_id:
        found.must_be_for(by)
    elif not by.roles & HEADS:
        holder = session.get_one(Person, found.task.holder_id).name
        raise NotYourTask(
            f"这件任务现在由{holder}办理，没有转办。只有{holder}本人或单位负责人可以转办，请与其联系。",
            task_id=str(found.task.id),
        )


def _holds_office(session: Session, found: Standing, person_id: int) -> bool:
    office = select(Appointment.id).where(
        Appointment.person_id == person_id,
        Appointment.unit_id == found.task.unit_id,
        Appointment.role == found.task.role,
    )
    return session.scalar(office) is not None
