"""反馈意见函: the letters that were issued, and whether their unit has signed for them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor, Person, Unit
from engine.queries import cursor
from engine.queries.scope import of_visible_case
from engine.rectifications import Letter, Rectification
from engine.store.base import table_of

_cases, _letters, _ledger = table_of(Case).c, table_of(Letter).c, table_of(Rectification).c


@dataclass(frozen=True, slots=True)
class LetterFilters:
    """Which letters: of a case, a unit, a year of money; signed for, or not yet."""

    case_id: int | None = None
    unit_id: int | None = None
    fiscal_year: int | None = None
    signed: bool | None = None


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One letter; `problems` are the rows of the ledger its case has; `replaced` when a later letter took its place."""

    id: int
    case_id: int
    code: str
    case_name: str
    unit_id: int
    unit: str
    submission_id: UUID
    number: str
    issued_on: date
    score: Decimal | None
    grade: str | None
    signed_by: str | None
    signed_at: datetime | None
    problems: int
    replaced: bool


ALL_LETTERS = LetterFilters()


def letters(
    session: Session,
    actor: Actor,
    *,
    filters: LetterFilters = ALL_LETTERS,
    limit: int = 50,
    after: str | None = None,
) -> cursor.Page[LetterLine]:
    """The letters of the cases the actor may see, the latest first."""
    later = table_of(Letter).alias("later")
    problems = select(func.count()).where(_ledger.case_id == _letters.case_id).scalar_subquery()
    replaced = select(later.c.id).where(later.c.case_id == _letters.case_id, later.c.id > _letters.id).exists()
    found = (
        select(
            _letters.id, _letters.case_id, _cases.code, _cases.name, _cases.unit_id, Unit.name.label("unit"),
            _letters.submission_id, _letters.number, _letters.issued_on, _letters.score, _letters.grade,
            Person.name.label("signed_by"), _letters.signed_at, problems.label("problems"), replaced.label("replaced"),
        )
        .join(Case, _cases.id == _letters.case_id)
        .join(Unit, Unit.id == _cases.unit_id)
        .outerjoin(Person, Person.id == _letters.signed_by)
        .where(of_visible_case(_letters.case_id, actor), _letters.jurisdiction == actor.jurisdiction)
    )  # fmt: skip
    if filters.case_id is not None:
        found = found.where(_letters.case_id == filters.case_id)
    if filters.unit_id is not None:
        found = found.where(_cases.unit_id == filters.unit_id)
    if filters.fiscal_year is not None:
        found = found.where(_cases.fiscal_year == filters.fiscal_year)
    if filters.signed is not None:
        found = found.where(_letters.signed_at.is_not(None) if filters.signed else _letters.signed_at.is_(None))
    return cursor.turn(
        session, found, (_letters.id,), lambda row: LetterLine(*row),
        name="letters", filters=filters, limit=limit, after=after,
    )  # fmt: skip
