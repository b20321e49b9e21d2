"""存草稿: what somebody has typed is kept."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.errors import InvalidInput, WrongState
from engine.moves.reading import standing
from engine.store.base import table_of
from engine.store.storable import as_json
from engine.tasks import Draft

MAX_DRAFT_CHARACTERS = 2_000_000


class DraftChanged(WrongState):
    """Somebody else saved this draft since it was read."""

    code = "draft.changed_meanwhile"


class DraftTooLarge(InvalidInput):
    """A draft has a bound like every other input."""

    code = "draft.too_large"


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
