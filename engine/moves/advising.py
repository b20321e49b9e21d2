"""咨询机构: which agencies advised a unit in a year of money (`advisers` among the facts of its cases).

Whoever advised a unit does not evaluate it that year (财预〔2021〕6号).
"""

from sqlalchemy import BigInteger, ColumnElement, func, select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Unit
from engine.words import UnitKind

ADVISERS = "advisers"


def advises(session: Session, agency_id: int, case: Case) -> bool:
    """Whether the agency advised this unit on any of its cases of the year."""
    found = session.scalar(
        select(func.count()).select_from(Case).where(*_same(case), Case.facts.contains({ADVISERS: [agency_id]}))
    )
    return bool(found)


def adviser_names(session: Session, case: Case) -> tuple[str, ...]:
    """The agencies that advised the unit of a case this year, by name."""
    named = select(func.jsonb_array_elements(Case.facts[ADVISERS]).cast(BigInteger)).where(
        *_same(case), Case.facts.has_key(ADVISERS)
    )
    agencies = select(Unit.name).where(Unit.kind == UnitKind.AGENCY, Unit.id.in_(named))
    return tuple(session.scalars(agencies.order_by(Unit.name)))


def _same(case: Case) -> tuple[ColumnElement[bool], ...]:
    return Case.unit_id == case.unit_id, Case.fiscal_year == case.fiscal_year
