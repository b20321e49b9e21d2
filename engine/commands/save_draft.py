"""存草稿: what somebody has typed is kept."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.clock import SHANGHAI
from engine.directory import Actor, Person
from engine.errors import InvalidInput, WrongState
from engine.moves.holding import on_task
from engine.moves.reading import Standing
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked
from engine.store.base import table_of
from engine.store.storable import as_json, constraint_of
from engine.tasks import Draft, TaskNotOpen

_drafts = table_of(Draft)
MAX_DRAFT_CHARACTERS = 2_000_000


class DraftChanged(WrongState):
    """Somebody else saved this draft since it was read."""

    code = "draft.changed_meanwhile"


class DraftTooLarge(InvalidInput):
    """A draft has a bound like every other input."""

    code = "draft.too_large"


def save_draft(
    session: Session,
    task_id: UUID,
    content: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> Receipt:
    """存草稿: keep what was typed. `version` is the draft version it was typed over; an older one is refused, not
    overwritten. Not journalled: a draft is nobody's statement yet. `gave` says the version saved."""

    def work(found: Standing) -> dict[str, int]:
        found.must_be_for(by)
        if len(as_json(content)) > MAX_DRAFT_CHARACTERS:
            raise DraftTooLarge("草稿内容过大，没有保存。请把大段材料作为附件上传。")
        return {"draft": keep_draft(session, found, content, by, at, version)}

    return on_task(session, Asked("save_draft", by, at), task_id, work)


def keep_draft(
    session: Session, found: Standing, content: Mapping[str, Any], by: Actor, at: datetime, version: int | None
) -> int:
    """Write the draft of a task as it was found, and give its version; refuses when the case ended meanwhile."""
    row = {
        "task_id": found.task.id, "jurisdiction": found.case.jurisdiction, "version": 1,
        "content": dict(content), "saved_by": by.person_id, "saved_at": at,
    }  # fmt: skip
    expected = _drafts.c.version == version if version is not None else _drafts.c.saved_by == by.person_id
    change = {"version": _drafts.c.version + 1, "content": dict(content), "saved_by": by.person_id, "saved_at": at}
    saving = (
        insert(_drafts)
        .values(row)
        .on_conflict_do_update(index_elements=[_drafts.c.task_id], set_=change, where=expected)
        .returning(_drafts.c.version)
    )
    try:
        saved = session.scalar(saving)
    except IntegrityError as fault:
        if constraint_of(fault) != "fk_drafts_task_id":
            raise
        raise TaskNotOpen(
            "这件任务已随案卷办结归档，不能再存草稿；您填写的内容没有保存。请刷新待办。", task_id=str(found.task.id)
        ) from fault
    if saved is None:
        raise _changed(session, found.task.id, by)
    return int(saved)


def _changed(session: Session, task_id: UUID, by: Actor) -> DraftChanged:
    """Who saved over it, and when; both texts are kept, the page lays them side by side."""
    other = session.execute(
        select(_drafts.c.version, _drafts.c.saved_at, _drafts.c.saved_by, Person.name)
        .join(Person, Person.id == _drafts.c.saved_by)
        .where(_drafts.c.task_id == task_id)
    ).one()
    when = f"{other.saved_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    where = (
        f"在您的另一个窗口改过（{when}）" if other.saved_by == by.person_id else f"被同事改过（{other.name}，{when}）"
    )
    return DraftChanged(
        f"这份草稿刚{where}，您的内容没有覆盖它。请查看两份差异后再保存。",
        task_id=str(task_id),
        version=other.version,
        by=other.name,
        at=other.saved_at.isoformat(),
    )
