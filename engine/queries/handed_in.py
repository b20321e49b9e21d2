"""我报送的: what a unit handed in of cases that are not over, the latest first, and what it can still take back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor, Person
from engine.moves.permissions import permits
from engine.queries import cursor
from engine.queries.scope import of_visible_case
from engine.store.base import table_of
from engine.submissions import Submission
from engine.submissions.forms import FORMS
from engine.tasks import Task
from engine.words import CaseState, SubmissionState

NAME = "handed_in"
_cases, _papers, _tasks = table_of(Case).c, table_of(Submission).c, table_of(Task).c


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One version this unit filled in; `can_be_withdrawn` until the next office has decided."""

    submission_id: UUID
    case_id: int
    code: str
    name: str
    process: str
    form: str
    title: str
    item: str | None
    version: int
    state: str
    filled_by: str
    filled_at: datetime
    amount_wan: Any
    can_be_withdrawn: bool


def handed_in(
    session: Session, actor: Actor, *, case_id: int | None = None, limit: int = 50, after: str | None = None
) -> cursor.Page[HandedIn]:
    """What the unit the actor acts in filled in of the cases they may see, or of one of them."""
    found = (
        select(
            _papers.filled_at, _papers.id, _papers.case_id, _papers.stage, _papers.form, _papers.item, _papers.version,
            _papers.state, Person.name.label("filled_by"), _cases.code, _cases.name, _cases.amount_wan, Case.forms,
            _cases.waits, _cases.state.label("case_state"),
        )
        .join(Case, _cases.id == _papers.case_id)
        .join(Task, (_tasks.id == _papers.task_id) & (_tasks.case_id == _papers.case_id))
        .join(Person, Person.id == _papers.filled_by)
        .where(
            of_visible_case(_papers.case_id, actor),
            _tasks.unit_id == actor.unit_id,
            _cases.state.in_([CaseState.ACTIVE.value, CaseState.SUSPENDED.value]),
        )
    )  # fmt: skip
    if case_id is not None:
        found = found.where(_papers.case_id == case_id)
    return cursor.turn(
        session, found, (_papers.filled_at, _papers.id), lambda row: _line(row, actor),
        name=NAME, filters=(case_id, actor.unit_id), limit=limit, after=after,
    )  # fmt: skip


def can_be_withdrawn(session: Session, actor: Actor, case_id: int) -> tuple[HandedIn, ...]:
    """The versions of one case this actor could take back now."""
    return tuple(line for line in handed_in(session, actor, case_id=case_id).lines if line.can_be_withdrawn)


def _line(row: Any, actor: Actor) -> HandedIn:
    return HandedIn(
        submission_id=row.id,
        case_id=row.case_id,
        code=row.code,
        name=row.name,
        process=row.stage,
        form=row.form,
        title=FORMS[row.form].title,
        item=row.item,
        version=row.version,
        state=row.state,
        filled_by=row.filled_by,
        filled_at=row.filled_at,
        amount_wan=row.amount_wan,
        can_be_withdrawn=permits("withdraw", actor, CaseState(row.case_state)) and _waits(row),
    )


def _waits(row: Any) -> bool:
    """Whether it is the latest version, nobody has judged it, and the flow listens for its withdrawal."""
    latest = row.forms.of(row.form, row.item)
    listens = any(message == f"{row.stage}.withdrawn" for message, _ in row.waits.values())
    return row.state == SubmissionState.SUBMITTED and latest is not None and latest.id == row.id and listens
