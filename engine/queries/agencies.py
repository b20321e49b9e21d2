"""第三方机构 to choose from, for whoever may put one on a case, and those that advised its unit this year."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.directory import Actor, Unit
from engine.moves.advising import adviser_names
from engine.queries.scope import visible_case
from engine.words import UnitKind


def agencies_to_choose(session: Session, actor: Actor) -> dict[int, str]:
    """Number → name of every registered agency of the jurisdiction, by name; whether it fits the command says."""
    found = session.execute(
        select(Unit.id, Unit.name)
        .where(Unit.jurisdiction == actor.jurisdiction, Unit.kind == UnitKind.AGENCY)
        .order_by(Unit.name)
    )
    return {row.id: row.name for row in found}


def advisers_of(session: Session, actor: Actor, case_id: int) -> tuple[str, ...]:
    """The agencies that advised the unit of a case the actor may see this year, by name; they do not evaluate it."""
    return adviser_names(session, visible_case(session, actor, case_id))
