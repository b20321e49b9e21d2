"""What a person does with a task before finishing it: take it, keep a draft, hand it to a colleague."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.commands.move import Move
from engine.commands.reading import standing
from engine.directory import Actor, Appointment, Role
from engine.errors import InvalidInput, WrongState
from engine.store.base import table_of
from engine.store.storable import as_json
from engine.tasks import Draft, NotYourTask, Task, TaskState

_tasks = table_of(Task)
MAX_DRAFT_CHARACTERS = 2_000_000


class DraftChanged(WrongState):
    """Somebody else saved this draft since it was read."""

    code = "draft.changed_meanwhile"


class DraftTooLarge(InvalidInput):
    """A draft has a bound like every other input."""

    code = "draft.too_large"


class CannotTakeOver(InvalidInput):
    """The colleague does not hold the office the task needs."""

    code = "task.cannot_take_over"


def claim(session: Session, task_id: UUID, *, by: Actor, at: datetime) -> Task:
    """签收: take a task out of the office's pool. Of two people at once one gets it; doing it again changes nothing."""
    found = standing(session, task_id)
    found.task.must_be_open()
    found.case.must_be_active()
    found.task.must_be_for(by)
    if found.task.holder_id == by.person_id:
        return found.task
    _note(session, found.case, by, at, "task.claimed", {"task": str(task_id)})
    _hold(session, found.task, found.task.holder_id, by.person_id)
    return found.task


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
    facts = {"task": str(task_id), "to": to_person_id, "reason": reason}
    _note(session, found.case, by, at, "task.transferred", facts)
    _hold(session, found.task, found.task.holder_id, to_person_id)
    return found.task


def save_draft(
    session: Session, task_id: UUID, content: Mapping[str, Any], *, by: Actor, at: datetime, version: int | None = None
) -> Draft:
    """存草稿: keep what was typed. `version` is the draft version it was typed over; an older one is refused, not
    overwritten. Not journalled: a draft is nobody's statement yet."""
    found = standing(session, task_id)
    found.task.must_be_open()
    found.task.must_be_for(by)
    if len(as_json(content)) > MAX_DRAFT_CHARACTERS:
        raise DraftTooLarge("草稿内容过大，没有保存。请把大段材料作为附件上传。")
    row = {
        "task_id": task_id, "jurisdiction": found.case.jurisdiction, "version": 1,
        "content": dict(content), "saved_by": by.person_id, "saved_at": at,
    }  # fmt: skip
    draft = table_of(Draft)
    expected = draft.c.version == version if version is not None else draft.c.saved_by == by.person_id
    saved = session.scalar(
        insert(draft)
        .values(row)
        .on_conflict_do_update(
            index_elements=[draft.c.task_id],
            set_={"version": draft.c.version + 1, "content": dict(content), "saved_by": by.person_id, "saved_at": at},
            where=expected,
        )
        .returning(draft.c.version)
    )
    if saved is None:
        raise DraftChanged("这份草稿刚被同事改过，您的内容没有覆盖它。请查看两份差异后再保存。", task_id=str(task_id))
    kept = session.get(Draft, task_id, populate_existing=True)
    assert kept is not None
    return kept


def _hold(session: Session, task: Task, holder: int | None, new_holder: int) -> None:
    taken = session.execute(
        update(_tasks)
        .where(
            _tasks.c.id == task.id,
            _tasks.c.state == TaskState.OPEN.value,
            _tasks.c.holder_id.is_(None) if holder is None else _tasks.c.holder_id == holder,
        )
        .values(holder_id=new_holder)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]  # CursorResult, typed as Result
        raise NotYourTask("这件任务刚被同事签收，您没有签收成功。请刷新待办。", task_id=str(task.id))
    session.refresh(task)


def _note(session: Session, case: Case, by: Actor, at: datetime, event: str, facts: dict[str, Any]) -> None:
    """Write the event, and with it the case: every command locks the case before anything that hangs on it."""
    move = Move(session, case, by, at)
    move.record(event, **facts)
    move.write()
