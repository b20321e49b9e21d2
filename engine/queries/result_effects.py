"""结果应用清单: what the results do to the budget of a year, proposed and decided."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor, Person, Unit
from engine.queries import cursor
from engine.queries.counting import counting_score
from engine.queries.scope import of_visible_case
from engine.results.model import ResultEffect
from engine.store.base import table_of

_cases, _effects = table_of(Case).c, table_of(ResultEffect).c


@dataclass(frozen=True, slots=True)
class EffectFilters:
    """Which effects: of a unit, of one kind, in one state (a word of EffectState)."""

    unit_id: int | None = None
    effect: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class EffectLine:
    """One effect on one object's budget; `rate` is a fraction, amounts are 万元, `source` and `status` the rule's."""

    id: int
    case_id: int
    code: str
    case_name: str
    object_kind: str
    unit_id: int
    unit: str
    fiscal_year: int
    score: Decimal | None
    grade: str | None
    effect: str
    rate: Decimal | None
    base_wan: Decimal | None
    cut_wan: Decimal | None
    note: str | None
    source: str
    status: str
    state: str
    decided_by: str | None
    decided_at: datetime | None
    exception_reason: str | None
    settled_as: str | None
    approved_by: str | None


ALL_EFFECTS = EffectFilters()


def result_effects(
    session: Session,
    actor: Actor,
    budget_year: int,
    *,
    filters: EffectFilters = ALL_EFFECTS,
    limit: int = 50,
    after: str | None = None,
) -> cursor.Page[EffectLine]:
    """The effects on one budget year of the cases the actor may see, the latest first."""
    counting = counting_score(_effects.case_id)
    found = (
        select(
            _effects.id, _effects.case_id, _cases.code, _cases.name, _cases.object_kind, _cases.unit_id,
            Unit.name.label("unit"), _cases.fiscal_year, counting.c.total, counting.c.grade, _effects.effect,
            _effects.rate, _effects.base_wan, _effects.cut_wan, _effects.note, _effects.source, _effects.status,
            _effects.state, Person.name.label("decided_by"), _effects.decided_at, _effects.exception_reason,
            _effects.settled_as, _effects.approved_by,
        )
        .join(Case, _cases.id == _effects.case_id)
        .join(Unit, Unit.id == _cases.unit_id)
        .outerjoin(Person, Person.id == _effects.decided_by)
        .outerjoin(counting, true())
        .where(
            of_visible_case(_effects.case_id, actor),
            _effects.jurisdiction == actor.jurisdiction,
            _effects.budget_year == budget_year,
        )
    )  # fmt: skip
    equal = {_cases.unit_id: filters.unit_id, _effects.effect: filters.effect, _effects.state: filters.state}
    found = found.where(*(column == value for column, value in equal.items() if value is not None))
    return cursor.turn(
        session, found, (_effects.id,), lambda row: EffectLine(*row),
        name="result_effects", filters=(budget_year, filters), limit=limit, after=after,
    )  # fmt: skip
