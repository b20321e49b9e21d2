"""整改台账: every problem to be put right, whose it is, by when, and how far it has come."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Text, and_, cast, func, literal, select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor, Person, Unit
from engine.queries import cursor
from engine.queries.named import of_words
from engine.queries.scope import of_visible_case
from engine.rectifications import Letter, Rectification
from engine.scoring.numbers import percentage
from engine.store.base import table_of
from engine.words import CaseState, RectificationState, Role

_cases, _ledger, _letters = table_of(Case).c, table_of(Rectification).c, table_of(Letter).c
AWAITS_LETTER = "待新函发出"
OVER = (RectificationState.CLOSED, RectificationState.REPLACED)


@dataclass(frozen=True, slots=True)
class LedgerFilters:
    """Which problems: one by number, those of a case, a unit, an origin, a category, a state, a year of money.

    `overdue` leaves the late ones only; `text` is looked for in names, codes, pinyin initials and units.
    """

    id: int | None = None
    case_id: int | None = None
    unit_id: int | None = None
    origin: str | None = None
    category: str | None = None
    state: str | None = None
    fiscal_year: int | None = None
    overdue: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One problem; `verified_by` is who struck it off.

    `awaits_letter`: the letter it stood in was taken back, and the new one is not out yet.
    """

    id: int
    case_id: int
    code: str
    case_name: str
    unit_id: int
    unit: str
    item: str
    origin: str
    category: str
    problem: str
    requirement: str
    amount_wan: Decimal | None
    responsible_person: str | None
    opened_on: date
    due_on: date | None
    overdue: bool
    state: str
    rounds: int
    escalations: int
    escalated_to: str | None
    rules_improved: int
    recovered_wan: Decimal | None
    verified_by: str | None
    closed_on: date | None
    fiscal_year: int
    awaits_letter: bool

    @property
    def escalated(self) -> str | None:
        """How often others were asked to see to it, and how far up it went; None: never."""
        if not self.escalations:
            return None
        reached = f"，已提请{Role.said(self.escalated_to)}" if self.escalated_to else ""
        return f"{self.escalations} 次{reached}"

    @property
    def said(self) -> str:
        """How far it has come, in words; a new letter takes its place only when it is out."""
        return AWAITS_LETTER if self.awaits_letter else RectificationState.said(self.state)


@dataclass(frozen=True, slots=True)
class LedgerCounts:
    """The ledger in figures; `on_time` are the closed ones that kept their day, out of the `dated` ones with a day.

    `untouched` are the open ones nobody is named for yet.
    """

    by_state: dict[str, int]
    overdue: int
    on_time: int
    rules_improved: int
    recovered_wan: Decimal
    untouched: int
    dated: int

    @property
    def total(self) -> int:
        """How many rows, those a later letter replaced included."""
        return sum(self.by_state.values())

    @property
    def under_way(self) -> int:
        """How many somebody is named for or that came back, and that are not reported (again) yet."""
        state = RectificationState
        return self.by_state.get(state.OPEN, 0) - self.untouched + self.by_state.get(state.RETURNED, 0)

    @property
    def on_time_rate(self) -> Decimal | None:
        """按期率 in percent; None while nothing with a day was closed."""
        return percentage(Decimal(self.on_time), Decimal(self.dated))


WHOLE_LEDGER = LedgerFilters()


def rectification_ledger(
    session: Session,
    actor: Actor,
    *,
    on: date,
    filters: LedgerFilters = WHOLE_LEDGER,
    limit: int = 50,
    after: str | None = None,
) -> cursor.Page[LedgerLine]:
    """The problems of the cases the actor may see, the latest first; `on` is today."""
    found = (
        select(
            _ledger.id, _ledger.case_id, _cases.code, _cases.name.label("case_name"), _ledger.unit_id,
            Unit.name.label("unit"), _ledger.item, _ledger.origin, _ledger.category, _ledger.problem,
            _ledger.requirement, _ledger.amount_wan, _ledger.responsible_person, _ledger.opened_on, _ledger.due_on,
            _late(on).label("overdue"), _ledger.state, _ledger.rounds, _ledger.escalations,
            _ledger.escalated_to, _ledger.rules_improved,
            _ledger.recovered_wan, Person.name.label("verified_by"), _ledger.closed_on,
            _cases.fiscal_year, _awaits_letter().label("awaits_letter"),
        )
        .join(Case, _cases.id == _ledger.case_id)
        .join(Unit, Unit.id == _ledger.unit_id)
        .outerjoin(Person, Person.id == _ledger.verified_by)
        .where(*_conditions(actor, filters, on))
    )  # fmt: skip
    return cursor.turn(
        session, found, (_ledger.id,), lambda row: LedgerLine(*row),
        name="rectifications", filters=filters, limit=limit, after=after,
    )  # fmt: skip


