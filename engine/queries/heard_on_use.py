"""What was said to a proposed result use: by the unit when asked, and by the leader who ruled on its objection."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Uuid, select
from sqlalchemy.orm import Session

from engine.audit import Entry
from engine.audit.events.tasks import TaskCompleted
from engine.directory import Person
from engine.reviews import Review
from engine.store.archives import all_of
from engine.words import said_answer

ANSWERS = {
    "result_use.confirm_result_use": "use_objection",
    "result_use.review_use_objection": "use_objection_result",
}
"""Step → the variable it is answered with."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer in words, its reason, and who gave it when."""

    said: str
    reason: str | None
    by: str | None
    at: datetime


def heard_on_use(session: Session, jurisdiction: str, case_ids: Collection[int]) -> dict[int, tuple[Heard, ...]]:
    """Of these cases, which the caller may see, what was said, the first answer first; silence is no answer."""
    if not case_ids:
        return {}
    entry, review = all_of(Entry), all_of(Review)
    step = entry.payload["step"].astext
    rows = session.execute(
        select(entry.case_id, entry.at, entry.payload, Person.name.label("by"), review.reason)
        .outerjoin(Person, Person.id == entry.by)
        .outerjoin(
            review,
            review.case_id.in_(case_ids)
            & (review.case_id == entry.case_id)
            & (review.task_id == entry.payload["task"].astext.cast(Uuid())),
        )
        .where(
            entry.jurisdiction == jurisdiction,
            entry.case_id.in_(case_ids),
            entry.type == TaskCompleted.name,
            step.in_(list(ANSWERS)),
        )
        .order_by(entry.case_id, entry.seq)
    )
    found: dict[int, tuple[Heard, ...]] = {}
    for row in rows:
        found[row.case_id] = (*found.get(row.case_id, ()), _heard(row))
    return found


def _heard(row: Any) -> Heard:
    variable = ANSWERS[row.payload["step"]]
    word = (row.payload.get("answers") or {}).get(variable, "")
    return Heard(said_answer(variable, word), row.reason, row.by, row.at)
