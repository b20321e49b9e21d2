"""代办: for whom a step can be done when they cannot do it themselves, and in whose name it is then done."""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.events.tasks import TaskStoodInFor
from engine.directory import Actor, Appointment, Person
from engine.errors import InvalidInput, WrongState
from engine.moves.finishing import SpecialStep
from engine.moves.move import Move
from engine.moves.outcome import Outcome
from engine.moves.reading import Standing
from engine.process import Element
from engine.tasks import Draft, Task


class NobodyToStandInFor(InvalidInput):
    """The person named does not have the task, nor its office."""

    code = "task.nobody_to_stand_in_for"


class NothingSaved(WrongState):
    """The step files a form and nothing was saved in it."""

    code = "task.nothing_saved"


@dataclass(frozen=True, slots=True)
class Absent:
    """Somebody whose step it is."""

    person_id: int
    name: str


def absent_people(session: Session, found: Standing, by: Actor) -> tuple[Absent, ...]:
    """For whom `by` could do a task: who has it in hand; else those of its office; else who had it last.

    Nobody does a step for themselves.
    """
    task = found.task
    people = select(Person.id, Person.name).order_by(Person.id)
    of_office = people.join(Appointment, Appointment.person_id == Person.id).where(
        Appointment.unit_id == task.unit_id, Appointment.role == task.role
    )
    holder = people.where(Person.id == task.holder_id)
    rows = session.execute(holder if found.held else of_office).all()
    if not rows and task.holder_id is not None:
        rows = session.execute(holder).all()
    return tuple(Absent(row.id, row.name) for row in rows if not by.is_or_stands_for(row.id))


def in_their_name(by: Actor, task: Task, person_id: int) -> Actor:
    """The operator as whoever acts for that person, in the task's office and nowhere else."""
    return Actor(by.person_id, by.name, by.jurisdiction, task.unit_id, frozenset({task.role}), person_id)


def must_be_absent(session: Session, found: Standing, by: Actor, person_id: int) -> None:
    """Refuse a person for whom this task cannot be done."""
    if person_id not in {absent.person_id for absent in absent_people(session, found, by)}:
        raise NobodyToStandInFor(
            "这件任务不能代这个人办理：任务不在其手里，或其不在这个岗位，也不能代自己办。请重新选择代谁办理；"
            "岗位上没有人的，请安全管理员先授予岗位。",
            person=person_id,
        )


def must_be_plain(element: Element) -> None:
    """Refuse a step with a command of its own: what it asks, only the one whose step it is knows."""
    if element.step.command is not None:
        raise SpecialStep(
            f"“{element.name}”要由该岗位的人在专门的办理页面完成，不能代办。请转办，或请其委托代理人办理。",
            command=element.step.command,
        )


def with_what_was_saved(session: Session, found: Standing, element: Element, outcome: Outcome) -> Outcome:
    """The outcome with the form as the person saved it; whoever stands in fills nothing in. Refuses where none is."""
    step, kind = element.step, found.case.object_kind
    if step.form_for(kind) is None or (outcome.word != step.normal_outcome and step.judges_for(kind) is not None):
        return outcome
    draft = session.get(Draft, found.task.id)
    if draft is None:
        raise NothingSaved(
            f"“{element.name}”要报送表单，经办人还没有存过内容，没有代办。代办只报送已存的草稿，请先由该岗位填写。",
            task_id=str(found.task.id),
        )
    return replace(outcome, content=draft.content)


def told(move: Move, task: Task, person_id: int, reason: str, agreed_by: int) -> None:
    """Have the case say for whom, why, and who agreed."""
    assert isinstance(task.id, UUID)
    move.record(
        TaskStoodInFor(
            task=task.id, step=task.step, person=person_id, reason=reason, agreed_by=agreed_by, item=task.item
        )
    )
