"""催办: ask whoever has a task to do it, a person once a day; the third time the head of the unit hears of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.events.tasks import TaskReminded
from engine.cases import Case
from engine.clock import day_of, start_of_day
from engine.directory import Actor, Appointment, NotYourUnit, Person
from engine.errors import InvalidInput, NotAllowed, WrongState
from engine.moves.move import note
from engine.moves.reading import standing
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, on_case
from engine.tasks import Reminder, Task
from engine.texts import is_blank
from engine.words import Role

THIRD = 3
"""From this time on the head of the unit is told as well."""
LONGEST = 200
OF_UNITS = frozenset({Role.UNIT_CLERK, Role.UNIT_HEAD, Role.DEPARTMENT, Role.AGENCY})
"""Whose tasks finance reminds of; its own lie on its own desks."""


class RemindedToday(WrongState):
    """Whoever has this task was reminded today. Facts: when, and of this task the number of that reminder."""

    code = "reminder.today_already"


class ReminderText(InvalidInput):
    """Nothing is said, or too much."""

    code = "reminder.text"


class NotToRemind(NotAllowed):
    """The task lies with somebody this office does not remind."""

    code = "reminder.not_theirs"


def remind(
    session: Session,
    task_id: UUID,
    text: str,
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Remind of a task in these words (at most 200 characters); `gave` has the number of the reminder.

    Finance reminds units, departments and agencies, a head the own unit, a department also the units below it. A person
    (of a task in the pool: the office) is reminded once a day, of several tasks at one instant; from the third time of
    a task on the head of the unit is told too, where it has one.
    """
    task = standing(session, task_id).task

    def work(case: Case) -> dict[str, int | str]:
        task.must_be_open()
        _must_be_theirs_to_remind(task, case, by)
        if is_blank(text) or len(text.strip()) > LONGEST:
            raise ReminderText(f"催办内容要写，不超过{LONGEST}字，没有催办。请修改。", length=len(text))
        number = _next_number(session, task_id, at)
        _must_not_hear_twice(session, task, at)
        to_head = number >= THIRD and _has_head(session, task.unit_id)
        told = TaskReminded(
            task=task_id, step=task.step, number=number, text=text.strip(), person=task.holder_id, head=to_head
        )
        note(session, case, by, at, told)
        reminder = Reminder(
            jurisdiction=by.jurisdiction, case_id=case.id, task_id=task_id, unit_id=task.unit_id, number=number,
            person_id=task.holder_id, to_head=to_head, text=text.strip(), reminded_by=by.person_id, reminded_at=at,
        )  # fmt: skip
        session.add(reminder)
        session.flush()
        return {"task": str(task_id), "number": number}

    content = {"task": task_id, "text": text}
    return on_case(session, Asked("remind", by, at, key, expected, content), task.case_id, work)


def _must_be_theirs_to_remind(task: Task, case: Case, by: Actor) -> None:
    if by.is_or_stands_for(task.holder_id):
        raise NotToRemind("这件任务在您自己手里，不用催办。请直接办理。", task_id=str(task.id))
    if by.roles & {Role.PERFORMANCE_OFFICE, Role.FINANCE_DIVISION}:
        if task.role not in OF_UNITS:
            raise NotToRemind("这件任务由财政内部办理，不在此催办。请直接联系经办的同事。", task_id=str(task.id))
        return
    below = Role.DEPARTMENT in by.roles and case.department_id == by.unit_id and task.unit_id == case.unit_id
    if task.unit_id != by.unit_id and not below:
        raise NotYourUnit("这件任务不由您的单位办理，您不能催办。请联系财政绩效股。", task_id=str(task.id))


def _next_number(session: Session, task_id: UUID, at: datetime) -> int:
    """One more than the last; refuses a second one on the same day."""
    last = session.execute(
        select(Reminder.number, Reminder.reminded_at, Person.name)
        .join(Person, Person.id == Reminder.reminded_by)
        .where(Reminder.task_id == task_id)
        .order_by(Reminder.number.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        return 1
    if day_of(last.reminded_at) == day_of(at):
        raise RemindedToday(
            f"这件任务今天已由{last.name}催办（第{last.number}次），每天只催一次，没有再催。请明天再催，或直接联系经办人。",
            number=last.number,
            at=last.reminded_at.isoformat(),
        )
    return int(last.number) + 1


def _must_not_hear_twice(session: Session, task: Task, at: datetime) -> None:
    """Refuse who was reminded of another task today, at another instant than this."""
    same = Reminder.person_id == task.holder_id if task.holder_id else Reminder.person_id.is_(None)
    before = session.execute(
        select(Reminder.reminded_at, Person.name)
        .join(Person, Person.id == Reminder.reminded_by)
        .join(Task, Task.id == Reminder.task_id)
        .where(
            Reminder.unit_id == task.unit_id, same, Task.role == task.role, Reminder.task_id != task.id,
            Reminder.reminded_at >= start_of_day(day_of(at)), Reminder.reminded_at != at,
        )
        .order_by(Reminder.id.desc())
        .limit(1)
    ).one_or_none()  # fmt: skip
    if before is not None:
        raise RemindedToday(
            f"收件人今天已由{before.name}催办过别的任务，每人每天只催一次，没有再催。请明天再催；同一个人的几件请一次选上。",
            at=before.reminded_at.isoformat(),
        )


def _has_head(session: Session, unit_id: int) -> bool:
    head = select(Appointment.id).where(Appointment.unit_id == unit_id, Appointment.role == Role.UNIT_HEAD).limit(1)
    return session.scalar(head) is not None
