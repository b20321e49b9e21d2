"""反馈意见函: the letters that were issued, and whether their unit has signed for them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from engine.cases import Case
from engine.directory import Actor, Person, Unit
from engine.queries import cursor
from engine.queries.named import of_words
from engine.queries.scope import of_visible_case
from engine.rectifications import Letter, Rectification
from engine.store.base import table_of
from engine.tasks import Task
from engine.words import LetterState, RectificationOrigin, RectificationState, TaskState

_cases, _letters, _ledger = table_of(Case).c, table_of(Letter).c, table_of(Rectification).c
_tasks, _later = table_of(Task).c, table_of(Letter).alias("later").c
SIGNING = "sign_feedback"
"""The step of the diagram in which the unit signs for a letter."""


@dataclass(frozen=True, slots=True)
class LetterFilters:
    """Which letters: of a case, a unit, a year of money; signed for, or not yet; in a state (a word of LetterState).

    `text` is looked for in names, codes, pinyin initials and units.
    """

    case_id: int | None = None
    unit_id: int | None = None
    fiscal_year: int | None = None
    signed: bool | None = None
    state: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One letter; `problems` are the rows of the ledger out of the letter in force of its case.

    `replaced` when a later letter took its place, `recalled_at` when finance took it back; `state` is a word of
    LetterState.
    """

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
    fiscal_year: int
    state: str
    recalled_at: datetime | None
    recalled_by: str | None
    recall_reason: str | None


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
    problems = (
        select(func.count())
        .where(
            _ledger.case_id == _letters.case_id,
            _ledger.state != RectificationState.REPLACED,
            _ledger.origin.not_in([origin for origin in RectificationOrigin if origin.is_by_hand]),
        )
        .scalar_subquery()
    )
    state, recaller = letter_state(), aliased(Person)
    found = (
        select(
            _letters.id, _letters.case_id, _cases.code, _cases.name, _cases.unit_id, Unit.name.label("unit"),
            _letters.submission_id, _letters.number, _letters.issued_on, _letters.score, _letters.grade,
            Person.name.label("signed_by"), _letters.signed_at, problems.label("problems"),
            replaced().label("replaced"), _cases.fiscal_year, state.label("state"),
            _letters.recalled_at, recaller.name.label("recalled_by"), _letters.recall_reason,
        )
        .join(Case, _cases.id == _letters.case_id)
        .join(Unit, Unit.id == _cases.unit_id)
        .outerjoin(Person, Person.id == _letters.signed_by)
        .outerjoin(recaller, recaller.id == _letters.recalled_by)
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
    if filters.state is not None:
        found = found.where(state == filters.state)
    found = found.where(*of_words(filters.text))
    return cursor.turn(
        session, found, (_letters.id,), lambda row: LetterLine(*row),
        name="letters", filters=filters, limit=limit, after=after,
    )  # fmt: skip


def replaced() -> Any:
    """Whether a later letter of the same case took the place of the letter of the row."""
    return select(_later.id).where(_later.case_id == _letters.case_id, _later.id > _letters.id).exists()


def letter_state() -> Any:
    """How far the letter of the row has come, a word of LetterState."""
    waiting = (
        select(func.count())
        .where(_tasks.case_id == _letters.case_id, _tasks.element == SIGNING, _tasks.state == TaskState.OPEN)
        .scalar_subquery()
    )
    return case(
        (_letters.recalled_at.is_not(None), LetterState.RECALLED.value),
        (replaced(), LetterState.REPLACED.value),
        (_letters.signed_at.is_not(None), LetterState.SIGNED.value),
        (waiting > 0, LetterState.WAITING.value),
        else_=LetterState.DELIVERED.value,
    )
