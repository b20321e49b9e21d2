"""离任: what becomes of the open tasks in the hands of somebody who leaves an office, or comes in no more."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, select, tuple_, update
from sqlalchemy.orm import Session

from engine.accounts import stopped_now
from engine.audit.events.tasks import TaskGivenBack, TaskTransferred
from engine.cases import Case
from engine.directory import Actor, Appointment
from engine.errors import InvalidInput
from engine.moves import writing
from engine.moves.move import Move
from engine.store.base import table_of
from engine.tasks import Task
from engine.words import Role, TaskState

_tasks = table_of(Task)


class HeirRefused(InvalidInput):
    """Who was to have the tasks does not hold the office they lie with, or is who leaves."""

    code = "directory.heir_refused"


class Heir(NamedTuple):
    """Who has the tasks of one office of one unit from now on."""

    unit_id: int
    role: Role
    person_id: int


class LetGo(NamedTuple):
    """How many tasks lie in the pools again, and how many a colleague has."""

    given_back: int
    handed_over: int


def must_hold_their_offices(session: Session, leaving: int, heirs: Sequence[Heir]) -> None:
    """Refuse heirs who could not take these tasks over by 转办 either."""
    wanted = {tuple(heir) for heir in heirs}
    if len({heir[:2] for heir in heirs}) != len(heirs):
        raise HeirRefused("同一个岗位选了两位接办人，没有办理。请每个岗位只选一位。")
    office = tuple_(Appointment.unit_id, Appointment.role, Appointment.person_id)
    found = session.execute(
        select(Appointment.unit_id, Appointment.role, Appointment.person_id).where(office.in_(sorted(wanted)))
    )
    if any(heir.person_id == leaving for heir in heirs) or {tuple(row) for row in found} != wanted:
        raise HeirRefused("接办人不在对应单位的这个岗位，或者就是本人，没有办理。请选择同岗位的同事。", person=leaving)
    if stopped_now(session, [heir.person_id for heir in heirs]):
        raise HeirRefused("接办人的账号已停用，没有办理。请选择同岗位的别的同事。", person=leaving)


def let_go(
    session: Session,
    person_id: int,
    *,
    by: Actor,
    at: datetime,
    office: Appointment | None = None,
    heirs: Mapping[tuple[int, Role], int] | None = None,
    reason: str = "",
) -> LetGo:
    """End the hold of a person on open tasks, of one office or of all; each case tells it.

    Those of an office with an heir are in that person's hands from now on, for the `reason`; the others in the pool.
    """
    where: list[ColumnElement[bool]] = [Task.holder_id == person_id, Task.state == TaskState.OPEN]
    if office is not None:
        where += [Task.unit_id == office.unit_id, Task.role == office.role]
    # the cases first: who acts on a task after that moves its case on, and is found out when it is written
    cases = session.scalars(select(Case).where(Case.id.in_(select(Task.case_id).where(*where))).order_by(Case.id)).all()
    of_them = Task.case_id.in_([case.id for case in cases])
    held = session.scalars(select(Task).where(*where, of_them).order_by(Task.case_id, Task.id)).all()
    goes_to = {task.id: (heirs or {}).get((task.unit_id, Role(task.role))) for task in held}
    of_case = defaultdict(list)
    for task in held:
        of_case[task.case_id].append(task)
    moves = [Move(session, case, by, at) for case in cases if case.id in of_case]
    for move in moves:
        for task in of_case[move.case.id]:
            move.record(_told(task, goes_to[task.id], reason))
    writing.write(moves)
    for heir in set(goes_to.values()):
        theirs = [number for number, to in goes_to.items() if to == heir]
        session.execute(
            update(_tasks).where(_tasks.c.id.in_(theirs), _tasks.c.state == TaskState.OPEN).values(holder_id=heir)
        )
    handed_over = sum(to is not None for to in goes_to.values())
    return LetGo(len(held) - handed_over, handed_over)


def _told(task: Task, heir: int | None, reason: str) -> TaskGivenBack | TaskTransferred:
    if heir is None:
        assert task.holder_id is not None
        return TaskGivenBack(task=task.id, holder=task.holder_id, step=task.step)
    return TaskTransferred(task=task.id, to=heir, reason=reason, step=task.step)
