"""预算单位 to choose from, for whoever enters an object into a year."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.directory import Actor, Unit
from engine.words import UnitKind

HAVE_CASES = (UnitKind.UNIT, UnitKind.DEPARTMENT)


def units_to_choose(session: Session, actor: Actor) -> dict[int, str]:
    """Number → name of every unit of the jurisdiction that can have a case, by name."""
    found = session.execute(
        select(Unit.id, Unit.name)
        .where(Unit.jurisdiction == actor.jurisdiction, Unit.kind.in_(HAVE_CASES))
        .order_by(Unit.name)
    )
    return {row.id: row.name for row in found}