def ledger_counts(session: Session, actor: Actor, *, on: date, filters: LedgerFilters = WHOLE_LEDGER) -> LedgerCounts:
    """The same problems counted, in one statement."""
    rows = session.execute(
        select(
            _ledger.state,
            func.count().label("items"),
            func.count().filter(_late(on)).label("late"),
            func.count().filter(_ledger.closed_on <= _ledger.due_on).label("on_time"),
            func.sum(_ledger.rules_improved).label("rules"),
            func.coalesce(func.sum(_ledger.recovered_wan), 0).label("recovered"),
            func.count().filter(_ledger.responsible_person.is_(None)).label("untouched"),
            func.count().filter(_ledger.due_on.is_not(None)).label("dated"),
        )
        .join(Case, _cases.id == _ledger.case_id)
        .join(Unit, Unit.id == _ledger.unit_id)
        .where(*_conditions(actor, filters, on))
        .group_by(_ledger.state)
    ).all()
    return LedgerCounts(
        by_state={row.state: row.items for row in rows},
        overdue=sum(row.late for row in rows),
        on_time=sum(row.on_time for row in rows if row.state == RectificationState.CLOSED),
        rules_improved=sum(row.rules for row in rows),
        recovered_wan=sum((row.recovered for row in rows), Decimal(0)),
        untouched=sum(row.untouched for row in rows if row.state == RectificationState.OPEN),
        dated=sum(row.dated for row in rows if row.state == RectificationState.CLOSED),
    )


def ledger_units(session: Session, actor: Actor) -> dict[int, str]:
    """Number → name of the units that have problems on the part of the ledger the actor may see, by name."""
    rows = session.execute(
        select(Unit.id, Unit.name)
        .join(Rectification, _ledger.unit_id == Unit.id)
        .join(Case, _cases.id == _ledger.case_id)
        .where(of_visible_case(_ledger.case_id, actor), _ledger.jurisdiction == actor.jurisdiction)
        .group_by(Unit.id, Unit.name)
        .order_by(Unit.name)
    )
    return {row.id: row.name for row in rows}


def _awaits_letter() -> Any:
    """Whether a row that was set aside stood in the latest letter of its case, which its item names by number.

    A case that is over sends no other.
    """
    count = select(func.count()).where(_letters.case_id == _ledger.case_id).scalar_subquery()
    its_letter = literal("%（第").concat(cast(count, Text)).concat("稿）")
    moves = _cases.state.in_((CaseState.ACTIVE, CaseState.SUSPENDED))
    return and_(_ledger.state == RectificationState.REPLACED, _ledger.item.like(its_letter), moves)


def _late(on: date) -> Any:
    return func.coalesce(and_(_ledger.state.not_in(OVER), _ledger.due_on < on), False)


def _conditions(actor: Actor, filters: LedgerFilters, on: date) -> list[Any]:
    equal = {
        _ledger.id: filters.id,
        _ledger.case_id: filters.case_id,
        _ledger.unit_id: filters.unit_id,
        _ledger.origin: filters.origin,
        _ledger.category: filters.category,
        _ledger.state: filters.state,
        _cases.fiscal_year: filters.fiscal_year,
    }
    found = [of_visible_case(_ledger.case_id, actor), _ledger.jurisdiction == actor.jurisdiction]
    found += [column == value for column, value in equal.items() if value is not None]
    found += of_words(filters.text)
    return [*found, _late(on)] if filters.overdue else found
