"""审议和公开: which bodies considered what, and what was made public, withheld, or may be soon."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor, Person, Unit
from engine.policies import DECISIONS
from engine.queries import cursor
from engine.queries.scope import WHOLE_TENANT, of_visible_case, visible_to
from engine.results.model import Deliberation, Disclosure
from engine.store.base import table_of
from engine.words import PublicationStep, Role

_cases, _sittings, _items = table_of(Case).c, table_of(Deliberation).c, table_of(Disclosure).c
DOCUMENTS = DECISIONS["publication_gate"].inputs["document_kind"].words


@dataclass(frozen=True, slots=True)
class SittingLine:
    """One deliberation of one kind of document of a year, or of one case's."""

    id: int
    fiscal_year: int
    document_kind: str
    document: str
    body: str
    body_name: str
    held_on: date
    passed: bool
    opinion: str | None
    case_id: int | None
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class DisclosureLine:
    """One item made public at an address, or withheld for a stated reason."""

    id: int
    case_id: int
    code: str
    case_name: str
    unit: str
    document_kind: str
    document: str
    published_on: date | None
    address: str | None
    withheld_reason: str | None
    recorded_by: str
    recorded_at: datetime


def deliberations(
    session: Session, actor: Actor, *, fiscal_year: int | None = None, limit: int = 50, after: str | None = None
) -> cursor.Page[SittingLine]:
    """The deliberations of the jurisdiction, the latest first; those of a case only for who may see the case."""
    whole_year = _sittings.case_id.is_(None) if actor.roles & (WHOLE_TENANT | {Role.OBSERVER}) else false()
    theirs = select(_cases.id).where(_cases.id == _sittings.case_id, visible_to(actor)).exists()
    found = (
        select(
            _sittings.fiscal_year, _sittings.id, _sittings.document_kind, _sittings.body, _sittings.held_on,
            _sittings.passed, _sittings.opinion, _sittings.case_id, Person.name.label("recorded_by"),
            _sittings.recorded_at,
        )
        .join(Person, Person.id == _sittings.recorded_by)
        .where(_sittings.jurisdiction == actor.jurisdiction, or_(whole_year, theirs))
    )  # fmt: skip
    if fiscal_year is not None:
        found = found.where(_sittings.fiscal_year == fiscal_year)
    return cursor.turn(
        session, found, (_sittings.fiscal_year, _sittings.id),
        lambda row: SittingLine(
            row.id, row.fiscal_year, row.document_kind, DOCUMENTS.get(row.document_kind, row.document_kind), row.body,
            PublicationStep.said(row.body), *row[4:],
        ),
        name="deliberations", filters=fiscal_year, limit=limit, after=after,
    )  # fmt: skip


def disclosures(
    session: Session,
    actor: Actor,
    *,
    fiscal_year: int | None = None,
    document_kind: str | None = None,
    case_id: int | None = None,
    limit: int = 50,
    after: str | None = None,
) -> cursor.Page[DisclosureLine]:
    """What was made public or withheld of the cases the actor may see, the latest first."""
    found = (
        select(
            _items.id, _items.case_id, _cases.code, _cases.name, Unit.name.label("unit"), _items.document_kind,
            _items.published_on, _items.address, _items.withheld_reason, Person.name.label("recorded_by"),
            _items.recorded_at,
        )
        .join(Case, _cases.id == _items.case_id)
        .join(Unit, Unit.id == _cases.unit_id)
        .join(Person, Person.id == _items.recorded_by)
        .where(of_visible_case(_items.case_id, actor), _items.jurisdiction == actor.jurisdiction)
    )  # fmt: skip
    if fiscal_year is not None:
        found = found.where(_cases.fiscal_year == fiscal_year)
    if document_kind is not None:
        found = found.where(_items.document_kind == document_kind)
    if case_id is not None:
        found = found.where(_items.case_id == case_id)
    return cursor.turn(
        session, found, (_items.id,),
        _disclosure,
        name="disclosures", filters=(fiscal_year, document_kind, case_id), limit=limit, after=after,
    )  # fmt: skip


def _disclosure(row: Any) -> DisclosureLine:
    cells: list[Any] = [*row[:6], DOCUMENTS.get(row.document_kind, row.document_kind), *row[6:]]
    return DisclosureLine(*cells)
