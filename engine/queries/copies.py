"""抄送我的: versions of papers that were shown to somebody, and who else was shown a version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from engine.cases import Case
from engine.directory import Actor, Appointment, Person, Unit
from engine.errors import NotFound
from engine.queries import cursor
from engine.queries.scope import of_visible_case
from engine.store.archives import all_of
from engine.store.base import table_of
from engine.submissions import Submission
from engine.submissions.copies import RECEIVERS, PaperCopy
from engine.submissions.forms import FORMS
from engine.words import CaseState, Role, said_process

_copies, _cases = table_of(PaperCopy).c, table_of(Case).c


class CopyUnknown(NotFound):
    """No such copy for this person."""

    code = "copy.unknown"


@dataclass(frozen=True, slots=True)
class Copied:
    """One version shown to the actor: by whom, when, with which word; and the facts of its case, no more of it."""

    copy_id: int
    submission_id: UUID
    form: str
    title: str
    item: str | None
    version: int
    by: str
    at: datetime
    note: str
    read_at: datetime | None
    case_id: int
    code: str
    name: str
    unit: str
    fiscal_year: int
    stage: str | None
    state: CaseState
    amount_wan: Decimal


@dataclass(frozen=True, slots=True)
class CopiedPaper:
    """The copy and the content of that version, which is all its receiver may read of the case."""

    copy: Copied
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody a paper may be shown to, or was (`at`), and when they had read it."""

    person_id: int
    name: str
    unit: str
    roles: tuple[Role, ...] = ()
    at: datetime | None = None
    read_at: datetime | None = None


def copies_for(session: Session, actor: Actor, *, limit: int = 50, after: str | None = None) -> cursor.Page[Copied]:
    """What was shown to the person at the keyboard, the latest first; a substitute does not find another's."""
    return cursor.turn(
        session, _mine(actor), (_copies.copied_at, _copies.id), _line, name="copies", filters=actor.person_id,
        limit=limit, after=after,
    )  # fmt: skip


def copies_unread(session: Session, actor: Actor) -> int:
    """How many of them were not said to be read."""
    unread = _copies.person_id == actor.person_id, _copies.jurisdiction == actor.jurisdiction, _copies.read_at.is_(None)
    return session.scalar(select(func.count()).select_from(PaperCopy).where(*unread)) or 0


def copied_paper(session: Session, actor: Actor, copy_id: int) -> CopiedPaper:
    """One of them with the version to read; refuses a copy somebody else was given."""
    row = session.execute(_mine(actor).where(_copies.id == copy_id)).one_or_none()
    paper = all_of(Submission)
    found = None
    if row is not None:
        kept = select(paper.content).where(paper.case_id == row.case_id, paper.id == row.submission_id)
        found = session.execute(kept).one_or_none()
    if row is None or found is None:
        raise CopyUnknown("没有这件抄送，或者它不是抄送给您的。请从“抄送我的”打开。", copy=copy_id)
    return CopiedPaper(_line(row), found.content)


def copies_of(session: Session, actor: Actor, submission_id: UUID) -> tuple[Receiver, ...]:
    """Whom a version of a case the actor may see was shown to, in the order in which it was."""
    rows = session.execute(
        select(_copies.person_id, Person.name, _copies.copied_at, _copies.read_at)
        .join(Case, _cases.id == _copies.case_id)
        .join(Person, Person.id == _copies.person_id)
        .where(_copies.submission_id == submission_id, of_visible_case(_copies.case_id, actor))
        .order_by(_copies.id)
    )
    return tuple(Receiver(row.person_id, row.name, "", (), row.copied_at, row.read_at) for row in rows)


def units_to_copy_to(session: Session, actor: Actor) -> dict[int, str]:
    """Number → name of every unit of the jurisdiction in which somebody can be shown a paper, by name."""
    rows = session.execute(
        select(Unit.id, Unit.name)
        .where(Unit.jurisdiction == actor.jurisdiction, Unit.id.in_(_offices(Appointment.unit_id)))
        .order_by(Unit.name)
    )
    return {row.id: row.name for row in rows}


def people_to_copy_to(session: Session, actor: Actor, unit_id: int) -> tuple[Receiver, ...]:
    """Everybody of a unit who can be shown a paper, but the actor."""
    held = func.array_agg(Appointment.role)
    rows = session.execute(
        select(Person.id, Person.name, Unit.name.label("unit"), held.label("roles"))
        .join(Appointment, Appointment.person_id == Person.id)
        .join(Unit, Unit.id == Appointment.unit_id)
        .where(
            Unit.jurisdiction == actor.jurisdiction,
            Unit.id == unit_id,
            Appointment.role.in_(RECEIVERS),
            Person.id.not_in(actor.persons),
        )
        .group_by(Person.id, Person.name, Unit.name)
        .order_by(Person.name, Person.id)
    )
    return tuple(Receiver(row.id, row.name, row.unit, _in_order(row.roles)) for row in rows)


def _offices(column: Any) -> Select[Any]:
    return select(column).where(Appointment.role.in_(RECEIVERS))


def _in_order(roles: Sequence[str]) -> tuple[Role, ...]:
    return tuple(role for role in Role if role in roles)


def _mine(actor: Actor) -> Select[Any]:
    sender = aliased(Person)
    return (
        select(
            _copies.copied_at, _copies.id, _copies.submission_id, _copies.form, _copies.item, _copies.version,
            sender.name.label("by"), _copies.note, _copies.read_at, _copies.case_id, _cases.code, _cases.name,
            Unit.name.label("unit"), _cases.fiscal_year, _cases.stage, Case.state, _cases.amount_wan,
        )
        .join(Case, _cases.id == _copies.case_id)
        .join(Unit, Unit.id == _cases.unit_id)
        .join(sender, sender.id == _copies.copied_by)
        .where(_copies.jurisdiction == actor.jurisdiction, _copies.person_id == actor.person_id)
    )  # fmt: skip


def _line(row: Any) -> Copied:
    return Copied(
        copy_id=row.id,
        submission_id=row.submission_id,
        form=row.form,
        title=FORMS[row.form].title,
        item=row.item,
        version=row.version,
        by=row.by,
        at=row.copied_at,
        note=row.note,
        read_at=row.read_at,
        case_id=row.case_id,
        code=row.code,
        name=row.name,
        unit=row.unit,
        fiscal_year=row.fiscal_year,
        stage=said_process(row.stage) if row.stage else None,
        state=CaseState(row.state),
        amount_wan=row.amount_wan,
    )
