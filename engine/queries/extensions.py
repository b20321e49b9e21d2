"""延期申请、补报申请: what units asked for and what became of it; those waiting first, both days side by side."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from engine.cases import Case
from engine.deadlines.model import Deadline, ExtensionRequest
from engine.directory import Actor, Person, Unit
from engine.queries import cursor
from engine.queries.scope import of_visible_case, visible_to
from engine.store.archives import all_of
from engine.store.base import table_of
from engine.words import ExtensionState, RequestKind

_cases, _asked = table_of(Case).c, table_of(ExtensionRequest).c


@dataclass(frozen=True, slots=True)
class Extension:
    """One request: the day it was, the day wanted, who asked why; and the answer, where there is one.

    `task_id` is the task the deadline is of, `opened_task_id` the one that a granted 补报 opened instead.
    """

    id: int
    case_id: int
    code: str
    case_name: str
    unit: str
    deadline_id: UUID
    deadline: str
    due_on: date
    wanted_on: date
    reason: str
    asked_by: str
    asked_at: datetime
    kind: RequestKind
    task_id: UUID | None
    opened_task_id: UUID | None
    state: ExtensionState
    answered_by: str | None
    answered_at: datetime | None
    answer: str | None

    @property
    def said(self) -> str:
        """What became of it, in the words of its kind."""
        return self.kind.answer(self.state)


def extensions(
    session: Session,
    actor: Actor,
    *,
    case_id: int | None = None,
    waiting: bool = False,
    limit: int = 50,
    after: str | None = None,
) -> cursor.Page[Extension]:
    """The requests about cases the actor may see, the latest first; of one case, or only those without an answer."""
    asker, answerer, deadline = aliased(Person), aliased(Person), all_of(Deadline)
    found = (
        select(
            _asked.id, _asked.case_id, _cases.code, _cases.name.label("case_name"), Unit.name.label("unit"),
            _asked.deadline_id, deadline.name.label("deadline"), _asked.due_on, _asked.wanted_on, _asked.reason,
            asker.name.label("asked_by"), _asked.asked_at, ExtensionRequest.kind, deadline.task_id,
            _asked.opened_task_id, ExtensionRequest.state,
            answerer.name.label("answered_by"), _asked.answered_at, _asked.answer,
        )
        .join(Case, _cases.id == _asked.case_id)
        .join(Unit, Unit.id == _cases.unit_id)
        .join(deadline, (deadline.id == _asked.deadline_id) & (deadline.case_id == _asked.case_id))
        .join(asker, asker.id == _asked.asked_by)
        .outerjoin(answerer, answerer.id == _asked.answered_by)
        .where(of_visible_case(_asked.case_id, actor))
    )  # fmt: skip
    if case_id is not None:
        found = found.where(_asked.case_id == case_id)
    if waiting:
        found = found.where(ExtensionRequest.state == ExtensionState.ASKED)
    return cursor.turn(
        session, found, (_asked.id,), lambda row: Extension(*row),
        name="extensions", filters=(case_id, waiting), limit=limit, after=after,
    )  # fmt: skip


def extensions_waiting(session: Session, actor: Actor) -> int:
    """How many wait for an answer in the cases the actor may see."""
    waiting = (
        select(func.count())
        .select_from(ExtensionRequest)
        .join(Case, _cases.id == _asked.case_id)
        .where(visible_to(actor), ExtensionRequest.state == ExtensionState.ASKED)
    )
    count: Any = session.scalar(waiting)
    return int(count)
