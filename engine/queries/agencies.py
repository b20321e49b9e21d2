"""第三方机构 to choose from, for whoever may put one on a case."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.directory import Actor, Unit
from engine.words import UnitKind


def agencies_to_choose(session: Session, actor: Actor) -> dict[int, str]:
    """Number → name of every registered agency of the jurisdiction, by name; whether it fits the command says."""
    found = session.execute(
        select(Unit.id, Unit.name)
        .where(Unit.jurisdiction == actor.jurisdiction, Unit.kind == UnitKind.AGENCY)
        .order_by(Unit.name)
    )
    return {row.id: row.name for row in found}
