"""回执: what shows that a paper was handed in: its number, who did which step when, and the digest over its content.

The number is that of the journal's entry, so that it never changes and can be found there.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from engine.audit import Entry, kind_of_entry
from engine.audit.events.papers import (
    SubmissionApproved,
    SubmissionFilled,
    SubmissionReturned,
    SubmissionSubmitted,
)
from engine.audit.events.tasks import TaskCompleted
from engine.cases import Case
from engine.directory import Actor, Person
from engine.queries.scope import visible_case
from engine.queries.versions import PaperRead, paper_read
from engine.stages import step_name
from engine.store.archives import all_of
from engine.tasks import Task

HANDED_IN = (SubmissionFilled.name, SubmissionSubmitted.name)
"""Entries that hand in the paper they are about."""
ENDED = (*HANDED_IN, SubmissionReturned.name, SubmissionApproved.name, TaskCompleted.name)
"""Entries that end a task."""


@dataclass(frozen=True, slots=True)
class Handing:
    """One step of handing in: its receipt number, what it was called, who did it (for whom) and when.

    `paper` is the version that was handed in with it, None where there was none.
    """

    number: str
    title: str
    step: str
    by: str
    acting_for: str | None
    at: datetime
    paper: UUID | None


@dataclass(frozen=True, slots=True)
class FilingReceipt:
    """One version with the steps that handed it in; `digest` is what the journal keeps of its content.

    None is the digest of a version from before the journal kept one.
    """

    paper: PaperRead
    handings: tuple[Handing, ...]
    digest: str | None


def filing_receipt(session: Session, actor: Actor, submission_id: UUID) -> FilingReceipt:
    """The receipt of a version the actor may read: filled in, and handed in by the head of the unit."""
    paper = paper_read(session, actor, submission_id)
    case = visible_case(session, actor, paper.case_id)
    entry, named = all_of(Entry), submission_id.hex
    of_the_unit = entry.type.in_(HANDED_IN), entry.payload["submission"].astext == named
    rows = _entries(session, case, entry, or_(and_(*of_the_unit), entry.payload["filed"].astext == named))
    digests = [row.payload.get("filed_digest" if row.payload.get("filed") == named else "digest") for row in rows]
    handings = tuple(_handing(session, case, row, submission_id) for row in rows)
    return FilingReceipt(paper, handings, next((digest for digest in digests if digest), None))


def handing_of(session: Session, actor: Actor, case_id: int, task_id: UUID) -> Handing | None:
    """The receipt of one task of the actor's office in a case they may see, once it is done."""
    case, tasks, entry = visible_case(session, actor, case_id), all_of(Task), all_of(Entry)
    task = session.scalars(select(tasks).where(tasks.case_id == case.id, tasks.id == task_id)).one_or_none()
    if task is None:
        return None
    task.must_lie_with(actor)
    rows = _entries(session, case, entry, entry.type.in_(ENDED), entry.payload["task"].astext == task_id.hex)
    return _handing(session, case, rows[-1], _handed_in_with(rows[-1])) if rows else None


def _entries(session: Session, case: Case, entry: Any, *conditions: ColumnElement[bool]) -> list[Any]:
    """The entries of a case that fit, in order, with who wrote them."""
    doer, absent = aliased(Person), aliased(Person)
    return list(
        session.execute(
            select(
                entry.seq, entry.at, entry.type, entry.version, entry.payload, doer.name.label("by"),
                absent.name.label("acting_for"),
            )
            .outerjoin(doer, doer.id == entry.by)
            .outerjoin(absent, absent.id == entry.acting_for)
            .where(entry.jurisdiction == case.jurisdiction, entry.case_id == case.id, *conditions)
            .order_by(entry.seq)
        )
    )  # fmt: skip


def _handed_in_with(row: Any) -> UUID | None:
    """The paper somebody handed in with a step, of their own or their unit's; none they only judged."""
    told = row.payload.get("filed") or (row.payload.get("submission") if row.type in HANDED_IN else None)
    return UUID(hex=told) if told is not None else None


def _handing(session: Session, case: Case, row: Any, paper: UUID | None) -> Handing:
    process, _, element = str(row.payload["step"]).partition(".")
    return Handing(
        number=f"{case.code}-{row.seq}",
        title=kind_of_entry(row.type, row.version, row.payload).title,
        step=step_name(session, case.diagrams_id, process, element),
        by=row.by or "系统",
        acting_for=row.acting_for,
        at=row.at,
        paper=paper,
    )
